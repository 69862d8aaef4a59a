"""A device that calls Python when it wants frames."""

from focuscli.audio.block import Block
from focuscli.clock import Clock
from focuscli.playback.ring import Ring
from focuscli.playback.sinks.held import CAPACITY_FRAMES, START_FRAMES, HeldSink
from focuscli.units import frames

LEAST_LATENCY_S = 0.3
"""What a device must hold when it has to wait for the interpreter, so that little is ever missed."""


class CalledSink(HeldSink):
    """The mixing thread writes, the device's callback reads; the callback copies, pads, counts, no more."""

    def __init__(self, device: str, latency_s: float, clock: Clock | None = None) -> None:
        super().__init__(device, Ring(CAPACITY_FRAMES), clock)
        self.device_frames: int = frames(latency_s)
        """What the device buffers itself; known better once it is open."""
        self._flows = False
        self._silent = 0
        self._largest = 0

    def fill(self, out: Block) -> None:
        """Called by the device, in its own thread: frames as far as there are some, then silence."""
        self._flows = self._flows or self._may_flow()
        self._largest = max(self._largest, len(out))
        taken = self._ring.take(out) if self._flows else 0
        lacking = len(out) - taken
        if lacking:
            out[taken:] = 0.0
            if not self._flows:
                self._silent += lacking
            elif not self._ends:
                self.missed_frames += lacking

    def ran_dry(self, count: int) -> None:
        """Called by the device where it was short of frames although it had been given all it asked for."""
        if self._flows and not self._ends:
            self.missed_frames += count

    def _may_flow(self) -> bool:
        """A device that starts swallows its whole latency at once, so it is given silence for that; and the writer
        starts with slack in hand, unless it has no more to write.
        """
        return (self._ends or self._ring.filled >= START_FRAMES) and self._silent >= self.device_frames

    def _progress(self) -> int:
        return self._ring.taken + self._silent + self.missed_frames

    def _taken(self) -> int:
        return self._ring.taken

    def _soonest(self) -> int:
        return self._ring.taken + self._largest + frames(0.01)

    def _device_frames(self) -> int:
        return self.device_frames
