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
