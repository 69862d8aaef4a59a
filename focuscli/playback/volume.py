"""The volume knob and the fades of pause and quit: what happens to the sound after the limiter."""

import numpy as np

from focuscli.audio.block import Block
from focuscli.units import SAMPLE_RATE

KNOB_FRAMES = round(0.05 * SAMPLE_RATE)


def factor(volume: int, muted: bool) -> float:
    """The amplitude of a knob's position in percent: cubic, so that equal turns sound about equal."""
    return 0.0 if muted else float((volume / 100.0) ** 3)


class Ramp:
    """A factor that moves to a new value along half a cosine, without a corner."""

    def __init__(self, value: float) -> None:
        self._from = self._to = value
        self._frames = self._done = 0

    @property
    def frames_left(self) -> int:
        """Frames until it rests."""
        return self._frames - self._done

    @property
    def target(self) -> float:
        """Where it rests or will rest."""
        return self._to

    def move(self, value: float, frames: int) -> None:
        """Set out for a value, from wherever it is now, to be there in so many frames."""
        self._from = self._now()
        self._to, self._frames, self._done = value, frames, 0

    def apply(self, block: Block) -> Block:
        """The block under the ramp; untouched while it rests at 1."""
        if not self.frames_left:
            return block if self._to == 1.0 else block * np.float32(self._to)
        progress = np.minimum(1.0, (self._done + np.arange(1, len(block) + 1)) / self._frames)
        self._done = min(self._frames, self._done + len(block))
        curve = self._from + (self._to - self._from) * (0.5 - 0.5 * np.cos(np.pi * progress))
        return block * curve.astype(np.float32)[:, None]

    def _now(self) -> float:
        share = self._done / self._frames if self._frames else 1.0
        return self._from + (self._to - self._from) * float(0.5 - 0.5 * np.cos(np.pi * share))


class Volume:
    """The knob: a percentage and a mute switch, both turned without a click."""

    def __init__(self, volume: int, muted: bool) -> None:
        self.volume = min(100, max(0, volume))
        self.muted = muted
        self._ramp = Ramp(factor(self.volume, muted))

    def turn(self, volume: int) -> None:
        """Set the percentage, 0…100."""
        self.volume = min(100, max(0, volume))
        self._ramp.move(factor(self.volume, self.muted), KNOB_FRAMES)

    def toggle_mute(self) -> None:
        """Silence, or sound again."""
        self.muted = not self.muted
        self._ramp.move(factor(self.volume, self.muted), KNOB_FRAMES)

    def apply(self, block: Block) -> Block:
        """The block as loud as the knob stands; untouched at 100 %."""
        return self._ramp.apply(block)
