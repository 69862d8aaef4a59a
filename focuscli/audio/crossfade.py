"""Laying two sounds over each other so that the loudness neither dips nor swells, whatever they have in common.

The law is the signal-matched, power-complementary one (M. Fink, M. Holters, U. Zölzer, "Signal-matched
power-complementary cross-fading and dry-wet mixing", DAFx-16): a raised-cosine pair w + v = 1 is divided by the
amplitude that the sum of two signals of correlation r would have. It is the equal-gain fade for the same music
(r = 1), the equal-power fade for strangers (r = 0), and everything between.

Where a sound's maker has drawn its fade already, that fade takes the place of w or v: it is not drawn twice, and
what the two drawn fades leave of the power is made up for.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from focuscli.audio.block import Block
from focuscli.audio.edges import DrawnFade

LOWEST_CORRELATION = -0.6
"""Below this the gains would grow without bound; here the middle of the fade has a gain of 1.118."""

WIDEST_RATIO = 100.0
"""Of the two amplitudes (40 dB): a part quieter than that is faded as if it were so loud."""

LEAST_DRAWN = 0.05
"""A drawn fade is undone, for comparing, no further than where it has fallen to this (-26 dB)."""

MOST_LIFT = 8.0
"""Where two drawn fades leave a hole between them, it is filled by this factor (18 dB) at the most."""

TAPER_FRAMES = 2_400
"""A drawn fade that does not quite begin or end in silence is helped over its last 50 ms."""

KNOTS = 1 << 14
"""A long fade is computed at so many places and joined by straight lines: 160 dB below the gain itself."""

CELL_FRAMES = 24_000
FEWEST_CELLS = 4
"""The correlation is followed in cells of about half a second, smoothed over three; overlaps of less than four have
one for all. Followed faster, it would make the gain itself flutter.
"""

SAME_CORRELATION = 0.999
SAME_RATIO = 1.01

Curve = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two overlapping sounds have in common: correlation -1…1, and amplitude of the second over the first.

    `course` is the correlation from place to place along a long overlap: two drones that are a little out of tune
    drift in and out of step.
    """

    correlation: float
    ratio: float
    course: tuple[float, ...] = ()

    @property
    def is_same_music(self) -> bool:
        """Whether the two are one music, but for the rounding of their files."""
        return self.correlation > SAME_CORRELATION and 1 / SAME_RATIO < self.ratio < SAME_RATIO

    def amplified(self, first: float, second: float) -> "Likeness":
        """The likeness after each sound is multiplied by its factor."""
        return replace(self, ratio=self.ratio * second / first)

    def along(self, progress: Curve) -> Curve | float:
        """The correlation at some shares of the way, high enough for gains that stay bounded; it moves smoothly."""
        if not self.course:
            return max(LOWEST_CORRELATION, min(1.0, self.correlation))
        knots = np.clip(self.course, LOWEST_CORRELATION, 1.0)
        place = np.clip(progress * len(knots) - 0.5, 0.0, len(knots) - 1.0)
        before = np.minimum(place.astype(np.intp), len(knots) - 2)
        share = place - before
        share = share * share * (3.0 - 2.0 * share)
        return np.asarray(knots[before] + (knots[before + 1] - knots[before]) * share)


STRANGERS = Likeness(0.0, 1.0)


class Comparison:
    """Sums up, block by block, how alike two sounds of a known length are; the middle counts most."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._at = 0
        self._sums = np.zeros(3)
        cells = frames // CELL_FRAMES
        self._cells = np.zeros((3, cells if cells >= FEWEST_CELLS else 1))

    def push(self, a: Block, b: Block) -> None:
        """Compare the next block of both, shape (frames, 2), weighted for the ear."""
        progress = _progress(self._frames, self._at, len(a))
        weight = np.sin(np.pi * progress) ** 2
        cells = self._cells.shape[1]
        cell = np.minimum((progress * cells).astype(np.intp), cells - 1)
        self._at += len(a)
        for row, product in enumerate((a * b, a * a, b * b)):
            together = product[:, 0] + product[:, 1]
            self._sums[row] += weight @ together
            self._cells[row] += np.bincount(cell, together, cells)

    def likeness(self) -> Likeness:
        """The verdict; silence is a stranger to everything."""
        _, power_a, power_b = (float(value) for value in self._sums)
        if power_a <= 0.0 or power_b <= 0.0:
            return STRANGERS
        ratio = min(WIDEST_RATIO, max(1 / WIDEST_RATIO, math.sqrt(power_b / power_a)))
        return Likeness(float(_correlation(self._sums)), ratio, self._course())

    def _course(self) -> tuple[float, ...]:
        if self._cells.shape[1] == 1:
            return ()
        around = np.pad(self._cells, ((0, 0), (1, 1)), mode="edge")
        smooth = around[:, :-2] + 2.0 * around[:, 1:-1] + around[:, 2:]
        return tuple(float(value) for value in _correlation(smooth))


def _correlation(sums: Curve) -> Curve:
    """Of sums of products and of both powers."""
    return np.asarray(sums[0] / np.sqrt(np.maximum(sums[1] * sums[2], 1e-30)))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A fade that a sound has been given by its maker, as it lies over an overlap from frame `at` of that sound."""

    fade: DrawnFade
    at: int

    def amplitude(self, middles: Curve) -> Curve:
        """The factor at the middles of some frames of the overlap."""
        return self.fade.amplitude(self.at + middles)

    def undone(self, block: Block, first: int) -> Block:
        """The block, shape (frames, channels), nearly as it was before the fade."""
        lift = 1.0 / np.maximum(self.amplitude(_middles(first, len(block))), LEAST_DRAWN)
        return block * lift.astype(np.float32)[:, None]


@dataclass(frozen=True, slots=True)
class Crossfade:
    """One fade of so many frames between two sounds of a certain likeness, which is theirs without drawn fades."""

    frames: int
    likeness: Likeness
    drawn_out: Drawn | None = None
    drawn_in: Drawn | None = None

    def gains(self, first: int, count: int) -> tuple[Curve, Curve]:
        """Factors for the outgoing and the incoming sound, for `count` frames from frame `first` of the fade.

        Between unequal powers the loudness takes the straight line in decibels.
        """
        middles = _middles(first, count)
        step = 1 if self.drawn_out or self.drawn_in else max(1, self.frames // KNOTS)
        if step == 1:
            return self._gains_at(middles)
        knots = 0.5 + step * np.arange(first // step, (first + count - 1) // step + 2.0)
        out, into = self._gains_at(knots)
        return np.interp(middles, knots, out), np.interp(middles, knots, into)

    def _gains_at(self, middles: Curve) -> tuple[Curve, Curve]:
        progress = middles / self.frames
        s = np.sin(0.5 * np.pi * progress) ** 2
        r = self.likeness.along(progress)
        q = self.likeness.ratio
        w = 1.0 - s if self.drawn_out is None else self.drawn_out.amplitude(middles)
        v = s if self.drawn_in is None else self.drawn_in.amplitude(middles)
        power = w * w + v * v * q * q + 2.0 * r * w * v * q
        begins, ends = self._outer_powers()
        k = np.minimum(np.sqrt(begins ** (1.0 - s) * ends**s / np.maximum(power, 1e-12)), MOST_LIFT)
        return (
            k * (w if self.drawn_out is None else self._taper(self.frames - middles)),
            k * (v if self.drawn_in is None else self._taper(middles)),
        )

    def blend(self, outgoing: Block, incoming: Block, first: int) -> Block:
        """The overlap from frame `first` of the fade on; both blocks have shape (frames, channels).

        The same music comes out as it went in: where both blocks are equal, so is the result, to the bit.
        """
        if self.likeness.is_same_music and self.drawn_out is None and self.drawn_in is None:
            v = np.sin(0.5 * np.pi * _progress(self.frames, first, len(incoming))) ** 2
            return outgoing + v.astype(np.float32)[:, None] * (incoming - outgoing)
        out, into = self.gains(first, len(incoming))
        return out.astype(np.float32)[:, None] * outgoing + into.astype(np.float32)[:, None] * incoming

    def shortened(self, late: int) -> "Crossfade":
        """What is left of it when so many of its first frames are over: drawn fades stay where they are."""
        return Crossfade(
            max(0, self.frames - late),
            replace(self.likeness, course=()),
            self.drawn_out and replace(self.drawn_out, at=self.drawn_out.at + late),
            self.drawn_in and replace(self.drawn_in, at=self.drawn_in.at + late),
        )

    def _outer_powers(self) -> tuple[float, float]:
        """Of the sum at its two ends, where each sound is alone."""
        w = 1.0 if self.drawn_out is None else float(self.drawn_out.amplitude(np.array([0.5]))[0])
        v = 1.0 if self.drawn_in is None else float(self.drawn_in.amplitude(np.array([self.frames - 0.5]))[0])
        quiet = LEAST_DRAWN
        return max(w, quiet) ** 2, (max(v, quiet) * self.likeness.ratio) ** 2

    def _taper(self, distance: Curve) -> Curve:
        """A rise over the outermost frames, by the distance from the silent end."""
        length = max(1, min(TAPER_FRAMES, self.frames // 4))
        return np.asarray(np.sin(0.5 * np.pi * np.clip(distance / length, 0.0, 1.0)) ** 2)


def _middles(first: int, count: int) -> Curve:
    return np.asarray(first + 0.5 + np.arange(count), np.float64)


def _progress(frames: int, first: int, count: int) -> Curve:
    """The middles of frames `first` … `first + count` as shares of the whole fade."""
    return _middles(first, count) / frames
