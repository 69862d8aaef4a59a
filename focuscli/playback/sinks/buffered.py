"""What every device sink does alike: whatever is written or asked goes to the buffer that its callback reads."""

from focuscli.audio.block import Block
from focuscli.playback.sinks.buffer import DeviceBuffer


class BufferedSink:
    """The half of a device sink that knows no library; the other half opens, aborts and closes the device."""

    def __init__(self, device: str, buffer: DeviceBuffer) -> None:
        self._device = device
        self._buffer = buffer
        self.name = device or "default"

    @property
    def latency_s(self) -> float:
        """Of ring and device together."""
        return self._buffer.latency_s

    @property
    def queued_frames(self) -> int:
        """Written and not yet heard."""
        return self._buffer.queued_frames

    @property
    def missed_frames(self) -> int:
        """Frames of silence that had to be made up."""
        return self._buffer.missed_frames

    def write(self, block: Block) -> None:
        """Queue a block, waiting for room; raises DeviceLost."""
        self._buffer.write(block)

    def drain(self) -> None:
        """Wait until all has been heard; raises DeviceLost."""
        self._buffer.drain()
