"""The sleep timer: after a while the sound falls, evenly in decibels, until nothing is heard; or it is called off."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from focuscli.audio.block import Block
from focuscli.playback.positions import Position
from focuscli.units import SAMPLE_RATE, frames

SHORTEST_FADE_S, LONGEST_FADE_S = 5.0, 300.0
RANGE_DB = 60.0
"""So far a fade falls along a straight line in decibels; what is left is subtracted, so that it ends in silence."""

RESTORED_FRAMES = frames(0.2)

_RESIDUE = 10.0 ** (-RANGE_DB / 20.0)


def fallen(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The amplitude at a share of the way down: 1 at 0, silent at 1."""
    return np.asarray((10.0 ** (-RANGE_DB * share / 20.0) - _RESIDUE) / (1.0 - _RESIDUE))


class Slope:
    """A gain somewhere between full level (0) and silence (1), moving evenly in decibels."""

    def __init__(self, share: float = 0.0) -> None:
        self._from = self._to = share
        self._frames = self._done = 0

    @property
    def share(self) -> float:
        """How far down it is now."""
        return self._from + (self._to - self._from) * (self._done / self._frames if self._frames else 1.0)

    @property
    def is_silent(self) -> bool:
        """Whether it rests at silence."""
        return self._to == 1.0 and self._done == self._frames

    def move(self, share: float, frame_count: int) -> None:
        """Set out from wherever it is, to be there in so many frames."""
        self._from, self._to, self._frames, self._done = self.share, share, max(1, frame_count), 0

    def apply(self, block: Block) -> Block:
        """The block under the slope; untouched at full level."""
        if self._done == self._frames and self._to == 0.0:
            return block
        progress = np.minimum(1.0, (self._done + np.arange(1, len(block) + 1)) / max(1, self._frames))
        self._done = min(self._frames, self._done + len(block))
        gain = fallen(self._from + (self._to - self._from) * progress)
        return block * gain.astype(np.float32)[:, None]


class SleepTimer:
    """Counts frames of music; a pause does not count. Also lets a session rise from silence at its beginning."""

    def __init__(self, rise_frames: int = 0) -> None:
        self._slope = Slope(1.0 if rise_frames else 0.0)
        if rise_frames:
            self._slope.move(0.0, rise_frames)
        self._frames_left: int | None = None
        self._fade_frames = 0
        self._resumes_at: Position | None = None

    @property
    def resumes_at(self) -> Position | None:
        """Where the fall began, once there is silence."""
        return self._resumes_at if self._slope.is_silent else None

    def set(self, after_s: float, fade_s: float) -> float:
        """Be silent in so many seconds of music, falling over the last of them; returns how long the fall takes.

        The fall is 5 to 300 s long, or all of a shorter time.
        """
        self._call_off()
        after = frames(max(0.0, after_s))
        self._fade_frames = min(after, frames(min(LONGEST_FADE_S, max(SHORTEST_FADE_S, fade_s))))
        self._frames_left = after - self._fade_frames
        return self._fade_frames / SAMPLE_RATE

    def cancel(self) -> None:
        """Stay awake: what has fallen is back within 0.2 s."""
        self._frames_left = None
        self._call_off()

    def apply(self, block: Block, place: Callable[[], Position]) -> Block:
        """The block under the timer, shape (frames, 2). `place` tells where in the music it ends."""
        if self._frames_left is None:
            return self._slope.apply(block)
        awake = min(self._frames_left, len(block))
        self._frames_left -= awake
        if self._frames_left:
            return self._slope.apply(block)
        head = self._slope.apply(block[:awake])
        self._fall(place())
        return np.concatenate([head, self._slope.apply(block[awake:])])

    def _fall(self, place: Position) -> None:
        self._frames_left = None
        self._resumes_at = place
        self._slope.move(1.0, self._fade_frames)

    def _call_off(self) -> None:
        if self._resumes_at is not None:
            self._slope.move(0.0, RESTORED_FRAMES)
        self._resumes_at = None
