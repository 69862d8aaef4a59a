"""Sound through the sound server, which holds seconds of it and lets us replace what it has not played."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from focuscli.audio.block import Block
from focuscli.clock import Clock
from focuscli.errors import NoDevice, SoundError
from focuscli.playback.ring import Ring
from focuscli.playback.sink import Device
from focuscli.playback.sinks.choice import chosen
from focuscli.playback.sinks.held import CAPACITY_FRAMES, START_FRAMES, HeldSink, gone
from focuscli.playback.sinks.libpulse import FRAME_BYTES, Server, Stream
from focuscli.units import SAMPLE_RATE, frames, seconds

Answer = TypeVar("Answer")

FRAGMENT_FRAMES = frames(0.025)
"""How much the server reads at a time. Its own thread runs ahead of all others, so this may be short."""

SLACK_FRAMES = frames(0.01)
"""Between asking where the server is and giving it something else."""

ASKED_ANEW_S = 0.2
"""Where the server was so long ago is not asked again, but for what depends on it."""


def devices() -> list[Device]:
    """The server's outputs; raises NoSoundLibrary where there is no server."""
    server = Server()
    try:
        return _listed(server)
    finally:
        server.close()


def _listed(server: Server) -> list[Device]:
    return [
        Device(index, text, "PulseAudio", channels, rate, is_default)
        for index, _, text, channels, rate, is_default in server.sinks()
    ]


class PulseSink(HeldSink):
    """A stream of the sound server. Where nobody named a device it goes wherever the default device is."""

    def __init__(self, device: str, clock: Clock | None = None) -> None:
        super().__init__(device, Ring(CAPACITY_FRAMES), clock)
        self._server: Server | None = None
        self._stream: Stream | None = None
        self._read = 0
        self._sink_frames = FRAGMENT_FRAMES
        self._read_at = float("-inf")
        self._seen_at = float("-inf")
        self._underflow = -1

    def open(self) -> None:
        """Find the server and the device; raises NoSoundLibrary, NoDevice, SoundError."""
        self._server = Server()
        try:
            device = chosen(self._device, _listed(self._server))
            name = next(sink[1] for sink in self._server.sinks() if sink[0] == device.index) if self._device else ""
            self._stream = self._server.stream(name, CAPACITY_FRAMES, FRAGMENT_FRAMES, START_FRAMES)
            self._check(self._stream)
        except BaseException:
            self.close()
            raise
        self.name = device.name

    @staticmethod
    def _check(stream: Stream) -> None:
        if not stream.is_well:
            raise NoDevice("no sound output was found")

    def abort(self) -> None:
        """Silence at once."""
        if self._stream is not None and self._stream.is_well:
            with suppress(SoundError):  # it has gone meanwhile, and is silent
                self._stream.flush()

    def close(self) -> None:
        """Leave the server."""
        if self._stream is not None:
            self._stream.close()
        if self._server is not None:
            self._server.close()
        self._stream = self._server = None

    def _taken(self) -> int:
        if self._clock.monotonic() - self._read_at > ASKED_ANEW_S:
            self._fresh()
        return self._read

    def _taken_now(self) -> int:
        return self._fresh()

    def _fresh(self) -> int:
        """How far the server has read, asked now."""
        if self._stream is None or not self._stream.is_well:
            return self._read
        dry_at = self._read_at + seconds(self._ring.end - self._read)
        try:
            told = self._stream.timing()
        except SoundError:
            return self._read  # which `_is_alive` will tell
        self._read_at, self._read = self._clock.monotonic(), max(self._read, told.read_index // FRAME_BYTES)
        self._ring.taken_to(self._read)
        self._sink_frames = round(told.sink_usec * SAMPLE_RATE / 1_000_000)
        if self._stream.underflow_frame > self._underflow and not self._ends:
            self._underflow = self._stream.underflow_frame
            self._missed_since(dry_at)
        return self._read

    def _begin(self) -> None:
        self._translated(self._well().start)

    def _soonest(self) -> int:
        return self._fresh() + FRAGMENT_FRAMES + SLACK_FRAMES

    def _device_frames(self) -> int:
        return self._sink_frames

    def _heard(self) -> int:
        """Where the device is gone: as far as it came by when it was seen last, at the speed of sound."""
        came = self._taken()
        if not self._is_alive():
            came = min(self._ring.end, came + frames(max(0.0, self._seen_at - self._read_at)))
        return came - self._sink_frames

    def _is_alive(self) -> bool:
        if self._stream is None or not self._stream.is_well:
            return False
        self._seen_at = self._clock.monotonic()
        return True

    def _store(self, at: int, block: Block) -> None:
        super()._store(at, block)
        ready = block if block.flags.c_contiguous else block.copy()
        stream = self._well()
        self._translated(lambda: stream.write(ready.ctypes.data, len(ready), at))

    @staticmethod
    def _translated(ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except SoundError as exc:
            raise gone() from exc

    def _well(self) -> Stream:
        if self._stream is None:
            raise gone()
        return self._stream
