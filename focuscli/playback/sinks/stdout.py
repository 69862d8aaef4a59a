"""A WAV stream of unknown length, for a pipe."""

from typing import BinaryIO

from focuscli.audio.block import Block


class StdoutSink:
    """16-bit WAV into a binary stream."""

    name = "standard output"
    latency_s = 0.0
    queued_frames = 0
    missed_frames = 0

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def open(self) -> None:
        """Write the header."""
        raise NotImplementedError

    def write(self, block: Block) -> None:
        """Write a block."""
        raise NotImplementedError

    def drain(self) -> None:
        """Flush."""
        raise NotImplementedError

    def abort(self) -> None:
        """Stop."""
        raise NotImplementedError

    def close(self) -> None:
        """The stream stays open: it is not ours."""
        raise NotImplementedError
