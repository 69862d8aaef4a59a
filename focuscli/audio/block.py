"""A block of sound: the array that every stage takes and gives."""

import numpy as np
import numpy.typing as npt

Block = npt.NDArray[np.float32]
"""Shape (frames, channels), full scale ±1."""


def silence(frames: int, channels: int = 2) -> Block:
    """So many frames of nothing."""
    return np.zeros((frames, channels), np.float32)
