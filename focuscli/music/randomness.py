"""Counter-based randomness: every draw is a pure function of its keys, so no draw depends on history."""

import math
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Key = int | str

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_SQRT_3 = math.sqrt(3.0)


@lru_cache(maxsize=1024)
def _number(word: str) -> int:
    return zlib.crc32(word.encode())


def _scramble(word: int) -> int:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _MASK
    return word ^ (word >> 31)


def _scramble_all(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """`_scramble` of many words at once; their products wrap as they must."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def mix(*keys: Key) -> int:
    """64 well-mixed bits of the keys, in their order."""
    state = _GOLDEN
    for key in keys:
        number = _number(key) if isinstance(key, str) else key
        word = ((state ^ (number & _MASK)) + _GOLDEN) & _MASK
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK  # `_scramble`, without a call: most draws end here
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _MASK
        state = word ^ (word >> 31)
    return state


_state = lru_cache(maxsize=1024)(mix)
"""Of keys that are asked for again and again."""


def uniform(*keys: Key) -> float:
    """A number in [0, 1) that belongs to the keys."""
    return float(mix(*keys) >> 11) * 2.0**-53


def drift(position: float, *keys: Key) -> float:
    """A smooth random function of a real position, in [0, 1]: value noise, C1, one knot a unit."""
    return _value_noise(position, _state(*keys))


def fractal_drift(position: float, *keys: Key, octaves: int = 4) -> float:
    """Drift with equal power in every octave, about -1…1: the 1/f errors of players (Hennig et al. 2011)."""
    state = mix(*keys)
    total = 0.0
    for octave in range(octaves):
        total += _value_noise(position * 2.0**octave + 0.37 * octave, state + octave) - 0.5
    return total * 2.0 / math.sqrt(octaves)


def fractal_drifts(positions: NDArray[np.float64], *keys: Key, octaves: int = 4) -> NDArray[np.float64]:
    """`fractal_drift` at many positions."""
    octave = np.arange(octaves)[:, None]
    place = positions * 2.0**octave + 0.37 * octave
    knot = np.floor(place)
    fraction = place - knot
    states = np.uint64(mix(*keys)) + octave.astype(np.uint64)
    words = states + knot.astype(np.int64).astype(np.uint64) * np.uint64(_GOLDEN)
    here = _scramble_all(words) * 2.0**-64
    there = _scramble_all(words + np.uint64(_GOLDEN)) * 2.0**-64
    noise = here + (there - here) * fraction * fraction * (3.0 - 2.0 * fraction) - 0.5
    total: NDArray[np.float64] = noise.sum(axis=0) * 2.0 / math.sqrt(octaves)
    return total


def rotation(number: int, *keys: Key) -> float:
    """The number-th of a row of places in [0, 1), of which neighbours are never near each other, nor on the circle."""
    state = _state(*keys)
    stride = 0.38 + 0.24 * uniform(state, "stride")
    tremble = _TREMBLE * (uniform(state, "tremble", number) - 0.5)
    return (uniform(state, "start") + stride * number + tremble) % 1.0


_TREMBLE = 0.12


def _value_noise(position: float, state: int) -> float:
    knot = math.floor(position)
    fraction = position - knot
    here = _scramble((state + knot * _GOLDEN) & _MASK) * 2.0**-64
    there = _scramble((state + (knot + 1) * _GOLDEN) & _MASK) * 2.0**-64
    return here + (there - here) * fraction * fraction * (3.0 - 2.0 * fraction)


@lru_cache(maxsize=1)
def _normal_table() -> list[float]:
    """4096 draws of `Stream.normal`."""
    numbers = np.arange(1, 4097, dtype=np.uint64) * np.uint64(_GOLDEN)
    words = _scramble_all(np.uint64(mix("normals")) + numbers)
    parts = words >> np.array([[0], [16], [32], [48]], np.uint64) & np.uint64(0xFFFF)
    draws: list[float] = ((parts.sum(axis=0) / 65536.0 - 2.0) * _SQRT_3).tolist()
    return draws


class Stream:
    """A short sequence of draws that belongs to the keys it was made with."""

    __slots__ = ("_count", "_key")

    def __init__(self, *keys: Key) -> None:
        self._key = mix(*keys)
        self._count = 0

    def _word(self) -> int:
        self._count += 1
        return _scramble((self._key + self._count * _GOLDEN) & _MASK)

    def uniform(self) -> float:
        """In [0, 1)."""
        return (self._word() >> 11) * 2.0**-53

    def between(self, low: float, high: float) -> float:
        """Evenly in [low, high)."""
        return low + (high - low) * self.uniform()

    def normal(self) -> float:
        """About standard normal and bounded by ±3.5: the sum of four 16-bit uniforms."""
        word = self._word()
        total = (word & 0xFFFF) + (word >> 16 & 0xFFFF) + (word >> 32 & 0xFFFF) + (word >> 48)
        return (total / 65536.0 - 2.0) * _SQRT_3

    def uniforms(self, count: int) -> list[float]:
        """So many numbers in [0, 1), four to a word: coarser and cheaper than `uniform`."""
        draws: list[float] = []
        while len(draws) < count:
            word = self._word()
            draws += [(word >> shift & 0xFFFF) * 2.0**-16 for shift in (0, 16, 32, 48)]
        return draws

    def normals(self, count: int) -> list[float]:
        """So many numbers distributed as `normal`'s, five to a word from a table: coarser and cheaper."""
        table = _normal_table()
        draws: list[float] = []
        while len(draws) < count:
            word = self._word()
            draws += [table[word >> shift & 0xFFF] for shift in (0, 12, 24, 36, 48)]
        return draws

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.uniform() < probability

    def choice(self, options: Sequence[T]) -> T:
        """One of the options, all alike."""
        return options[int(self.uniform() * len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """One of the options, as often as its weight says."""
        rest = self.uniform() * sum(weights)
        for option, weight in zip(options, weights, strict=True):
            rest -= weight
            if rest < 0.0:
                return option
        return options[-1]
