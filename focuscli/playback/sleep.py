"""The sleep timer: after a while the sound falls, evenly in decibels, until nothing is heard; or it is called off."""

import numpy as np
import numpy.typing as npt

from focuscli.audio.block import Block
from focuscli.units import SAMPLE_RATE, frames

SHORTEST_FADE_S, LONGEST_FADE_S = 5.0, 300.0
RANGE_DB = 60.0
"""So far a fade falls along a straight line in decibels; what is left is subtracted, so that it ends in silence."""

RESTORED_FRAMES = frames(0.2)
LEAST_FRAMES = frames(0.15)
"""Silence now is a fade too: a cut would click."""

_RESIDUE = 10.0 ** (-RANGE_DB / 20.0)


def fallen(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The amplitude at a share of the way down: 1 at 0, silent at 1."""
    return np.asarray((10.0 ** (-RANGE_DB * share / 20.0) - _RESIDUE) / (1.0 - _RESIDUE))


class Slope:
    """A gain somewhere between full level (0) and silence (1), moving evenly in decibels; known at every frame."""

    def __init__(self, share: float = 0.0) -> None:
        self._from = self._to = share
        self._begins = self._frames = 0

    @property
    def rests_at(self) -> int:
        """The frame from which on it rests."""
        return self._begins + self._frames

    def share(self, frame: int) -> float:
        """How far down it is before that frame."""
        way = min(1.0, max(0.0, (frame - self._begins) / self._frames)) if self._frames else 1.0
        return self._from + (self._to - self._from) * way

    def move(self, share: float, frame_count: int, at: int) -> None:
        """Set out at frame `at`, from wherever it is there, to be at a share so many frames later."""
        self._from = self.share(at)
        self._to, self._frames, self._begins = share, max(1, frame_count), at

    def apply(self, block: Block, at: int) -> Block:
        """The block that begins at frame `at`, under the slope; untouched at full level."""
        if at >= self.rests_at and self._to == 0.0:
            return block
        way = np.clip((at - self._begins + np.arange(1, len(block) + 1)) / max(1, self._frames), 0.0, 1.0)
        gain = fallen(self._from + (self._to - self._from) * way)
        return block * gain.astype(np.float32)[:, None]


class SleepTimer:
    """Counts frames of music; a pause does not count. Also lets a session rise from silence at its beginning."""

    def __init__(self, rise_frames: int = 0) -> None:
        self._slope = Slope(1.0 if rise_frames else 0.0)
        if rise_frames:
            self._slope.move(0.0, rise_frames, 0)
        self._fall: Slope | None = None
        self.falls_at: int | None = None
        """The frame at which the fall begins; None while no timer is set."""
        self.reason = "asleep"
        """Why the player stops when nothing is heard any longer: `asleep`, or `ended`."""

    @property
    def silent_at(self) -> int | None:
        """The frame from which on nothing is heard; None while no timer is set."""
        return None if self._fall is None else self._fall.rests_at

    def set(self, after_s: float, fade_s: float, at: int = 0, *, ends: bool = False) -> float:
        """Be silent so many seconds of music after frame `at`, falling over the last of them; how long that takes.

        The fall is 5 to 300 s long, or all of a shorter time, but never a cut.
        """
        self.cancel(at)
        self.reason = "ended" if ends else "asleep"
        after = frames(max(0.0, after_s))
        wanted = frames(min(LONGEST_FADE_S, max(SHORTEST_FADE_S, fade_s)))
        fade_frames = max(LEAST_FRAMES, min(after, wanted))
        self.falls_at = at + max(0, after - fade_frames)
        self._fall = Slope(self._slope.share(self.falls_at))
        self._fall.move(1.0, fade_frames, self.falls_at)
        return fade_frames / SAMPLE_RATE

    def cancel(self, at: int) -> None:
        """Stay awake: what has fallen by frame `at` is back 0.2 s later."""
        if self._fall is not None and self.falls_at is not None and at > self.falls_at:
            self._slope = Slope(self._fall.share(at))
            self._slope.move(0.0, RESTORED_FRAMES, at)
        self._fall = self.falls_at = None

    def apply(self, block: Block, at: int) -> Block:
        """The block, shape (frames, 2), that begins at frame `at`, under the timer."""
        if self._fall is None or self.falls_at is None or at + len(block) <= self.falls_at:
            return self._slope.apply(block, at)
        awake = max(0, self.falls_at - at)
        head = self._slope.apply(block[:awake], at)
        return np.concatenate([head, self._fall.apply(block[awake:], at + awake)])
