"""What lies between the mixing thread and a device that calls when it wants frames."""

from collections.abc import Callable

from focuscli.audio.block import Block
from focuscli.clock import Clock, SystemClock
from focuscli.errors import DeviceLost
from focuscli.playback.ring import Ring
from focuscli.units import frames, seconds

LEAST_RING_FRAMES = 16384
"""341 ms on top of what the device itself buffers: on a busy machine the mixing thread is kept waiting for 180 ms."""

STALLED_S = 3.0
"""A device that has moved nothing for so long has gone, whatever it says."""

DRAIN_FRAMES = 2048
"""Silence beyond what the device says it buffers: it counts in blocks of its own."""

NAP_S = 0.01


class DeviceBuffer:
    """The mixing thread writes, the device's callback reads; the callback copies, pads, counts, no more."""

    def __init__(self, latency_s: float, is_alive: Callable[[], bool], clock: Clock | None = None) -> None:
        self._ring = Ring(max(LEAST_RING_FRAMES, 3 * frames(latency_s) // 5))  # devices ask for up to half at a time
        self._is_alive = is_alive
        self._clock = clock or SystemClock()
        self._flows = False
        self._ends = False
        self._written = 0
        self._padded = 0
        self._silent = 0
        self.device_frames = frames(latency_s)
        """What the device buffers itself; known better once it is open."""
        self.missed_frames = 0

    @property
    def latency_s(self) -> float:
        """From writing to hearing, when the ring is full."""
        return seconds(self._ring.capacity + self.device_frames)

    @property
    def queued_frames(self) -> int:
        """Written, but still in the ring or in the device."""
        in_device = max(0, self.device_frames - self._padded)
        return min(self._written, self._ring.filled + in_device)

    def fill(self, out: Block) -> None:
        """Called by the device, in its own thread: frames as far as there are some, then silence."""
        self._flows = self._flows or self._may_flow()
        taken = self._ring.take(out) if self._flows else 0
        lacking = len(out) - taken
        if lacking:
            out[taken:] = 0.0
            if not self._flows:
                self._silent += lacking
            elif self._ends:
                self._padded += lacking
            else:
                self.missed_frames += lacking

    def _may_flow(self) -> bool:
        """A device that starts swallows its whole latency at once, so it is given silence for that; and the writer
        starts with slack in hand, unless it has no more to write.
        """
        primed = self._ends or self._ring.filled >= 3 * self._ring.capacity // 4
        return primed and self._silent >= self.device_frames

    def ran_dry(self, count: int) -> None:
        """Called by the device where it was short of frames although it had been given all it asked for."""
        if self._flows and not self._ends:
            self.missed_frames += count

    def write(self, block: Block) -> None:
        """Queue a block, waiting for room; raises DeviceLost."""
        done = 0

        def put() -> bool:
            nonlocal done
            done += self._ring.put(block[done:])
            return done == len(block)

        self._until(put)
        self._written += len(block)

    def drain(self) -> None:
        """Wait until all has been played: silence pushes it out, where a stop would cut off the device's buffer."""
        self._ends = True
        self._until(lambda: not self._ring.filled and self._padded >= self.device_frames + DRAIN_FRAMES)

    def _until(self, is_done: Callable[[], bool]) -> None:
        moved_at, before = self._clock.monotonic(), self._moved()
        while not is_done():
            now, moved = self._clock.monotonic(), self._moved()
            if moved != before:
                moved_at, before = now, moved
            if not self._is_alive() or now - moved_at > STALLED_S:
                raise DeviceLost(
                    "the sound device went away", hint="plug it in again, or choose another: focus devices"
                )
            self._clock.sleep(NAP_S)

    def _moved(self) -> tuple[int, int]:
        return self._ring.filled, self._padded + self._silent
