"""A WAV stream of unknown length, for a pipe."""

import struct
from typing import BinaryIO

from focuscli.audio.block import Block
from focuscli.errors import DeviceLost
from focuscli.playback.sink import Unheld
from focuscli.playback.sinks.grid import to_pcm16
from focuscli.units import CHANNELS, SAMPLE_RATE

UNKNOWN = 0xFFFFFFFF
"""What ffmpeg writes too for sizes that it cannot know; players read on to the end of the stream."""


class StdoutSink(Unheld):
    """16-bit WAV into a binary stream that someone else reads and closes."""

    name = "standard output"
    latency_s = 0.0
    queued_frames = 0
    missed_frames = 0

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._frames = 0

    def open(self) -> None:
        """Write the header; raises DeviceLost where nobody reads."""
        self._put(_header())

    def write(self, block: Block) -> None:
        """Write a block; blocks while the reader does not read, raises DeviceLost when it has gone."""
        self._put(to_pcm16(block, self._frames).astype("<i2", copy=False).tobytes())
        self._frames += len(block)

    def drain(self) -> None:
        """Hand everything to the reader."""
        try:
            self._stream.flush()
        except OSError as exc:
            raise DeviceLost("the reader of standard output went away") from exc

    def abort(self) -> None:
        """What was written stays written."""

    def close(self) -> None:
        """The stream stays open: it is not ours."""

    def _put(self, data: bytes) -> None:
        try:
            self._stream.write(data)
        except OSError as exc:
            raise DeviceLost("the reader of standard output went away") from exc


def _header() -> bytes:
    frame_bytes = 2 * CHANNELS
    coding = struct.pack("<HHIIHH", 1, CHANNELS, SAMPLE_RATE, SAMPLE_RATE * frame_bytes, frame_bytes, 16)
    return (
        struct.pack("<4sI4s4sI", b"RIFF", UNKNOWN, b"WAVE", b"fmt ", 16)
        + coding
        + struct.pack("<4sI", b"data", UNKNOWN)
    )
