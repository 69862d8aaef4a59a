"""What the listener's hand does to the finished music: pause, volume, sleep; all of it known at every frame."""

from focuscli.audio.block import Block
from focuscli.playback.sleep import SleepTimer
from focuscli.playback.volume import Ramp, Volume
from focuscli.units import frames

FADE_FRAMES = frames(0.15)
"""Of pause, resume, quit, and of beginning in the middle."""


class Desk:
    """Three gains over the frames of music. Nothing depends on how often or in what blocks a frame is asked for."""

    def __init__(self, volume: int, muted: bool, rise_frames: int = 0) -> None:
        self.volume = Volume(volume, muted)
        self.sleep = SleepTimer(rise_frames)
        self._gate = Ramp(1.0)

    def apply(self, block: Block, at: int) -> Block:
        """The block, shape (frames, 2), that begins at frame `at`, as it shall be heard."""
        return self.volume.apply(self.sleep.apply(self._gate.apply(block, at), at), at)

    def open(self, at: int) -> None:
        """Let the sound in, from as far as it is."""
        self._gate.move(1.0, FADE_FRAMES, at)

    def enter(self, at: int) -> None:
        """Let the sound in from silence."""
        self._gate.move(0.0, 0, at)
        self.open(at)

    def shut(self, at: int, fade_frames: int = FADE_FRAMES) -> None:
        """Fade it out."""
        self._gate.move(0.0, fade_frames, at)

    def until_shut(self, at: int) -> int:
        """Frames that the gate still moves."""
        return max(0, self._gate.rests_at - at)
