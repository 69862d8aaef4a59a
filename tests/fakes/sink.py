"""A sink that keeps what it was given and holds its callers to the contract."""

from collections.abc import Callable

import numpy as np

from focuscli.audio.block import Block, silence
from focuscli.errors import DeviceLost, NoDevice
from focuscli.playback.sink import Unheld


class MemorySink(Unheld):
    """Keeps every frame. `on_open`, and `on_write` with the frames so far after each block, are a test's baton."""

    def __init__(
        self,
        on_write: Callable[[int], None] = lambda _frames: None,
        *,
        on_open: Callable[[], None] = lambda: None,
        lost_after: int | None = None,
        latency_frames: int = 0,
        returns_at: int | None = None,
    ) -> None:
        self.returns = returns_at is not None
        self._refusals = returns_at or 0
        self.name = "memory"
        self.latency_s = latency_frames / 48_000
        self.missed_frames = 0
        self.calls: list[str] = []
        self.frames = 0
        self._blocks: list[Block] = []
        self._on_write = on_write
        self._on_open = on_open
        self._lost_after = lost_after
        self._latency_frames = latency_frames

    @property
    def sound(self) -> Block:
        """All that was written, shape (frames, 2)."""
        return np.concatenate([silence(0), *self._blocks])

    @property
    def queued_frames(self) -> int:
        """As a device that always has its latency's worth of frames in hand."""
        return 0 if self.calls[-1] == "drain" else min(self.frames, self._latency_frames)

    def open(self) -> None:
        """The first call, and again after a loss, where it fails `returns_at` times."""
        assert self.calls == [] or (self.returns and self.calls[-1] == "close"), f"open after {self.calls}"
        if self.calls and self._refusals:
            self._refusals -= 1
            raise NoDevice("not yet")
        self.calls.append("open")
        self._on_open()

    def write(self, block: Block) -> None:
        """Any number of times after open."""
        assert self.calls[-1] in ("open", "write"), f"write after {self.calls[-1]}"
        assert block.dtype == np.float32
        assert block.ndim == 2
        assert block.shape[1] == 2
        assert np.isfinite(block).all()
        if self.calls[-1] != "write":
            self.calls.append("write")
        if self._lost_after is not None and self.frames + len(block) > self._lost_after:
            self._lose()
        self.frames += len(block)
        self._blocks.append(block.copy())
        self._on_write(self.frames)

    def _lose(self) -> None:
        """What it holds is never heard."""
        heard = self.sound[: self.frames - min(self.frames, self._latency_frames)]
        self._blocks, self._lost_after = [heard], None
        raise DeviceLost("the device went away")

    def drain(self) -> None:
        """Once, after writes."""
        assert self.calls[-1] in ("open", "write"), f"drain after {self.calls[-1]}"
        self.calls.append("drain")

    def abort(self) -> None:
        """Instead of drain."""
        assert self.calls[-1] in ("open", "write", "drain"), f"abort after {self.calls[-1]}"
        self.calls.append("abort")

    def close(self) -> None:
        """The last call."""
        assert "open" in self.calls
        self.calls.append("close")


class DeepSink:
    """A device that holds a second of sound, which can be taken back; time passes where it is asked for room.

    `on_heard` is called with the frames heard so far whenever some more are.
    """

    CAPACITY, STEP, MARGIN = 48_000, 4_800, 1_200

    def __init__(self, on_heard: Callable[[int], None], on_open: Callable[[], None]) -> None:
        self.name = "deep"
        self.returns = False
        self.is_there = True
        self.latency_s = 1.0
        self.missed_frames = 0
        self._tape = silence(0)
        self._cursor = 0
        self._heard = 0
        self._on_heard = on_heard
        self._on_open = on_open

    @property
    def sound(self) -> Block:
        """All that was heard, shape (frames, 2)."""
        return self._tape[: self._heard]

    @property
    def queued_frames(self) -> int:
        """Written and not heard."""
        return self._cursor - self._heard

    @property
    def room_frames(self) -> int:
        """Where there is little, some more is heard first."""
        if self.CAPACITY - self.queued_frames < self.STEP:
            self._hear(self.STEP)
        return self.CAPACITY - self.queued_frames

    @property
    def loose_frames(self) -> int:
        """All but what the device is about to take; it takes some whenever it is asked in vain."""
        loose = max(0, self.queued_frames - self.MARGIN)
        if self._asked:
            self._hear(min(self.queued_frames, 3 * self.STEP))
        self._asked = True
        return min(loose, max(0, self.queued_frames - self.MARGIN))

    _asked = False

    def open(self) -> None:
        """The first call."""
        self._on_open()

    def take_back(self, count: int) -> None:
        """No more than was loose."""
        assert 0 <= count <= self.queued_frames - self.MARGIN or not count
        self._cursor -= count

    def write(self, block: Block) -> None:
        """In the place of what was taken back, and on."""
        assert len(block) <= self.CAPACITY - self.queued_frames
        assert np.isfinite(block).all()
        self._asked = False
        self._tape = np.concatenate([self._tape[: self._cursor], block, self._tape[self._cursor + len(block) :]])
        self._cursor += len(block)

    def drain(self) -> None:
        """All is heard that was not taken back."""
        self._heard = self._cursor

    def abort(self) -> None:
        """Nothing more is heard."""

    def close(self) -> None:
        """Nothing is held."""

    def _hear(self, frames: int) -> None:
        self._heard += frames
        self._on_heard(self._heard)
