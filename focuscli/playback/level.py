"""By how much a segment is made louder or softer, bound to its own frames."""

from dataclasses import dataclass

import numpy as np

from focuscli.audio.block import Block
from focuscli.units import SAMPLE_RATE, Decibels, Lufs, amplitude

TOLERANCE_LU = 0.1
"""What is this close to its target is left untouched, to the bit."""

MASTERED_LU = 4.0
"""So far a maker who says that a file is at its target is believed: its dynamics are meant."""

MOST_GAIN_DB = 30.0
"""Near-silence is not lifted further than this."""

GLIDE_FRAMES = 10 * SAMPLE_RATE


def gain_towards(target: float, measured: Lufs, *, mastered: bool) -> Decibels:
    """The gain that brings a segment to its target loudness; 0 dB where it is near enough, or silent."""
    missing = target - measured
    if abs(missing) <= (MASTERED_LU if mastered else TOLERANCE_LU) or not np.isfinite(missing):
        return Decibels(0.0)
    return Decibels(max(-MOST_GAIN_DB, min(MOST_GAIN_DB, missing)))


@dataclass(frozen=True, slots=True)
class GainCurve:
    """A gain over the frames of one segment: constant, or gliding once from one value to another in dB."""

    start_db: float
    end_db: float
    glide_from: int = 0
    glide_frames: int = 0

    @classmethod
    def constant(cls, gain: float) -> "GainCurve":
        """The same from the first frame to the last."""
        return cls(gain, gain)

    def at(self, frame: int) -> Decibels:
        """The gain of one frame."""
        if frame < self.glide_from:
            return Decibels(self.start_db)
        if frame >= self.glide_from + self.glide_frames:
            return Decibels(self.end_db)
        share = (frame - self.glide_from) / self.glide_frames
        return Decibels(self.start_db + (self.end_db - self.start_db) * share)

    def entered_with(self, gain: float, glide_from: int, glide_to: int) -> "GainCurve":
        """The same end, but beginning with another gain, which glides from one frame to another."""
        return GainCurve(gain, self.end_db, glide_from, max(1, min(GLIDE_FRAMES, glide_to - glide_from)))

    def apply(self, block: Block, first_frame: int) -> Block:
        """The block, shape (frames, channels), that begins at `first_frame`; untouched at 0 dB."""
        first, last = self.at(first_frame), self.at(first_frame + len(block))
        if first == last:
            return block if first == 0.0 else block * np.float32(amplitude(first))
        points = first_frame + np.arange(len(block))
        share = np.clip((points - self.glide_from) / self.glide_frames, 0.0, 1.0)
        gain = self.start_db + (self.end_db - self.start_db) * share
        return block * (10.0 ** (gain / 20.0)).astype(np.float32)[:, None]
