"""A file of the format that its ending names."""

from pathlib import Path

from focuscli.audio.block import Block


class FileSink:
    """FLAC, WAV, Ogg (Vorbis, Opus) or MP3."""

    latency_s = 0.0
    queued_frames = 0
    missed_frames = 0

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """The file's name."""
        return str(self._path)

    def open(self) -> None:
        """Start a temporary file beside the wanted one."""
        raise NotImplementedError

    def write(self, block: Block) -> None:
        """Encode a block."""
        raise NotImplementedError

    def drain(self) -> None:
        """Finish the file and give it its name."""
        raise NotImplementedError

    def abort(self) -> None:
        """Remove the unfinished file."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file."""
        raise NotImplementedError
