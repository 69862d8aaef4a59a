"""Noise in bulk from counters: the same numbers with every version of numpy, and no import of numpy.random."""

import numpy as np

from focuscli.music.randomness import Key, mix
from focuscli.music.signals import Signal

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def uniforms(count: int, *keys: Key) -> Signal:
    """So many numbers in [0, 1): splitmix64 over a counter, two numbers a word."""
    word = np.arange((count + 1) // 2, dtype=np.uint64)
    word *= _GOLDEN
    word += np.uint64(mix(*keys))
    word ^= word >> np.uint64(30)
    word *= _FIRST
    word ^= word >> np.uint64(27)
    word *= _SECOND
    word ^= word >> np.uint64(31)
    halves = (word.view(np.uint32) >> np.uint32(8)).astype(np.float32)[:count]
    halves *= np.float32(2.0**-24)
    return halves


def normals(count: int, *keys: Key) -> Signal:
    """So many numbers of about a standard normal distribution (the sum of three uniforms, bounded by ±3)."""
    three = uniforms(3 * count, *keys).reshape(3, count)
    total: Signal = (three[0] + three[1] + three[2] - np.float32(1.5)) * np.float32(2.0)
    return total
