"""Rounding to 16 bits with triangular dither that depends on nothing but the frame's place in the session.

Two overlapping segments, rendered apart, round their shared frames alike, so the overlap of their files is
the same to the bit. TPDF of two quantisation steps' width makes the error independent of the signal in mean
and variance (Lipshitz, Wannamaker & Vanderkooy, "Quantization and dither: a theoretical survey",
J. Audio Eng. Soc. 40(5), 1992).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

FULL_SCALE = 32768.0
BLOCK = 1 << 16
"""Frames whose dither is made together; part of the format of the noise, so never changed."""

_KEY = 0x666F637573


def to_int16(samples: NDArray[np.float32], first_frame: int) -> NDArray[np.int16]:
    """Round float32 samples, shape (frames, channels), full scale ±1, to 16 bits.

    `first_frame` is the absolute frame of the session at which the samples begin, from 0. Values beyond
    full scale are clipped.
    """
    frames, channels = samples.shape
    rounded = np.empty((frames, channels), np.int16)
    done = 0
    while done < frames:
        block, offset = divmod(first_frame + done, BLOCK)
        count = min(frames - done, BLOCK - offset)
        scaled = samples[done : done + count] * np.float32(FULL_SCALE)
        scaled += _triangular(block, channels)[offset : offset + count]
        np.rint(scaled, out=scaled)
        rounded[done : done + count] = np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1, out=scaled)
        done += count
    return rounded


@lru_cache(maxsize=1)
def _triangular(block: int, channels: int) -> NDArray[np.float32]:
    """Noise in ±1 steps, shape (BLOCK, channels): the difference of two uniform 16-bit numbers a sample.

    The last one is kept: who writes in small pieces asks for it again and again.
    """
    numbers = np.random.Philox(key=[_KEY, block]).random_raw(BLOCK * channels // 2).astype("<u8", copy=False)
    pairs = numbers.view("<u2").reshape(-1, 2)
    noise: NDArray[np.float32] = np.subtract(pairs[:, 0], pairs[:, 1], dtype=np.float32)
    noise *= np.float32(1 / 65536)
    return noise.reshape(BLOCK, channels)
