"""Colour: where the energy lies, how it moves, and how much of it is noise."""

import numpy as np

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.recording import Curve, Recording, spectrogram
from focuscli.units import SAMPLE_RATE

_PARTIAL_WINDOW = 8192


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
    power = recording.power[recording.heard][:, inside].astype(np.float64) + 1e-16
    return float(np.median(np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)))


def spread(recording: Recording) -> float:
    """How far the shape of the spectrum moves: standard deviation of 40 mel levels, each frame's mean taken out."""
    mel = recording.mel[recording.heard]
    mel = np.maximum(mel, mel.max(axis=1, keepdims=True) - 80.0)
    return float((mel - mel.mean(axis=1, keepdims=True)).std(axis=0).mean())


def high_partial(recording: Recording) -> float:
    """The strongest single partial above 2.5 kHz against the mix, dB.

    A partial is a line that stands 15 dB over the median of its surroundings (±250 Hz) in at least one of
    twenty frames of 170 ms; its level is taken over the three bins of its peak, the mix's is its mean power.
    """
    power = spectrogram(recording.mono, _PARTIAL_WINDOW, _PARTIAL_WINDOW // 2)
    mean = power.sum(axis=1).mean()
    first = round(2500.0 * _PARTIAL_WINDOW / SAMPLE_RATE)
    last = round(16_000.0 * _PARTIAL_WINDOW / SAMPLE_RATE)
    line = power[:, first - 1 : last - 1] + power[:, first:last] + power[:, first + 1 : last + 1]
    size = line.shape[1] // 86 * 86
    blocks = line[:, :size].reshape(len(line), -1, 86)
    peaks, floors = blocks.max(axis=2), np.median(blocks, axis=2)
    standing = np.where(peaks > 31.6 * floors, peaks, 0.0)
    strongest = np.sort(standing, axis=0)[-max(1, len(line) // 20)]
    return float(10.0 * np.log10(max(float(strongest.max()) / max(float(mean), 1e-15), 1e-12)))
