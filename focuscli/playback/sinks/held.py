"""A device's frames, held where they can be written anew until the device takes them."""

from collections.abc import Callable

import numpy as np

from focuscli.audio.block import Block, silence
from focuscli.clock import Clock, SystemClock
from focuscli.errors import DeviceLost
from focuscli.playback.ring import Ring
from focuscli.units import SAMPLE_RATE, seconds

CAPACITY_FRAMES = 1 << 18
"""5.5 s: whatever keeps the interpreter for so long is not heard. A control waits for none of it."""

START_FRAMES = SAMPLE_RATE // 4
"""What must be in hand before the device is given the first frame."""

MENDED_FRAMES = 240
"""5 ms: where a replacement comes too late, the sound goes over from the old frames to the new ones in this time."""

PUSHING_FRAMES = 2048
"""Silence after the end, beyond what the device says it buffers: it counts in blocks of its own."""

STALLED_S = 5.0
"""A device that has taken nothing for so long has gone, whatever it says."""

LONGEST_STEP_S = 0.25
"""What one look at a still device counts for at the most: a program that was stopped has seen nothing."""

NAP_S = 0.005


def gone() -> DeviceLost:
    """The error for a device that went away."""
    return DeviceLost("the sound device went away", hint="plug it in again, or choose another: focus devices")


class HeldSink:
    """The half of a device sink that knows no library; the other half opens, asks and closes the device.

    Frames are numbered from the first that was written. The other half tells `_taken`, `_soonest` (which frame can
    still be replaced) and `_heard`, puts frames with `_store`, and says with `_is_alive` whether there is a device.
    """

    returns = True

    def __init__(self, device: str, ring: Ring, clock: Clock | None = None) -> None:
        self._device = device
        self._ring = ring
        self._clock = clock or SystemClock()
        self._cursor = 0
        self._mends = False
        self._ends = False
        self._still_s = 0.0
        self._looked_at = (0.0, -1)
        self.name = device or "default"
        self.missed_frames = 0

    @property
    def queued_frames(self) -> int:
        """Written and not yet heard."""
        return max(0, self._cursor - max(0, self._heard()))

    @property
    def is_there(self) -> bool:
        """Whether there is still a device."""
        return self._is_alive()

    @property
    def room_frames(self) -> int:
        """What can be written at once; raises DeviceLost."""
        self._look()
        return max(0, self._taken() + self._ring.capacity - self._cursor)

    @property
    def loose_frames(self) -> int:
        """The newest frames of those written, as far as they can be replaced."""
        return max(0, self._cursor - self._soonest())

    def take_back(self, count: int) -> None:
        """What is written next takes the place of the newest frames."""
        self._cursor -= count

    def write(self, block: Block) -> None:
        """Queue a block, waiting for room; raises DeviceLost."""
        self._until(lambda: self.room_frames >= len(block))
        if self._cursor < self._ring.end:
            self._store(*self._mended(block))
        else:
            self._mends = False
            self._store(self._cursor, block)
        self._cursor += len(block)

    def drain(self) -> None:
        """Wait until all has been heard; raises DeviceLost.

        What was taken back and not written anew is not wanted any more. Silence pushes the last frames out: to stop
        the device would cut off what it buffers.
        """
        pushing = self._device_frames() + PUSHING_FRAMES
        end, rest = self._cursor, max(pushing, self._ring.end - self._cursor)
        self._until(lambda: self.room_frames >= pushing)
        self._ends = True
        self._store(*self._mended(silence(rest)))
        self._begin()
        self._until(lambda: self._taken_now() >= end + pushing)

    def _mended(self, block: Block) -> tuple[int, Block]:
        """Where a replacement can begin, and what of it: late, it grows out of the frames that are played instead."""
        at, soonest = self._cursor, self._soonest()
        late = min(len(block), max(0, soonest - at))
        self._mends = self._mends or late > 0
        if not self._mends:
            return at, block
        rest = block[late:].copy()
        count = min(MENDED_FRAMES, len(rest), self._ring.end - at - late)
        if count > 0:
            old = self._ring.get(at + late, count)
            share = ((np.arange(count, dtype=np.float32) + 0.5) / np.float32(count))[:, None]
            rest[:count] = old + share * (rest[:count] - old)
            self._mends = False
        return at + late, rest

    def _until(self, is_done: Callable[[], bool]) -> None:
        while not is_done():
            self._clock.sleep(NAP_S)
            self._look()

    def _look(self) -> None:
        """Raise DeviceLost where there is no device, or none that takes anything."""
        if not self._is_alive():
            raise gone()
        now, taken = self._clock.monotonic(), self._progress()
        before, taken_before = self._looked_at
        moved = taken != taken_before
        self._still_s = 0.0 if moved else self._still_s + min(LONGEST_STEP_S, now - before)
        self._looked_at = (now, taken)
        if self._still_s > STALLED_S and self._ring.filled:
            raise gone()

    def _missed_since(self, dry_at: float) -> None:
        """Nothing was there from that moment on until now."""
        self.missed_frames += max(1, round((self._clock.monotonic() - dry_at) * SAMPLE_RATE))

    @property
    def latency_s(self) -> float:
        """From writing to hearing, when all buffers are full."""
        return seconds(self._ring.capacity + self._device_frames())

    def _progress(self) -> int:
        """A number that grows as long as the device takes frames, or silence in their place."""
        return self._taken()

    def _begin(self) -> None:
        """There will be no more frames to wait for before the device is given the first one."""

    def _taken(self) -> int:
        raise NotImplementedError

    def _taken_now(self) -> int:
        """The same for who waits for it."""
        return self._taken()

    def _soonest(self) -> int:
        raise NotImplementedError

    def _heard(self) -> int:
        return self._taken() - self._device_frames()

    def _device_frames(self) -> int:
        raise NotImplementedError

    def _is_alive(self) -> bool:
        raise NotImplementedError

    def _store(self, at: int, block: Block) -> None:
        """Frames from number `at` on, some of which may replace others."""
        known = max(0, min(len(block), self._ring.end - at))
        self._ring.replace(at, block[:known])
        self._ring.put(block[known:])
