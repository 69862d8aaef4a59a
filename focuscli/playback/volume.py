"""The volume knob and the fades of pause and quit: what happens to the sound after the limiter."""

import numpy as np

from focuscli.audio.block import Block
from focuscli.units import SAMPLE_RATE

KNOB_FRAMES = round(0.05 * SAMPLE_RATE)


def factor(volume: int, muted: bool) -> float:
    """The amplitude of a knob's position in percent: cubic, so that equal turns sound about equal."""
    return 0.0 if muted else float((volume / 100.0) ** 3)


class Ramp:
    """A factor that moves to a new value along half a cosine, without a corner.

    It is a function of the frame's number, so that frames which were taken back come out alike the second time.
    """

    def __init__(self, value: float) -> None:
        self._from = self._to = value
        self._begins = self._frames = 0

    @property
    def rests_at(self) -> int:
        """The frame from which on it rests."""
        return self._begins + self._frames

    def at(self, frame: int) -> float:
        """The factor before that frame."""
        share = min(1.0, max(0.0, (frame - self._begins) / self._frames)) if self._frames else 1.0
        gone = float(0.5 - 0.5 * np.cos(np.pi * share))
        return self._from * (1.0 - gone) + self._to * gone

    def move(self, value: float, frames: int, at: int) -> None:
        """Set out at frame `at`, from wherever it is there, to be at a value so many frames later."""
        self._from = self.at(at)
        self._to, self._frames, self._begins = value, frames, at

    def apply(self, block: Block, at: int) -> Block:
        """The block that begins at frame `at`, under the ramp; untouched while it rests at 1."""
        if at >= self.rests_at:
            return block if self._to == 1.0 else block * np.float32(self._to)
        progress = np.clip((at - self._begins + np.arange(1, len(block) + 1)) / self._frames, 0.0, 1.0)
        gone = 0.5 - 0.5 * np.cos(np.pi * progress)
        curve = self._from * (1.0 - gone) + self._to * gone  # at its end exactly where it was to go
        return block * curve.astype(np.float32)[:, None]


class Volume:
    """The knob: a percentage and a mute switch, both turned without a click."""

    def __init__(self, volume: int, muted: bool) -> None:
        self.volume = min(100, max(0, volume))
        self.muted = muted
        self._ramp = Ramp(factor(self.volume, muted))

    def turn(self, volume: int, at: int) -> None:
        """Set the percentage, 0…100, from frame `at` on."""
        self.volume = min(100, max(0, volume))
        self._ramp.move(factor(self.volume, self.muted), KNOB_FRAMES, at)

    def mute(self, muted: bool, at: int) -> None:
        """Silence, or sound again, from frame `at` on."""
        self.muted = muted
        self._ramp.move(factor(self.volume, self.muted), KNOB_FRAMES, at)

    def apply(self, block: Block, at: int) -> Block:
        """The block that begins at frame `at`, as loud as the knob stands; untouched at 100 %."""
        return self._ramp.apply(block, at)
