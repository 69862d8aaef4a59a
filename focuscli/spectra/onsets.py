"""When something new begins to sound: the onset curve of a sound, and its peaks."""

import numpy as np
from numpy.typing import NDArray

from focuscli.spectra.spectrogram import Curve, Sound, decibels, mel_bands, spectrogram
from focuscli.units import SAMPLE_RATE

ONSET_WINDOW, ONSET_HOP = 2048, 480
RATE = SAMPLE_RATE / ONSET_HOP
"""Values a second of the onset curve."""


def rate_of_onsets(curve: Curve, prominence: float = 0.2) -> float:
    """Peaks of the onset curve a second; pads have some too."""
    return len(peaks(curve, prominence=prominence)) * RATE / max(len(curve), 1)


def onset_curve(wave: Sound, window: int, hop: int) -> Curve:
    """Spectral flux: the mean rise of 40 mel levels (no lower than 60 dB under the loudest), dB."""
    levels = decibels(spectrogram(wave, window, hop) @ mel_bands(window))
    levels = np.maximum(levels, levels.max() - 60.0)
    lag = max(1, window // 4 // hop + 1)
    rise = np.maximum(levels[lag:] - levels[:-lag], 0.0).mean(axis=1)
    return np.asarray(np.pad(rise, (lag, 0)), np.float64)


def peaks(curve: Curve, apart: int = 5, prominence: float = 0.2) -> NDArray[np.intp]:
    """Places higher than all within ±apart and than the local mean by this share of the curve's own spread."""
    if len(curve) < 4 * apart:
        return np.zeros(0, np.intp)
    padded = np.pad(curve, apart, constant_values=-1.0)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * apart + 1).max(axis=1)
    width = min(len(curve), 101)
    local = np.convolve(curve, np.ones(width) / width, "same")
    return np.flatnonzero((curve == highest) & (curve > local + prominence * curve.std()) & (curve > 0.05))
