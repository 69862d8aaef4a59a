"""K-weighting, the ear's frequency response as ITU-R BS.1770-5 Annex 1 draws it, many frames at a time.

The two second-order stages of the recommendation are given for 48 kHz; for other rates they are designed anew
from their analogue prototype by the bilinear transform (as libebur128 does). The recursion is carried out by
blocks (C. W. Barnes & S. Shinnaka, "Block-shift invariance and block implementation of discrete-time filters",
IEEE Trans. Circuits Syst. 27(8), 1980): within a block it is a product with the matrix of the impulse response,
from one block to the next only four states are handed on, and those, too, by matrices. So numpy does it without
a loop over samples, four times as fast as by FFT.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from focuscli.units import SAMPLE_RATE

_SHELF_HZ, _SHELF_GAIN_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_PASS_HZ, _PASS_Q = 38.13547087602444, 0.5003270373238773

BLOCK = 64
"""Frames of a block."""

GROUP = 32
"""Blocks whose states are found together."""

PIECE_FRAMES = 10 * GROUP * BLOCK
"""Frames that are filtered at once: they stay in a processor's own cache, and no product is large enough for OpenBLAS
to call further threads, which on a busy machine costs more than it saves.
"""

_STATES = 4
_NOTHING = 1e-30
"""States that fade away below this are none: numbers near the smallest there are take processors a hundred times as
long.
"""

Matrix = npt.NDArray[np.float64]
Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Recursion:
    """The filter as s' = A s + B x, y = C s + D x, as matrices over blocks; all are to be multiplied from the right."""

    powers: tuple[Matrix, ...]
    """A to the power of 0 … BLOCK, transposed."""
    output: Samples
    """From the frames of a block to its output, shape (BLOCK, BLOCK)."""
    ringing: Samples
    """From the states at a block's beginning to its output, shape (4, BLOCK)."""
    kick: Matrix
    """From the frames of a block to what they add to the states at its end, shape (BLOCK, 4)."""
    spread: Matrix
    """From what the blocks of a group add to the states at the beginning of each and of what follows the group."""
    decay: Matrix
    """From the states at a group's beginning to those at the same places, shape (4, 4 · (GROUP + 1))."""


@lru_cache(maxsize=8)
def _recursion(sample_rate: int) -> _Recursion:
    (a1, b1, c1, d1), (a2, b2, c2, d2) = _shelf(sample_rate), _high_pass(sample_rate)
    a = np.block([[a1, np.zeros((2, 2))], [np.outer(b2, c1), a2]])
    b, c, d = np.concatenate([b1, b2 * d1]), np.concatenate([d2 * c1, c2]), d1 * d2
    powers = _powers(a, BLOCK)
    impulse = np.array([d, *(c @ power @ b for power in powers[: BLOCK - 1])])
    distance = np.arange(BLOCK)[None, :] - np.arange(BLOCK)[:, None]
    over_blocks = _powers(powers[BLOCK], GROUP)
    spread = np.zeros((GROUP, _STATES, GROUP + 1, _STATES))
    for block in range(GROUP):
        for later in range(block + 1, GROUP + 1):
            spread[block, :, later] = over_blocks[later - 1 - block].T
    return _Recursion(
        powers=tuple(power.T for power in powers),
        output=np.where(distance >= 0, impulse[np.maximum(distance, 0)], 0.0).astype(np.float32),
        ringing=np.array([c @ power for power in powers[:BLOCK]]).T.astype(np.float32),
        kick=np.array([power @ b for power in powers[BLOCK - 1 :: -1]]),
        spread=spread.reshape(GROUP * _STATES, -1),
        decay=np.concatenate([power.T for power in over_blocks], axis=1),
    )


def _powers(matrix: Matrix, highest: int) -> list[Matrix]:
    powers = [np.eye(len(matrix))]
    for _ in range(highest):
        powers.append(powers[-1] @ matrix)
    return powers


_Stage = tuple[Matrix, Matrix, Matrix, float]


def _shelf(sample_rate: int) -> _Stage:
    k = math.tan(math.pi * _SHELF_HZ / sample_rate)
    high = 10.0 ** (_SHELF_GAIN_DB / 20.0)
    band = high**0.4996667741545416
    over = 1.0 / (1.0 + k / _SHELF_Q + k * k)
    b = (high + band * k / _SHELF_Q + k * k, 2.0 * (k * k - high), high - band * k / _SHELF_Q + k * k)
    return _second_order((over * b[0], over * b[1], over * b[2]), k, _SHELF_Q)


def _high_pass(sample_rate: int) -> _Stage:
    return _second_order((1.0, -2.0, 1.0), math.tan(math.pi * _PASS_HZ / sample_rate), _PASS_Q)


def _second_order(b: tuple[float, float, float], k: float, q: float) -> _Stage:
    """The matrices of one stage, transposed direct form II, with the poles of the bilinear transform."""
    over = 1.0 / (1.0 + k / q + k * k)
    a1, a2 = 2.0 * (k * k - 1.0) * over, (1.0 - k / q + k * k) * over
    return (
        np.array([[-a1, 1.0], [-a2, 0.0]]),
        np.array([b[1] - a1 * b[0], b[2] - a2 * b[0]]),
        np.array([1.0, 0.0]),
        b[0],
    )


class KWeighting:
    """The filter with its memory, for the blocks of one sound in their order."""

    step = PIECE_FRAMES
    """Multiples of so many frames are the cheapest blocks."""

    def __init__(self, sample_rate: int = SAMPLE_RATE) -> None:
        self._recursion = _recursion(sample_rate)
        self._states: Matrix | None = None

    def filter(self, block: Samples) -> Samples:
        """The weighted block; shape (frames, channels) as given, the same number of channels each time."""
        starts = range(0, len(block), PIECE_FRAMES)
        pieces = [self._filter_piece(block[start : start + PIECE_FRAMES]) for start in starts]
        return pieces[0] if len(pieces) == 1 else np.concatenate([block[:0], *pieces])

    def _filter_piece(self, piece: Samples) -> Samples:
        frames, channels = piece.shape
        groups = -(-frames // (GROUP * BLOCK))
        padded = np.zeros((channels, groups * GROUP * BLOCK), np.float32)
        padded[:, :frames] = piece.T
        states = self._states_in(padded, groups)
        self._states = self._states_after(frames, padded, states)
        begins = states[:, :, :GROUP].reshape(-1, GROUP, _STATES).astype(np.float32)
        weighted = np.matmul(padded.reshape(-1, GROUP, BLOCK), self._recursion.output)
        weighted += np.matmul(begins, self._recursion.ringing)
        return np.asarray(weighted.reshape(channels, -1)[:, :frames].T)

    def _states_in(self, padded: Samples, groups: int) -> Matrix:
        """At the beginning of each block, and behind each group; shape (channels, groups, GROUP + 1, 4)."""
        channels, recursion = len(padded), self._recursion
        kicks = padded.reshape(-1, GROUP, BLOCK).astype(np.float64) @ recursion.kick
        states = kicks.reshape(channels, groups, -1) @ recursion.spread
        now = np.zeros((channels, _STATES)) if self._states is None else self._states
        for group in range(groups):
            states[:, group] += now @ recursion.decay
            now = states[:, group, -_STATES:]
        return states.reshape(channels, groups, GROUP + 1, _STATES)

    def _states_after(self, frames: int, padded: Samples, states: Matrix) -> Matrix:
        """Behind the last frame, which may lie within a block."""
        group, within = divmod(frames - 1, GROUP * BLOCK)
        block, rest = divmod(within + 1, BLOCK)
        after: Matrix = states[:, group, block] @ self._recursion.powers[rest]
        if rest:
            after = after + padded[:, frames - rest : frames].astype(np.float64) @ self._recursion.kick[BLOCK - rest :]
        after[np.abs(after) < _NOTHING] = 0.0
        return after
