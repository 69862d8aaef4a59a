"""Sums of decaying partials as one matrix product.

A damped partial is a geometric sequence, so on a grid of rows and columns it is separable:
z^(512 row + column) = z^(512 row) · z^column. The sum over partials is then a product of a matrix of rows and a
matrix of columns: exact, free of aliasing (partials near Nyquist are left out) and as fast as BLAS.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from focuscli.music.signals import TONE_RATE, Curve, Signal, Spectrum

_COLUMNS = 512
_HIGHEST_HZ = 0.45 * TONE_RATE


class Partials(NamedTuple):
    """A sound as partials, each array of shape (partials,)."""

    frequency: Curve
    """Hz."""
    decay: Curve
    """1/s: the amplitude falls by e in 1/decay seconds."""
    left: NDArray[np.complex128]
    """Amplitude and phase in the left channel."""
    right: NDArray[np.complex128]

    def audible(self) -> "Partials":
        """Without what would alias or is too weak to be heard."""
        loudest = max(float(np.abs(self.left).max()), float(np.abs(self.right).max()))
        strong = np.maximum(np.abs(self.left), np.abs(self.right)) > 2e-4 * loudest
        kept = strong & (self.frequency < _HIGHEST_HZ)
        return Partials(self.frequency[kept], self.decay[kept], self.left[kept], self.right[kept])


def render(partials: Partials, frames: int) -> Signal:
    """The partials' sum at the tones' rate, shape (2, frames)."""
    rows = -(-frames // _COLUMNS)
    pole = -partials.decay + 2j * math.pi * partials.frequency
    across = _powers(pole, rows, _COLUMNS / TONE_RATE)
    along = _powers(pole, _COLUMNS, 1.0 / TONE_RATE)
    count = len(pole)
    left_side = np.empty((2 * rows, 2 * count), np.float32)
    for channel, amplitude in enumerate((partials.left, partials.right)):
        scaled = across * amplitude.astype(np.complex64)
        left_side[channel * rows : (channel + 1) * rows, :count] = scaled.real
        np.negative(scaled.imag, out=left_side[channel * rows : (channel + 1) * rows, count:])
    right_side = np.concatenate((along.real, along.imag), axis=1)
    sound: Signal = (left_side @ right_side.T).reshape(2, rows * _COLUMNS)
    return sound[:, :frames]


def _powers(pole: NDArray[np.complex128], count: int, step_s: float) -> Spectrum:
    """exp(pole · n · step) for n = 0…count-1 as an outer product of two short tables: shape (count, partials)."""
    fine = 1 << ((max(2, count) - 1).bit_length() // 2 + 1)
    coarse = -(-count // fine)
    near = _geometric(np.exp(pole * step_s), fine + 1)
    far = _geometric(near[fine], coarse).astype(np.complex64)
    table: Spectrum = (far[:, None, :] * near[:fine].astype(np.complex64)).reshape(fine * coarse, -1)
    return table[:count]


def _geometric(ratio: NDArray[np.complex128], count: int) -> NDArray[np.complex128]:
    """1, z, z², … by doubling, which is several times as fast as so many exponentials; shape (count, len(ratio))."""
    powers = np.empty((count, len(ratio)), np.complex128)
    powers[0], done, ahead = 1.0, 1, ratio
    while done < count:
        more = min(done, count - done)
        np.multiply(powers[:more], ahead, out=powers[done : done + more])
        done, ahead = done + more, ahead * ahead
    return powers
