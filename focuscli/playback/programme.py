"""The finished sound of a session, before the volume knob: the timeline under the limiter."""

from focuscli.audio.block import Block, silence
from focuscli.loudness.limiter import Limiter
from focuscli.playback.timeline import Timeline


class Programme:
    """What a listener hears at full volume and an export writes. Frames keep their places.

    `overlap` is what comes before the timeline's next frame: its beginning under the end of something else.
    """

    def __init__(self, timeline: Timeline, overlap: Block | None = None) -> None:
        self.timeline = timeline
        self._overlap = silence(0) if overlap is None else overlap
        self._limiter: Limiter | None = Limiter()

    def read(self, frames: int) -> Block:
        """The next block, shape (about `frames`, 2); empty only at the end."""
        while self._limiter is not None:
            block = self._unlimited(frames)
            limited = self._limiter.push(block) if len(block) else self._finish(self._limiter)
            if len(limited):
                return limited
        return silence(0)

    def close(self) -> None:
        """Let go of the files."""
        self.timeline.close()

    def _unlimited(self, frames: int) -> Block:
        if not len(self._overlap):
            return self.timeline.read(frames)
        block, self._overlap = self._overlap[:frames], self._overlap[frames:]
        return block

    def _finish(self, limiter: Limiter) -> Block:
        self._limiter = None
        return limiter.finish()
