"""The array types of this room, and how few control points become a curve of many frames."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from focuscli.units import SAMPLE_RATE

Signal = NDArray[np.float32]
"""Samples: shape (frames,) in mono, (2, frames) for left and right."""

Spectrum = NDArray[np.complex64]
Curve = NDArray[np.float64]
"""Values at control points or frequencies."""

CONTROL = 512
"""Frames between two control points."""

TONE_RATE = SAMPLE_RATE // 2
"""Frames a second of all that has a pitch, of beds and pads: nothing in them lies above 11 kHz."""
TONE_CONTROL = CONTROL // 2
"""Frames at that rate between two control points."""

STRIP = 64 * CONTROL
"""Frames that are worked on at a time, so that they stay in the processor's cache."""


@lru_cache(maxsize=4)
def _lines(cell: int) -> Signal:
    """From a cell's two ends to its frames."""
    rising = np.arange(cell, dtype=np.float32) / np.float32(cell)
    return np.stack((np.float32(1.0) - rising, rising))


def upsample(points: Curve, out: Signal | None = None, cell: int = CONTROL) -> Signal:
    """Straight lines through control points: shape (n + 1,) becomes (n * cell,)."""
    values = points.astype(np.float32)
    curve = np.empty((len(values) - 1) * cell, np.float32) if out is None else out
    ends = np.empty((len(values) - 1, 2), np.float32)
    ends[:, 0], ends[:, 1] = values[:-1], values[1:]
    np.matmul(ends, _lines(cell), out=curve.reshape(-1, cell))
    return curve


def strips(frames: int, length: int = STRIP) -> Iterator[slice]:
    """The strips of an array of so many frames, a multiple of the control cell, in order."""
    for start in range(0, frames, length):
        yield slice(start, min(frames, start + length))


def points_of(strip: slice, cell: int = CONTROL) -> slice:
    """The control points of a strip, both its ends included."""
    return slice(strip.start // cell, strip.stop // cell + 1)


@lru_cache(maxsize=64)
def raised_cosine(frames: int) -> Signal:
    """From 0 to 1 with a level start and a level end; not to be written to."""
    angle = np.linspace(0.0, np.pi, frames, endpoint=False)
    rise: Signal = (0.5 - 0.5 * np.cos(angle)).astype(np.float32)
    rise.flags.writeable = False
    return rise
