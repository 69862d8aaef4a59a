"""Sixteen bits for a file: exact where the sound has no more, dithered where it has."""

import numpy as np
import numpy.typing as npt

from focuscli.audio.block import Block
from focuscli.audio.dither import FULL_SCALE, to_int16

FIRST_LOOK = 256
"""Frames."""


def to_pcm16(block: Block, first_frame: int) -> npt.NDArray[np.int16]:
    """A block, shape (frames, channels), in 16 bits.

    Where every sample is a 16-bit one already (an engine's own 16-bit segment at 0 dB), it is kept to the bit:
    rounding it again would only add noise.
    """
    exact = _exact(block[:FIRST_LOOK])  # most blocks are told by their beginning
    if exact is not None and len(block) > FIRST_LOOK:
        exact = _exact(block)
    return to_int16(block, first_frame) if exact is None else exact


def _exact(block: Block) -> npt.NDArray[np.int16] | None:
    """The samples as they are, if all of them are 16-bit ones."""
    scaled = block * np.float32(FULL_SCALE)
    rounded = np.rint(scaled)
    if np.array_equal(scaled, rounded) and (not len(block) or np.abs(rounded + 0.5).max() < FULL_SCALE):
        return np.asarray(rounded, dtype=np.int16)
    return None
