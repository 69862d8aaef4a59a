"""Laying two sounds over each other so that the loudness neither dips nor swells, whatever they have in common.

The law is the signal-matched, power-complementary one (M. Fink, M. Holters, U. Zölzer, "Signal-matched
power-complementary cross-fading and dry-wet mixing", DAFx-16): a raised-cosine pair w + v = 1 is divided by the
amplitude that the sum of two signals of correlation r would have. It is the equal-gain fade for the same music
(r = 1), the equal-power fade for strangers (r = 0), and everything between.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from focuscli.audio.block import Block

LOWEST_CORRELATION = -0.6
"""Below this the gains would grow without bound; here the middle of the fade has a gain of 1.118."""

WIDEST_RATIO = 100.0
"""Of the two amplitudes (40 dB): a part quieter than that is faded as if it were so loud."""

SAME_CORRELATION = 0.999
SAME_RATIO = 1.01

Curve = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two overlapping sounds have in common: correlation -1…1, and amplitude of the second over the first."""

    correlation: float
    ratio: float

    @property
    def is_same_music(self) -> bool:
        """Whether the two are one music, but for the rounding of their files."""
        return self.correlation > SAME_CORRELATION and 1 / SAME_RATIO < self.ratio < SAME_RATIO

    def amplified(self, first: float, second: float) -> "Likeness":
        """The likeness after each sound is multiplied by its factor."""
        return Likeness(self.correlation, self.ratio * second / first)


STRANGERS = Likeness(0.0, 1.0)


class Comparison:
    """Sums up, block by block, how alike two sounds of a known length are; the middle counts most."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._at = 0
        self._sums = np.zeros(3)

    def push(self, a: Block, b: Block) -> None:
        """Compare the next block of both, shape (frames, channels), weighted for the ear."""
        weight = np.sin(np.pi * _progress(self._frames, self._at, len(a)))[:, None] ** 2
        self._at += len(a)
        weighted = weight * a
        self._sums += [(weighted * b).sum(), (weighted * a).sum(), (weight * b * b).sum()]

    def likeness(self) -> Likeness:
        """The verdict; silence is a stranger to everything."""
        product, power_a, power_b = (float(value) for value in self._sums)
        if power_a <= 0.0 or power_b <= 0.0:
            return STRANGERS
        ratio = math.sqrt(power_b / power_a)
        return Likeness(product / math.sqrt(power_a * power_b), min(WIDEST_RATIO, max(1 / WIDEST_RATIO, ratio)))


@dataclass(frozen=True, slots=True)
class Crossfade:
    """One fade of so many frames between two sounds of a certain likeness."""

    frames: int
    likeness: Likeness

    def gains(self, first: int, count: int) -> tuple[Curve, Curve]:
        """Factors for the outgoing and the incoming sound, for `count` frames from frame `first` of the fade.

        Between unequal powers the loudness takes the straight line in decibels.
        """
        v = np.sin(0.5 * np.pi * _progress(self.frames, first, count)) ** 2
        w = 1.0 - v
        r = max(LOWEST_CORRELATION, min(1.0, self.likeness.correlation))
        q = self.likeness.ratio
        k = np.sqrt(q ** (2.0 * v) / (w * w + v * v * q * q + 2.0 * r * w * v * q))
        return w * k, v * k

    def blend(self, outgoing: Block, incoming: Block, first: int) -> Block:
        """The overlap from frame `first` of the fade on; both blocks have shape (frames, channels).

        The same music comes out as it went in: where both blocks are equal, so is the result, to the bit.
        """
        if self.likeness.is_same_music:
            v = np.sin(0.5 * np.pi * _progress(self.frames, first, len(incoming))) ** 2
            return outgoing + v.astype(np.float32)[:, None] * (incoming - outgoing)
        out, into = self.gains(first, len(incoming))
        return out.astype(np.float32)[:, None] * outgoing + into.astype(np.float32)[:, None] * incoming


def _progress(frames: int, first: int, count: int) -> Curve:
    """The middles of frames `first` … `first + count` as shares of the whole fade."""
    return (np.arange(first, first + count) + 0.5) / frames
