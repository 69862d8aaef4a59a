"""From a span of a session to its frames."""

import contextlib
import ctypes
import sys
from abc import ABC, abstractmethod
from collections import OrderedDict
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from focuscli.music.character import character_of
from focuscli.music.master import CELL, CELLS, REACH, drive, limit, needed_gain
from focuscli.music.mix import Mixer, control_times
from focuscli.music.pads import prepare
from focuscli.music.reverb import BLOCK
from focuscli.music.signals import Signal
from focuscli.music.timeline import Piece, Span, spans
from focuscli.units import CHANNELS

_KEPT_BLOCKS = 3


def render_span(piece: Piece, span: Span) -> NDArray[np.float32]:
    """The frames of any absolute span, shape (frames, 2).

    Pure: the same bytes in every process and after every history, so spans that overlap share their frames.
    One thread at a time.
    """
    return _performance(piece).frames(span)


def render_segment(piece: Piece, index: int) -> NDArray[np.float32]:
    """The frames of one segment, shape (frames, 2)."""
    return render_span(piece, spans(piece)[index])


def warm_up() -> None:
    """Make what every session needs and none has of its own; a few milliseconds, the imports apart."""
    prepare()


class Mastered(ABC):
    """Sound that is made in blocks and limited as one: whoever makes the blocks keeps them pure."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[int, tuple[Signal, Signal]] = OrderedDict()

    @abstractmethod
    def made(self, block: int) -> tuple[Signal, Signal]:
        """A block at its planned loudness, shape (2, BLOCK), and the gain that each of its cells needs."""

    def frames(self, span: Span) -> NDArray[np.float32]:
        """The mastered frames of a span."""
        out = np.empty((span.frames, CHANNELS), np.float32)
        for block in range(span.start // BLOCK, -(-span.stop // BLOCK)):
            first, last = max(span.start, block * BLOCK), min(span.stop, (block + 1) * BLOCK)
            inner = slice(first - block * BLOCK, last - block * BLOCK)
            self._master(block, inner, out[first - span.start : last - span.start])
        return out

    def _master(self, block: int, inner: slice, out: NDArray[np.float32]) -> None:
        """Write the frames within `inner` of a block to `out`; its neighbours are made only if they are needed."""
        margin = (REACH + 1) * CELL
        bus, here = self._kept(block)  # first: what it sends into the room is kept for the next block
        needed = np.ones(CELLS + 2 * REACH, np.float32)
        needed[REACH:-REACH] = here
        if inner.start < margin and block > 0:
            needed[:REACH] = self._kept(block - 1)[1][-REACH:]
        if inner.stop > BLOCK - margin:
            needed[-REACH:] = self._kept(block + 1)[1][:REACH]
        limit(bus, needed, inner, out)

    def _kept(self, block: int) -> tuple[Signal, Signal]:
        found = self._blocks.get(block)
        if found is None:
            found = self._blocks[block] = self.made(block)
            if len(self._blocks) > _KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        return found


class Performance(Mastered):
    """One session being played by its mixer."""

    def __init__(self, piece: Piece) -> None:
        super().__init__()
        self._piece = piece
        self._mixer = Mixer(piece)
        self._drive = character_of(piece).drive

    def made(self, block: int) -> tuple[Signal, Signal]:
        bus = self._mixer.bus(block)
        peaks = drive(bus, self._piece, self._drive, control_times(block))
        return bus, needed_gain(bus, peaks)


@lru_cache(maxsize=2)
def _performance(piece: Piece) -> Performance:
    return Performance(piece)


def _keep_big_arrays_on_the_heap() -> None:
    """glibc maps and unmaps every large array anew, and its pages are faulted in each time: a third of the work."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None)
            libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
            libc.mallopt(-1, 1 << 29)  # M_TRIM_THRESHOLD
            libc.mallopt(-2, 32 << 20)  # M_TOP_PAD


_keep_big_arrays_on_the_heap()
