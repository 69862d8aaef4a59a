"""Timing on paper: how far notes stand from their grid, how loud they are struck, how regularly they come."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from focuscli.bench.music.levels import Figures
from focuscli.music.bars import Bar
from focuscli.music.events import Note
from focuscli.spectra.spectrogram import Curve
from focuscli.units import SAMPLE_RATE

_SIXTEENTHS = 16
_RATE = 200
"""Points a second of the train of onsets."""
_BLUR_S = 0.012
_LAGS_S = (0.2, 4.0)

Placed = dict[str, dict[int, tuple[float, float]]]
"""By part and sixteenth of the session: ms off the grid, and velocity, of the first note there."""


def place(notes: Sequence[Note], bars: Sequence[Bar]) -> Placed:
    """Where each part's notes stand.

    Of every part and every second sixteenth the mean is taken out: what remains is neither swing nor a player's
    habit of being late.
    """
    starts = np.array([bar.start for bar in bars])
    placed: Placed = defaultdict(dict)
    for note in notes:
        number = max(0, int(np.searchsorted(starts, note.start + bars[0].sixteenth / 2, "right")) - 1)
        bar = bars[number]
        position = (note.start - bar.start) / bar.sixteenth
        slot = round(position)
        if slot <= _SIXTEENTHS:
            off_ms = (position - slot) * bar.sixteenth * 1000.0 / SAMPLE_RATE
            part = note.instrument if note.part == "drums" else note.part
            placed[part].setdefault(number * _SIXTEENTHS + slot, (off_ms, note.velocity))
    for part, found in placed.items():
        for parity in (0, 1):
            some = [slot for slot in found if slot % 2 == parity]
            mean = float(np.mean([found[slot][0] for slot in some])) if some else 0.0
            for slot in some:
                placed[part][slot] = (found[slot][0] - mean, found[slot][1])
    return placed


def timing_figures(placed: Placed) -> Figures:
    """How far off the grid (sd, ms), whether in common, and the exponent of what is common; velocities alike.

    In common: the correlation of what two parts do on the same sixteenth. Exponents by the slope of the spectrum
    of the beats' means between 1/256 and 1/4 of a cycle a beat; beats without a note are drawn straight.
    """
    offs = [off for found in placed.values() for off, _ in found.values()]
    if len(offs) < 100:
        return {}
    figures = {"timing_sd_ms": float(np.std(offs)), "velocity_cv": _velocity_cv(placed)}
    pairs = [
        (found[slot][0], other[slot][0])
        for part, found in placed.items()
        for another, other in placed.items()
        if part < another
        for slot in found.keys() & other.keys()
    ]
    if len(pairs) > 100:
        one, two = np.array(pairs).T
        figures["timing_common"] = float(np.corrcoef(one, two)[0, 1]) if one.std() * two.std() > 0.0 else 0.0
    for name, which in (("timing_exponent", 0), ("velocity_exponent", 1)):
        figures[name] = exponent(_by_beat(placed, which))
    return figures


def _velocity_cv(placed: Placed) -> float:
    """Standard deviation over mean of the velocities of a part on one place of the bar, all such places averaged.

    So neither parts that are softer than others count, nor the pattern of accents.
    """
    spreads = []
    for found in placed.values():
        by_place: dict[int, list[float]] = defaultdict(list)
        for slot, (_, velocity) in found.items():
            by_place[slot % _SIXTEENTHS].append(velocity)
        spreads += [(np.std(some) / np.mean(some), len(some)) for some in by_place.values() if len(some) >= 8]
    return float(np.average([cv for cv, _ in spreads], weights=[count for _, count in spreads])) if spreads else 0.0


def _by_beat(placed: Placed, which: int) -> Curve:
    beats: dict[int, list[float]] = defaultdict(list)
    for found in placed.values():
        mean = float(np.mean([values[which] for values in found.values()]))
        for slot, values in found.items():
            beats[slot // 4].append(values[which] - mean)
    places = sorted(beats)
    means = [float(np.mean(beats[beat])) for beat in places]
    return np.asarray(np.interp(np.arange(places[-1] + 1), places, means))


def exponent(curve: Curve) -> float:
    """The a of 1/f^a: a straight line through the averaged spectrum of 256 points, halves overlapping."""
    if len(curve) < 512:
        return 0.0
    frames = np.lib.stride_tricks.sliding_window_view(curve, 256)[::128]
    frames = (frames - frames.mean(axis=1, keepdims=True)) * np.hanning(256)
    power = (np.abs(np.fft.rfft(frames, axis=1)) ** 2).mean(axis=0)[1:65]
    return float(-np.polyfit(np.log(np.arange(1, 65)), np.log(power + 1e-12), 1)[0])


def periodicity(notes: Sequence[Note]) -> float:
    """How regularly onsets come: the highest peak of the autocorrelation of their train, 1 for a metronome.

    Each note weighs its amplitude and is 12 ms wide (sd), so that playing like a human is no escape; lags from
    0.2 to 4 s; means taken out; half minutes, the median.
    """
    if not notes:
        return 0.0
    first = notes[0].start
    train = np.zeros((notes[-1].start - first) * _RATE // SAMPLE_RATE + 1)
    for note in notes:
        train[(note.start - first) * _RATE // SAMPLE_RATE] += note.amplitude
    reach = round(4.0 * _BLUR_S * _RATE)
    train = np.convolve(train, np.exp(-0.5 * (np.arange(-reach, reach + 1) / (_BLUR_S * _RATE)) ** 2), "same")
    peaks = [_highest(train[at : at + 30 * _RATE]) for at in range(0, len(train) - 30 * _RATE + 1, 30 * _RATE)]
    return float(np.median(peaks)) if peaks else 0.0


def _highest(train: Curve) -> float:
    centred = train - train.mean()
    product = np.fft.irfft(np.abs(np.fft.rfft(centred, 2 * len(train))) ** 2)[: round(_LAGS_S[1] * _RATE)]
    if product[0] <= 0.0:
        return 0.0
    product *= len(train) / (len(train) - np.arange(len(product)))
    return float(product[round(_LAGS_S[0] * _RATE) :].max() / product[0])
