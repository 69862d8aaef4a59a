"""The output device, through PortAudio or else miniaudio."""

from focuscli.audio.block import Block
from focuscli.playback.sink import Device


def devices() -> list[Device]:
    """Every output device."""
    raise NotImplementedError


class DeviceSink:
    """Chooses the sound library and the device when it is opened."""

    name = ""
    latency_s = 0.3
    queued_frames = 0
    missed_frames = 0

    def __init__(self, device: str, latency_s: float) -> None:
        self._device = device
        self.latency_s = latency_s

    def open(self) -> None:
        """Load the library, open and start the device."""
        raise NotImplementedError

    def write(self, block: Block) -> None:
        """Queue a block."""
        raise NotImplementedError

    def drain(self) -> None:
        """Play what is queued."""
        raise NotImplementedError

    def abort(self) -> None:
        """Stop now."""
        raise NotImplementedError

    def close(self) -> None:
        """Release the device."""
        raise NotImplementedError
