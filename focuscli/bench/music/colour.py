"""Colour: where the energy lies, how it moves, and how much of it is noise."""

import numpy as np

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.recording import Recording
from focuscli.spectra.spectrogram import Curve, spectrogram
from focuscli.units import SAMPLE_RATE

_PARTIAL_WINDOW = 8192
_AROUND = 86
"""Bins."""


def colour(recording: Recording) -> Figures:
    """All figures of colour.

    `centroid_hz` is the power centroid of the whole mix (the parameter table's), `frame_centroid_hz` the median
    of the frames' (the reference's); `motion_oct` the standard deviation of the frames' in octaves.
    """
    power, hertz = recording.power, recording.hertz.astype(np.float32)
    heard = power[recording.heard]
    total = heard.sum(axis=1)
    centroids = (heard @ hertz) / total
    whole = power.sum(axis=0, dtype=np.float64)
    return {
        "centroid_hz": float(whole @ hertz / whole.sum()),
        "frame_centroid_hz": float(np.median(centroids)),
        "motion_oct": float(np.log2(np.maximum(centroids, 20.0)).std()),
        "air_db": float(10.0 * np.log10(max(whole[hertz > 6000.0].sum() / whole.sum(), 1e-12))),
        "tilt_db_oct": tilt(whole, recording.hertz),
        "flatness": flatness(recording),
        "spread_db": spread(recording),
        "high_partial_db": high_partial(recording),
    }


def tilt(power: Curve, hertz: Curve) -> float:
    """Slope of the third-octave levels of a long-term spectrum between 100 Hz and 8 kHz, dB an octave."""
    middles = 1000.0 * 2.0 ** (np.arange(-10, 10) / 3.0)
    edge = 2.0 ** (1.0 / 6.0)
    bands = [power[(hertz >= middle / edge) & (hertz < middle * edge)].sum() for middle in middles]
    levels = 10.0 * np.log10(np.array(bands) + 1e-15)
    return float(np.polyfit(np.log2(middles), levels, 1)[0])


def flatness(recording: Recording) -> float:
    """Geometric over arithmetic mean of the power between 60 Hz and 16 kHz, the median frame's."""
    inside = (recording.hertz >= 60.0) & (recording.hertz < 16_000.0)
    power = recording.power[recording.heard][:, inside].astype(np.float64)
    power += 1e-12 * power.max(axis=1, keepdims=True) + 1e-30
    return float(np.median(np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)))


def spread(recording: Recording) -> float:
    """How far the shape of the spectrum moves: standard deviation of 40 mel levels, each frame's mean taken out."""
    mel = recording.mel[recording.heard]
    mel = np.maximum(mel, mel.max(axis=1, keepdims=True) - 80.0)
    return float((mel - mel.mean(axis=1, keepdims=True)).std(axis=0).mean())


def high_partial(recording: Recording) -> float:
    """The strongest single partial above 2.5 kHz against the mix, dB, over the whole length.

    A partial is a line that stands 5 dB over the median of its surroundings (500 Hz) in the long-term spectrum of
    170 ms windows; its level is that of the three bins of its peak, the mix's its whole power.
    """
    power = spectrogram(recording.mono, _PARTIAL_WINDOW, _PARTIAL_WINDOW // 2).mean(axis=0, dtype=np.float64)
    first, last = (round(edge * _PARTIAL_WINDOW / SAMPLE_RATE) for edge in (2500.0, 16_000.0))
    line = power[first - 1 : last - 1] + power[first:last] + power[first + 1 : last + 1]
    blocks = line[: len(line) // _AROUND * _AROUND].reshape(-1, _AROUND)
    peaks, floors = blocks.max(axis=1), np.median(blocks, axis=1)
    strongest = np.where(peaks > 3.16 * floors, peaks, 0.0).max()
    return float(10.0 * np.log10(max(strongest / max(power.sum(), 1e-15), 1e-9)))
