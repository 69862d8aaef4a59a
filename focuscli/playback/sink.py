"""Where sound goes: the contract of every output, and how the output device is chosen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from focuscli.audio.block import Block


class Sink(Protocol):
    """Takes 48 kHz stereo float32 blocks, in order, each frame once.

    Order of calls: `open`, then any number of `write`, then one of `drain` or `abort`, then `close`. `close` may
    also follow `open` at once, and a second `close` does nothing. All calls come from the mixing thread; the
    properties may be read between them. `write` may block (that is how a device paces the player) and never drops
    a frame. `open` raises NoSoundLibrary, NoDevice or SoundError; `write` and `drain` raise DeviceLost when the
    output has gone away.
    """

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
    def missed_frames(self) -> int:
        """Frames of silence that the device had to make up since `open`, because none had been written in time."""

    def open(self) -> None:
        """Get ready to take blocks; no underrun is counted before the first of them."""

    def write(self, block: "Block") -> None:
        """Take a block, shape (frames, 2); may block until there is room."""

    def drain(self) -> None:
        """Return when all that was written has been heard or is safely stored."""

    def abort(self) -> None:
        """Stop now and forget what is queued; an unfinished file is removed."""

    def close(self) -> None:
        """Give back the device or file."""


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


def open_device(device: str = "", latency_s: float = 0.3) -> Sink:
    """The output device: by index, name or the beginning of a name, empty for the system's default.

    Light and instant: the sound library is loaded, and the device chosen, by the sink's own `open`, which raises
    NoSoundLibrary or NoDevice. PortAudio is tried first, then miniaudio.
    """
    from focuscli.playback.sinks.device import DeviceSink

    return DeviceSink(device, latency_s)
