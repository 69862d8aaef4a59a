"""The finished sound of a session, before the volume knob: the timeline under the limiter."""

from focuscli.audio.block import Block, silence
from focuscli.loudness.limiter import Limiter
from focuscli.playback.timeline import Timeline


class Programme:
    """What a listener hears at full volume and an export writes. Frames keep their places."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._limiter: Limiter | None = Limiter()

    def read(self, frames: int) -> Block:
        """The next block, shape (about `frames`, 2); empty only at the end."""
        while self._limiter is not None:
            block = self.timeline.read(frames)
            limited = self._limiter.push(block) if len(block) else self._finish(self._limiter)
            if len(limited):
                return limited
        return silence(0)

    def _finish(self, limiter: Limiter) -> Block:
        self._limiter = None
        return limiter.finish()
