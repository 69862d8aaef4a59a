"""Where sound goes: the contract of every output, and how the output device is chosen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from focuscli.audio.block import Block


class Sink(Protocol):
    """Takes 48 kHz stereo float32 blocks, in order, each frame once.

    Order of calls: `open`, then any number of `write`, then one of `drain` or `abort`, then `close`. `close` may
    also follow `open` at once, and a second `close` does nothing. All calls come from the mixing thread; the
    properties may be read between them. `write` blocks until there is room, and never drops a frame. Between two
    writes `take_back` makes the next ones replace the newest frames, as many as `loose_frames` says: so a device
    can hold seconds of sound and still obey at once. `open` raises NoSoundLibrary, NoDevice or SoundError;
    `room_frames`, `write` and `drain` raise DeviceLost when the output has gone away. Where `returns` is true it
    may be closed and opened again, then or after `drain`, as often as it takes.
    """

    @property
    def returns(self) -> bool:
        """Whether a lost output can come back, or another one take its place."""

    @property
    def is_there(self) -> bool:
        """Whether the open output has not gone away; so cheap that it can be asked forty times a second."""

    @property
    def name(self) -> str:
        """What people call this output."""

    @property
    def latency_s(self) -> float:
        """Seconds from a frame's being written to its being heard, when the buffers are full; 0 for files."""

    @property
    def queued_frames(self) -> int:
        """Frames that were written and have not been heard yet; 0 for files."""

    @property
    def room_frames(self) -> int:
        """What `write` takes without waiting."""

    @property
    def loose_frames(self) -> int:
        """The newest of the frames written, as far as others can still be heard in their place; 0 for files."""

    @property
    def missed_frames(self) -> int:
        """Frames of silence that the device had to make up since `open`, because none had been written in time."""

    def open(self) -> None:
        """Get ready to take blocks; no underrun is counted before the first of them."""

    def write(self, block: "Block") -> None:
        """Take a block, shape (frames, 2); may block until there is room."""

    def take_back(self, count: int) -> None:
        """The next frames written are heard in the place of the newest `count`, of which no more are loose.

        Until then, and where they come too late, the old ones are heard, with a short fade between.
        """

    def drain(self) -> None:
        """Return when all that was written has been heard or is safely stored."""

    def abort(self) -> None:
        """Stop now and forget what is queued; an unfinished file is removed."""

    def close(self) -> None:
        """Give back the device or file."""


class Turnable(Sink, Protocol):
    """An output that can become another one."""

    @property
    def device(self) -> str:
        """What was asked for: the name, or a part of it, by which it was found; empty for the default."""

    def turn_to(self, device: str) -> None:
        """Become that device when opened the next time, or else the one before; from any thread."""


class Unheld:
    """What every output does alike that keeps nothing back: there is always room, and what is written is gone."""

    returns = False
    is_there = True
    room_frames = 1 << 30
    loose_frames = 0

    def take_back(self, count: int) -> None:
        """Nothing is loose."""
        assert count == 0


@dataclass(frozen=True, slots=True)
class Device:
    """One output device, as the system names it."""

    index: int
    name: str
    host_api: str
    channels: int
    default_rate: float
    is_default: bool


def list_devices() -> list[Device]:
    """Every device that can play sound; raises NoSoundLibrary where no sound library can be loaded."""
    from focuscli.playback.sinks.device import devices

    return devices()


def open_device(device: str = "", latency_s: float = 0.1, *, otherwise: str | None = None) -> Turnable:
    """The output device: by index, name or the beginning of a name, empty for the system's default.

    Light and instant: the sound library is loaded, and the device chosen, by the sink's own `open`, which raises
    NoSoundLibrary or NoDevice. Where the device is not there, `otherwise` is taken, if that is given. A sound server
    is tried first, then PortAudio, then miniaudio.
    """
    from focuscli.playback.sinks.device import DeviceSink

    return DeviceSink(device, latency_s, otherwise)
