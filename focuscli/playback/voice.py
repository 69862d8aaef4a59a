"""One segment being played: a place in it, and the sound from there on at its own gain."""

from focuscli.audio.block import Block, silence
from focuscli.audio.decode import SoundFile
from focuscli.playback.prepare import Prepared


class Voice:
    """Reads a prepared segment in blocks."""

    def __init__(self, prepared: Prepared, frame: int = 0) -> None:
        self.prepared = prepared
        self.position = max(0, min(frame, prepared.frames))
        self._file = SoundFile(prepared.file)
        self._file.seek(self.position)

    @property
    def left(self) -> int:
        """Frames to the end of what sounds of the segment."""
        return max(0, self.prepared.edges.stops_at - self.position)

    def read(self, frames: int) -> Block:
        """Exactly so many frames, shape (frames, 2); behind the end of the file they are silent."""
        block = self._file.read(frames)
        if len(block) < frames:
            block = _lengthened(block, frames)
        loud = self.prepared.gain.apply(block, self.position)
        self.position += frames
        return loud

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _lengthened(block: Block, frames: int) -> Block:
    longer = silence(frames)
    longer[: len(block)] = block
    return longer
