"""Hears a session from end to end and keeps figures of it, never the sound."""

from dataclasses import dataclass

import numpy as np

from focuscli.loudness.meter import HOPS_PER_S, LoudnessMeter
from focuscli.spectra.onsets import ONSET_HOP, ONSET_WINDOW, onset_curve, rate_of_onsets
from focuscli.spectra.picture import LONGEST_WINDOW, below_highest, powers
from focuscli.spectra.pitch import PITCH_HOP, PITCH_WINDOW, pitch_classes
from focuscli.spectra.spectrogram import Curve, Sound, spectrogram
from focuscli.units import SAMPLE_RATE, seconds

COLUMNS, ROWS = 1200, 200
"""Of the spectrogram, at most."""
STRETCH_S = 10.0
"""About so much is looked at together for onsets, notes and colour."""
CELL = SAMPLE_RATE // 10
_CLEAR = 1.5
"""An onset counts that stands out by so many times the spread of the onset curve: a note, not a pad's beating."""
_HALF = LONGEST_WINDOW // 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some seconds of music: how many onsets it has, where its power lies, which notes sound (shape (12,), C first)."""

    starts_s: float
    ends_s: float
    onsets_per_s: float
    centroid_hz: float
    notes: Curve


@dataclass(frozen=True, slots=True)
class Hearing:
    """All that was heard. Levels of the spectrogram are dB under its highest point, shape (rows, columns)."""

    seconds: float
    peaks: Curve
    """The highest amplitude of every 100 ms."""
    spectrum: Curve
    hop_powers: Curve
    """The weighted mean power of every 10 ms."""
    momentary: Curve
    """In LUFS, a value each 10 ms; the first ends 400 ms after the beginning."""
    short_term: Curve
    loudness_lufs: float
    range_lu: float
    stretches: tuple[Stretch, ...]


class Listener:
    """Takes 48 kHz stereo in blocks. `expected_s` decides how fine the spectrogram is, and may be wrong."""

    def __init__(self, expected_s: float) -> None:
        step_s = min(0.5, max(0.05, expected_s / COLUMNS))
        self._step = round(step_s * SAMPLE_RATE)
        self._stretch = round(STRETCH_S / step_s) * self._step
        self._meter = LoudnessMeter()
        self._peaks: list[Curve] = []
        self._columns: list[Curve] = []
        self._stretches: list[Stretch] = []
        self._pending: list[Sound] = [np.zeros(_HALF, np.float32)]
        self._looked = 0
        self._rest = np.zeros(0, np.float32)
        self._frames = 0

    def push(self, block: Sound) -> None:
        """Hear the next block, shape (frames, 2)."""
        self._frames += len(block)
        self._meter.push(block)
        self._keep_peaks(np.abs(block).max(axis=1))
        self._pending.append(block.mean(axis=1))
        while sum(map(len, self._pending)) >= self._stretch + LONGEST_WINDOW:
            self._look(self._stretch)

    def finish(self) -> Hearing:
        """What was heard of it all."""
        self._pending.append(np.zeros(_HALF, np.float32))
        if self._frames > self._looked:
            self._look(self._frames - self._looked)
        self._keep_peaks(np.zeros(-len(self._rest) % CELL, np.float32))
        columns = np.concatenate(self._columns, axis=1) if self._columns else np.zeros((ROWS, 1))
        return Hearing(
            seconds=seconds(self._frames),
            peaks=np.concatenate([np.zeros(0), *self._peaks]),
            spectrum=below_highest(_thinned(columns, COLUMNS)),
            hop_powers=self._meter.hop_powers(),
            momentary=self._meter.momentary(),
            short_term=self._meter.short_term(),
            loudness_lufs=self._meter.integrated(),
            range_lu=self._meter.loudness_range(),
            stretches=tuple(self._stretches),
        )

    def _keep_peaks(self, levels: Sound) -> None:
        levels = np.concatenate([self._rest, levels])
        whole = len(levels) // CELL * CELL
        self._peaks.append(levels[:whole].reshape(-1, CELL).max(axis=1).astype(np.float64))
        self._rest = levels[whole:]

    def _look(self, frames: int) -> None:
        """At the next frames; half a window before and after them is there as well."""
        mono = np.concatenate(self._pending)
        centres = _HALF + np.arange(0.5 * self._step, max(frames, self._step), self._step)
        self._columns.append(powers(np.pad(mono, (0, max(0, LONGEST_WINDOW - len(mono)))), centres, ROWS))
        self._stretches.append(_stretch(mono[_HALF : _HALF + frames], seconds(self._looked)))
        self._pending = [mono[frames:]]
        self._looked += frames


def _stretch(mono: Sound, starts_s: float) -> Stretch:
    power = spectrogram(mono, PITCH_WINDOW, PITCH_HOP)
    hertz = np.fft.rfftfreq(PITCH_WINDOW, 1.0 / SAMPLE_RATE)
    whole = power.sum(axis=0, dtype=np.float64)
    total = whole.sum()
    return Stretch(
        starts_s,
        starts_s + seconds(len(mono)),
        rate_of_onsets(onset_curve(mono, ONSET_WINDOW, ONSET_HOP), _CLEAR) if total > 0.0 else 0.0,
        float(whole @ hertz / total) if total > 0.0 else 0.0,
        pitch_classes(power).sum(axis=0) if total > 0.0 else np.zeros(12),
    )


def _thinned(columns: Curve, most: int) -> Curve:
    """No more than so many columns: each the mean power of its neighbours."""
    every = -(-columns.shape[1] // most)
    if every <= 1:
        return columns
    starts = np.arange(0, columns.shape[1], every)
    counts = np.diff(np.append(starts, columns.shape[1]))
    return np.asarray(np.add.reduceat(columns, starts, axis=1) / counts)


def highest(values: Curve, count: int) -> Curve:
    """The highest of the values under each of so many places, which all stand for the same time."""
    if not len(values):
        return np.zeros(count)
    starts = np.arange(count) * len(values) // count
    ends = np.maximum(starts + 1, (np.arange(count) + 1) * len(values) // count)
    return np.array([values[first:last].max() for first, last in zip(starts, ends, strict=True)])


def at_seconds(values: Curve, window_s: float, total_s: float, step_s: float = 1.0) -> Curve:
    """Of values each 10 ms that end `window_s` after the beginning: those at each step; NaN where there is none."""
    moments = np.arange(0.0, max(total_s, step_s / 2), step_s)
    places = np.round((moments - window_s / 2) * HOPS_PER_S).astype(int)
    inside = (places >= 0) & (places < len(values))
    found = np.full(len(moments), np.nan)
    found[inside] = values[places[inside]]
    return found
