"""Fourier transforms that stay in single precision; sizes must be smooth (2, 3, 5) to be fast."""

import numpy as np

from focuscli.music.signals import Curve, Signal, Spectrum
from focuscli.units import SAMPLE_RATE


def smooth_length(most: int) -> int:
    """The longest length up to `most` with no prime factor above 5: any other takes its FFT several times as long."""
    return next(length for length in range(most, 0, -1) if _is_smooth(length))


def _is_smooth(length: int) -> bool:
    for factor in (2, 3, 5):
        while length % factor == 0:
            length //= factor
    return length == 1


def forward(sound: Signal) -> Spectrum:
    """The spectrum of a real signal over its last axis: n frames become n // 2 + 1 bins."""
    spectrum: Spectrum = np.fft.rfft(sound).astype(np.complex64, copy=False)
    return spectrum


def inverse(spectrum: Spectrum, frames: int) -> Signal:
    """The real signal of so many frames that has the spectrum."""
    sound: Signal = np.fft.irfft(spectrum, frames).astype(np.float32, copy=False)
    return sound


def bin_hertz(frames: int, rate: int = SAMPLE_RATE) -> Curve:
    """The frequency of each bin in Hz, shape (frames // 2 + 1,)."""
    return np.arange(frames // 2 + 1, dtype=np.float64) * (rate / frames)
