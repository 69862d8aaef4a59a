"""A recording as the ears take it: its frames, and the spectrograms that several of them share."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from focuscli.loudness.meter import LoudnessMeter
from focuscli.spectra.spectrogram import Curve, Sound, decibels, mel_bands, spectrogram
from focuscli.units import SAMPLE_RATE

WINDOW, HOP = 4096, 2048


class Recording:
    """Some seconds of sound; everything derived from it is computed once."""

    def __init__(self, sound: Sound) -> None:
        self.sound = np.ascontiguousarray(sound, np.float32)

    @property
    def seconds(self) -> float:
        """The length."""
        return len(self.sound) / SAMPLE_RATE

    @cached_property
    def mono(self) -> Sound:
        """Half the sum of left and right, shape (frames,)."""
        mono: Sound = 0.5 * (self.sound[:, 0] + self.sound[:, 1])
        return mono

    @cached_property
    def meter(self) -> LoudnessMeter:
        """A meter that has heard all of it."""
        meter = LoudnessMeter()
        meter.push(self.sound)
        return meter

    @cached_property
    def spectra(self) -> NDArray[np.complex64]:
        """The spectra of left and right as a whole, shape (2, bins), over `size` frames."""
        return np.stack([np.fft.rfft(channel, self.size) for channel in self.sound.T])

    @property
    def size(self) -> int:
        """The frames of the transform of the whole: the sound's and some silence."""
        return fast_length(len(self.sound))

    def weights(self, low: float, high: float) -> Sound:
        """What a band-pass leaves of each bin of `spectra`, edges a third of an octave wide; 0 and 24,000 are open."""
        hertz = np.fft.rfftfreq(self.size, 1.0 / SAMPLE_RATE)[1:].astype(np.float32)
        kept = np.ones(len(hertz) + 1, np.float32)
        width = np.log(2.0) / 3.0
        if low > 0.0:
            kept[0] = 0.0
            kept[1:] *= np.clip(np.log(hertz / np.float32(low)) / np.float32(width) + np.float32(0.5), 0.0, 1.0)
        if high < SAMPLE_RATE / 2:
            kept[1:] *= np.clip(np.log(np.float32(high) / hertz) / np.float32(width) + np.float32(0.5), 0.0, 1.0)
        return kept

    def band(self, low: float, high: float) -> tuple[Sound, int]:
        """What of the mono sum lies between two frequencies, and the rate that suffices for it."""
        slower = max(factor for factor in (1, 2, 4, 8) if factor == 1 or high * 1.2 < SAMPLE_RATE / 2 / factor)
        bins = self.size // slower // 2 + 1
        spectrum = 0.5 * (self.spectra[0, :bins] + self.spectra[1, :bins]) * self.weights(low, high)[:bins]
        wave = np.fft.irfft(spectrum, self.size // slower) / np.float32(slower)
        return np.asarray(wave[: len(self.sound) // slower], np.float32), SAMPLE_RATE // slower

    @cached_property
    def power(self) -> Sound:
        """Power of both channels together by frame and bin; windows of 85 ms, half overlapped, in units of
        full-scale mean squares, so that a frame's bins sum to the power of what it holds."""
        left, right = (spectrogram(self.sound[:, channel], WINDOW, HOP) for channel in range(2))
        left += right
        return left

    @cached_property
    def hertz(self) -> Curve:
        """The frequency of each bin of `power`."""
        return np.asarray(np.fft.rfftfreq(WINDOW, 1.0 / SAMPLE_RATE))

    @cached_property
    def heard(self) -> NDArray[np.bool_]:
        """The frames of `power` that are no more than 30 dB under the median one."""
        total = self.power.sum(axis=1)
        return np.asarray(total > 1e-3 * np.median(total))

    @cached_property
    def mel(self) -> Sound:
        """Level of 40 mel bands between 30 Hz and 16 kHz by frame of `power`, in dB."""
        return decibels(self.power @ mel_bands(WINDOW))


def fast_length(count: int) -> int:
    """The next multiple of 16 whose only prime factors are 2, 3 and 5."""
    size = -(-count // 16) * 16
    while True:
        rest = size
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return size
        size += 16


def cells(wave: Sound, frames: int) -> Curve:
    """The mean square of every so many frames, the rest left out."""
    whole = wave[: len(wave) // frames * frames].reshape(-1, frames)
    return np.asarray(np.einsum("ij,ij->i", whole, whole), np.float64) / frames
