"""The array types of this room, and how few control points become a curve of many frames."""

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


def upsample(points: Curve) -> Signal:
    """Straight lines through control points: shape (n + 1,) becomes (n * CONTROL,)."""
    values = points.astype(np.float32)
    curve: Signal = ((values[1:] - values[:-1])[:, None] * _RAMP + values[:-1, None]).reshape(-1)
    return curve


def raised_cosine(frames: int) -> Signal:
    """From 0 to 1 with a level start and a level end."""
    angle = np.linspace(0.0, np.pi, frames, endpoint=False)
    rise: Signal = (0.5 - 0.5 * np.cos(angle)).astype(np.float32)
    return rise
