"""Power of a sound by frame and frequency."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from focuscli.units import SAMPLE_RATE

Sound = NDArray[np.float32]
"""Shape (frames,) or (frames, 2), 48 kHz."""
Curve = NDArray[np.float64]

BANDS = 40
_FLOOR = 1e-10
"""The power of a mel band below which nothing is heard: about -100 dB of full scale."""


def spectrogram(wave: Sound, window: int, hop: int) -> Sound:
    """Power by frame and bin under a Hann window; a frame's bins sum to its mean square."""
    wave = np.pad(wave, (0, max(0, window - len(wave))))
    shape = np.hanning(window + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(wave, window)[::hop]
    scale = np.float32(2.0 / (window * float((shape**2).sum())))
    power = np.empty((len(frames), window // 2 + 1), np.float32)
    for first in range(0, len(frames), 64):
        spectrum = np.fft.rfft(frames[first : first + 64] * shape, axis=1)
        some = power[first : first + 64]
        np.square(spectrum.real, out=some)
        some += np.square(spectrum.imag)
        some *= scale
    return power


@lru_cache(maxsize=8)
def mel_bands(window: int, bands: int = BANDS, low: float = 30.0, high: float = 16_000.0) -> Sound:
    """Triangles on the mel scale (O'Shaughnessy 1987), shape (bins, bands)."""
    edges = 700.0 * (np.exp(np.linspace(np.log1p(low / 700.0), np.log1p(high / 700.0), bands + 2)) - 1.0)
    hertz = np.fft.rfftfreq(window, 1.0 / SAMPLE_RATE)[:, None]
    width = np.maximum(np.diff(edges), SAMPLE_RATE / window)
    rising = 1.0 - (edges[1:-1] - hertz) / width[:-1]
    falling = 1.0 - (hertz - edges[1:-1]) / width[1:]
    return np.asarray(np.clip(np.minimum(rising, falling), 0.0, 1.0), np.float32)


def decibels(power: Sound) -> Sound:
    """Of powers, no lower than what is heard."""
    return np.asarray(10.0 * np.log10(np.maximum(power, np.float32(_FLOOR))), np.float32)
