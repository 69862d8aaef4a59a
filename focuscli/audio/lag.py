"""By how much one sound must be shifted to be most like another, within what no one hears as a shift."""

import numpy as np

from focuscli.audio.block import Block
from focuscli.units import SAMPLE_RATE, frames

MOST_LAG = frames(0.025)
LONGEST_SEARCH = 8 * SAMPLE_RATE
"""Frames around the middle of an overlap that are searched."""

SHORTEST_SEARCH = 4 * MOST_LAG
WORTH = 0.02
"""A shift that raises the correlation by less is none."""


def best_lag(a: Block, b: Block) -> int:
    """The frames by which `b` runs late against `a`: b[t + lag] is most like a[t]. Shapes (frames, 2), weighted.

    The middle counts most. 0 where nothing is gained, or where the sounds are too short to tell.
    """
    count = len(a)
    if count < SHORTEST_SEARCH:
        return 0
    weight = np.sin(np.pi * (np.arange(count) + 0.5) / count).astype(np.float32)[:, None] ** 2
    size = 1 << (count + MOST_LAG - 1).bit_length()
    spectrum = np.conj(np.fft.fft(_as_complex(weight * a), size)) * np.fft.fft(_as_complex(b), size)
    products = np.fft.ifft(spectrum).real  # of a complex product: left with left, and right with right
    around = np.concatenate([products[-MOST_LAG:], products[: MOST_LAG + 1]])
    scale = float(np.sqrt((weight * a * a).sum(dtype=np.float64) * (weight * b * b).sum(dtype=np.float64)))
    best = int(np.argmax(around))
    return best - MOST_LAG if around[best] - around[MOST_LAG] > WORTH * scale else 0


def _as_complex(block: Block) -> np.ndarray[tuple[int], np.dtype[np.complex64]]:
    joined: np.ndarray[tuple[int], np.dtype[np.complex64]]
    joined = np.ascontiguousarray(block, np.float32).view(np.complex64)[:, 0]
    return joined
