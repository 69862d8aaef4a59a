"""Noise in bulk from counters: the same numbers with every version of numpy, and no import of numpy.random."""

import numpy as np
from numpy.typing import NDArray

from focuscli.music.randomness import Key, mix
from focuscli.music.signals import Signal
from focuscli.music.spectra import bin_hertz, forward, inverse
from focuscli.units import SAMPLE_RATE

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def words(first: int, count: int, *keys: Key) -> NDArray[np.uint64]:
    """The words from the `first`-th of an endless row of 64 random bits each: splitmix64 over a counter."""
    word = np.arange(first, first + count, dtype=np.uint64)
    word *= _GOLDEN
    word += np.uint64(mix(*keys))
    word ^= word >> np.uint64(30)
    word *= _FIRST
    word ^= word >> np.uint64(27)
    word *= _SECOND
    word ^= word >> np.uint64(31)
    return word


def uniforms(count: int, *keys: Key) -> Signal:
    """So many numbers in [0, 1), two a word."""
    halves = (words(0, (count + 1) // 2, *keys).view(np.uint32) >> np.uint32(8)).astype(np.float32)[:count]
    halves *= np.float32(2.0**-24)
    return halves


def normals(count: int, *keys: Key) -> Signal:
    """So many numbers of about a standard normal distribution (the sum of three uniforms, bounded by ±3)."""
    three = uniforms(3 * count, *keys).reshape(3, count)
    total: Signal = (three[0] + three[1] + three[2] - np.float32(1.5)) * np.float32(2.0)
    return total


_ONSET = 10
"""Frames in which a decaying noise rises: a fifth of a millisecond, so that no wave begins with a step."""


def shaped_noise(frames: int, low: float, high: float, seconds: float, *keys: Key, rate: int = SAMPLE_RATE) -> Signal:
    """Stereo noise between two frequencies that decays by e in so many seconds, unit peak; shape (2, frames).

    It is drawn only for as long as it is heard: `frames` that come after 80 dB stay silent.
    """
    drawn = min(frames, 256 * (1 + int(9.2 * seconds * rate) // 256))
    spectrum = forward(normals(2 * drawn, *keys).reshape(2, drawn))
    frequency = np.maximum(1.0, bin_hertz(drawn, rate))
    shape = 1.0 / np.sqrt((1.0 + (low / frequency) ** 6) * (1.0 + (frequency / high) ** 6))
    noise = np.zeros((2, frames), np.float32)
    fall = np.exp(np.arange(drawn, dtype=np.float32) * np.float32(-1.0 / (seconds * rate)))
    np.multiply(inverse(spectrum * shape.astype(np.float32), drawn), fall, out=noise[:, :drawn])
    noise[:, :_ONSET] *= np.arange(_ONSET, dtype=np.float32) / _ONSET
    noise /= np.abs(noise).max()
    return noise
