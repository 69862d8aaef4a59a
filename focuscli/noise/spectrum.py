"""Noise that was never heard before: frames of random spectra under moving bands, laid over each other.

Each frame of 85 ms has a spectrum of its own, drawn by its absolute number, so none comes back in a session and
every process makes the same. Frames overlap at equal power, which leaves neither a seam nor a pulse in noise.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from focuscli.music.noise import words
from focuscli.music.reverb import BLOCK
from focuscli.music.signals import Curve, Signal
from focuscli.music.spectra import bin_hertz, inverse
from focuscli.music.weighting import k_weight
from focuscli.units import CHANNELS, SAMPLE_RATE

FRAME = 4096
_FADE = 1024
HOP = FRAME - _FADE
BINS = FRAME // 2
"""The highest bin, at half the sample rate, stays empty."""
_ONE_BELOW_HZ, _TWO_ABOVE_HZ = 130.0, 420.0
"""Left and right are one sound below, two above: bass that a single loudspeaker does not lose."""
_LEFTOVER = 0.1
"""How much of the left is in the right where they are two."""
_SCALE = 2.0**-15
_WORD_PARTS = 4


def hertz() -> Curve:
    """The frequency of each bin in Hz, shape (BINS,); that of the first is not zero, so that it has a logarithm."""
    frequency = bin_hertz(FRAME)[:BINS]
    frequency[0] = 0.5 * frequency[1]
    return frequency


def rows_of(block: int) -> range:
    """The numbers of all frames that sound in a block."""
    return range(block * BLOCK // HOP - 1, -(-(block + 1) * BLOCK // HOP))


def times_of(rows: range) -> Curve:
    """The middles of frames in seconds."""
    times: Curve = (np.arange(rows.start, rows.stop) * HOP + 0.5 * FRAME) / SAMPLE_RATE
    return times


def noise(block: int, seed: int, left: Signal, right: Signal, bands: Signal) -> Signal:
    """A block of noise, shape (2, BLOCK).

    `left` and `right` are the amplitudes of each band in each frame of `rows_of(block)`, shape (frames, bands);
    `bands` are the bands' amplitudes over frequency, shape (bands, BINS).
    """
    rows = rows_of(block)
    parts = np.repeat(bands, 2, axis=1) * np.float32(_SCALE)  # the real and the imaginary part of each bin
    out = np.empty((CHANNELS, len(rows), HOP), np.float32)
    last = np.zeros((CHANNELS, _FADE), np.float32)
    for first in range(0, len(rows), _TOGETHER):
        here = slice(first, min(len(rows), first + _TOGETHER))
        spectra = _white(rows[here], seed)
        for channel, gains in enumerate((left, right)):
            spectra[:, channel] *= gains[here] @ parts
        last = _lay(_sounding(spectra), last, out[:, here])
    start = block * BLOCK - rows.start * HOP
    return out.reshape(CHANNELS, -1)[:, start : start + BLOCK]


_TOGETHER = 8
"""Frames that are worked on together, so that they stay in the processor's cache."""


def _white(rows: range, seed: int) -> Signal:
    """Random real and imaginary parts, evenly in ±2^15, shape (frames, 2, 2 BINS)."""
    each = CHANNELS * BINS * 2 // _WORD_PARTS
    drawn = words((rows.start + 1) * each, len(rows) * each, seed, "noise").view(np.int16)
    spectra = drawn.reshape(len(rows), CHANNELS, 2 * BINS).astype(np.float32)
    shared = _shared()
    low = slice(0, len(shared))
    spectra[:, 1, low] *= np.sqrt(1.0 - shared**2)
    spectra[:, 1, low] += shared * spectra[:, 0, low]
    return spectra


def _sounding(spectra: Signal) -> Signal:
    """Frames of sound that rise and fall, shape (frames, 2, FRAME)."""
    filled = np.zeros((len(spectra), CHANNELS, BINS + 1), np.complex64)
    filled[..., :BINS] = spectra.view(np.complex64)
    frames = inverse(filled, FRAME)
    frames[..., :_FADE] *= _rise()
    frames[..., HOP:] *= _rise()[::-1]
    return frames


def _lay(frames: Signal, last: Signal, out: Signal) -> Signal:
    """Lay frames one after the other into `out`, shape (2, frames, HOP), the end of the last ones under the first.

    Returns the end that is left over, shape (2, _FADE).
    """
    for channel in range(CHANNELS):
        out[channel] = frames[:, channel, :HOP]
        out[channel, 0, :_FADE] += last[channel]
        out[channel, 1:, :_FADE] += frames[:-1, channel, HOP:]
    return frames[-1, :, HOP:]


@lru_cache(maxsize=1)
def _shared() -> Signal:
    """How much of the left spectrum is in the right one, for each part of each bin, shape (2 BINS,)."""
    x = np.clip((hertz() - _ONE_BELOW_HZ) / (_TWO_ABOVE_HZ - _ONE_BELOW_HZ), 0.0, 1.0)
    shared: Signal = np.repeat(np.maximum(_LEFTOVER, 0.5 + 0.5 * np.cos(math.pi * x)), 2).astype(np.float32)
    return shared


@lru_cache(maxsize=1)
def _rise() -> Signal:
    """From 0 to 1 so that a rising and a falling frame have constant power together."""
    rise: Signal = np.sin(0.5 * math.pi * (np.arange(_FADE) + 0.5) / _FADE).astype(np.float32)
    return rise


def powers(bands: Signal) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What two bands at amplitude 1 contribute to the power of both channels together, shape (bands, bands) each.

    The first is K-weighted as loudness is, the second is plain: gᵀ M g is the power at the amplitudes g.
    """
    unit = CHANNELS * 4.0 / (3.0 * FRAME**2)  # real and imaginary parts are even in [-1, 1): a third each
    exact = bands.astype(np.float64)
    weighted = exact * k_weight(hertz())
    return unit * (weighted @ exact.T), unit * (exact @ exact.T)
