"""The master: the planned gain, a little warmth, and a look-ahead limiter for true peaks with finite memory."""

import numpy as np
from numpy.typing import NDArray

from focuscli.music.loudness_plan import gain_db
from focuscli.music.motion import edges, expression
from focuscli.music.reverb import BLOCK
from focuscli.music.signals import Curve, Signal, points_of, strips, upsample
from focuscli.music.timeline import Piece
from focuscli.units import amplitude

CEILING_DBTP = -1.5
"""Half a dB under the promise: near half the sample rate, meters of true peak differ by a quarter of a dB."""
CELL = 64
"""Frames that share one gain of the limiter."""
_HALF = 24
REACH = 2 * _HALF + 1
"""Cells before and after that a cell's gain depends on: 65 ms."""
CELLS = BLOCK // CELL

_LOUD = 0.6
"""Below this sample peak no true peak can reach the ceiling in practice."""


def drive(bus: Signal, piece: Piece, amount: float, times: Curve) -> Signal:
    """Bring a block of the bus to its planned loudness and bend it softly: y = x - amount·x³."""
    gains: Curve = 10.0 ** (gain_db(piece, times) / 20.0) * edges(piece, times) * expression(piece, times)
    limit = np.float32(1.0 / np.sqrt(3.0 * amount)) if amount else np.float32(np.inf)
    for strip in strips(BLOCK):
        curve = upsample(gains[points_of(strip)])
        for channel in bus:
            wave = channel[strip]
            wave *= curve
            if amount:
                np.clip(wave, -limit, limit, out=wave)
                cube = wave * wave
                cube *= np.float32(-amount)
                cube += np.float32(1.0)
                wave *= cube
    return bus


def needed_gain(bus: Signal) -> Signal:
    """What each cell would have to be multiplied with to stay under the ceiling; shape (CELLS,)."""
    ceiling = np.float32(amplitude(CEILING_DBTP))
    peaks = np.maximum(bus.reshape(2, -1, CELL).max(axis=(0, 2)), -bus.reshape(2, -1, CELL).min(axis=(0, 2)))
    loud = np.nonzero(peaks > _LOUD)[0]
    if len(loud):
        peaks[loud] = np.maximum(peaks[loud], _between_samples(bus, loud))
    gain: Signal = np.minimum(np.float32(1.0), ceiling / np.maximum(peaks, np.float32(1e-9)))
    return gain


_TAPS = 16


def _interpolator() -> Signal:
    """Windowed sinc for three points between two samples (4x oversampling), shape (3, taps)."""
    position = np.arange(_TAPS) - (_TAPS / 2 - 1)
    rows = [
        np.sinc(position - offset) * np.cos(np.pi * (position - offset) / _TAPS) ** 2 for offset in (0.25, 0.5, 0.75)
    ]
    return np.array(rows, np.float32)


_BETWEEN = _interpolator()


def _between_samples(bus: Signal, cells: NDArray[np.intp]) -> Signal:
    """The highest point between the samples of some cells (BS.1770-4, annex 2); shape (len(cells),)."""
    padded = np.pad(bus, ((0, 0), (_TAPS, _TAPS)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, CELL + _TAPS, axis=1)
    chosen = windows[:, cells * CELL + _TAPS - (_TAPS // 2 - 1)]
    taps = np.lib.stride_tricks.sliding_window_view(chosen, _TAPS, axis=2)
    points = np.abs(taps @ _BETWEEN.T)
    highest: Signal = points.max(axis=(0, 2, 3))
    return highest


_WINDOW = np.hanning(2 * _HALF + 3)[1:-1].astype(np.float32)
_RAMP = (np.arange(CELL, dtype=np.float32) / CELL)[None, :]


def limit(bus: Signal, needed: Signal) -> Signal:
    """A block with its peaks turned down, shape (2, BLOCK); `needed` has REACH more cells on both sides.

    The gain at a cell's edge is a weighted mean of minima, each of which has seen both neighbouring cells, so
    straight lines between the edges never exceed what a cell needs.
    """
    if needed.min() >= 1.0:
        return bus
    least = np.lib.stride_tricks.sliding_window_view(needed, 2 * _HALF + 2).min(axis=1)
    edges = np.convolve(least, _WINDOW / _WINDOW.sum(), "valid").astype(np.float32)
    lines = (edges[1:] - edges[:-1])[:, None] * _RAMP + edges[:-1, None]
    limited: Signal = bus * lines.reshape(-1).astype(np.float32, copy=False)
    return limited
