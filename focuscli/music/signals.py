"""The array types of this room, and how few control points become a curve of many frames."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float32]
"""Samples: shape (frames,) in mono, (2, frames) for left and right."""

Spectrum = NDArray[np.complex64]
Curve = NDArray[np.float64]
"""Values at control points or frequencies."""

CONTROL = 512
"""Frames between two control points."""

_RAMP = (np.arange(CONTROL, dtype=np.float32) / CONTROL)[None, :]


STRIP = 64 * CONTROL
"""Frames that are worked on at a time, so that they stay in the processor's cache."""


def upsample(points: Curve, out: Signal | None = None) -> Signal:
    """Straight lines through control points: shape (n + 1,) becomes (n * CONTROL,)."""
    values = points.astype(np.float32)
    curve = np.empty((len(values) - 1) * CONTROL, np.float32) if out is None else out
    grid = curve.reshape(-1, CONTROL)
    np.multiply((values[1:] - values[:-1])[:, None], _RAMP, out=grid)
    grid += values[:-1, None]
    return curve


def strips(frames: int) -> Iterator[slice]:
    """The strips of an array of so many frames, a multiple of CONTROL, in order."""
    for start in range(0, frames, STRIP):
        yield slice(start, min(frames, start + STRIP))


def points_of(strip: slice) -> slice:
    """The control points of a strip, both its ends included."""
    return slice(strip.start // CONTROL, strip.stop // CONTROL + 1)


def raised_cosine(frames: int) -> Signal:
    """From 0 to 1 with a level start and a level end."""
    angle = np.linspace(0.0, np.pi, frames, endpoint=False)
    rise: Signal = (0.5 - 0.5 * np.cos(angle)).astype(np.float32)
    return rise
