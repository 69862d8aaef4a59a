"""The master: the planned gain, a little warmth, and a look-ahead limiter for true peaks with finite memory."""

import numpy as np
from numpy.typing import NDArray

from focuscli.loudness.sliding import sliding
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
    """Bring a block of the bus to its planned loudness and bend it; what `bend` returns."""
    gains: Curve = 10.0 ** (gain_db(piece, times) / 20.0) * edges(piece, times) * expression(piece, times)
    return bend(bus, gains, amount)


def bend(bus: Signal, gains: Curve, amount: float) -> Signal:
    """Multiply a block by the gains at its control points and bend it softly: y = x - amount·x³.

    Returns the highest sample of each cell, shape (CELLS,).
    """
    unit = amount ** (-1.0 / 3.0) if amount else 1.0  # x - a x³ = v (u - v²) for x = u v and u = a^(-1/3)
    limit = np.float32(np.sqrt(unit / 3.0)) if amount else np.float32(np.inf)
    peaks = np.empty(CELLS, np.float32)
    for strip in strips(BLOCK):
        cells = slice(strip.start // CELL, strip.stop // CELL)
        bus[:, strip] *= upsample(gains[points_of(strip)] / unit)
        cell_peaks(bus[:, strip], peaks[cells])
        if peaks[cells].max() > limit:
            np.clip(bus[:, strip], -limit, limit, out=bus[:, strip])
            np.minimum(peaks[cells], limit, out=peaks[cells])
        if amount:
            for channel in bus:
                _bend(channel[strip], np.float32(unit))
    if amount:
        _bend(peaks, np.float32(unit))  # up to its limit the curve only rises: the highest sample stays the highest
    return peaks


def _bend(wave: Signal, unit: np.float32) -> None:
    factor = wave * wave
    np.subtract(unit, factor, out=factor)
    wave *= factor


_CELL_STARTS = np.arange(0, BLOCK, CELL)


def cell_peaks(sound: Signal, out: Signal) -> None:
    """The highest sample of each cell of both channels, shape (cells,)."""
    highest = np.maximum(np.abs(sound[0]), np.abs(sound[1]))
    np.maximum.reduceat(highest, _CELL_STARTS[: len(out)], out=out)


def needed_gain(bus: Signal, peaks: Signal) -> Signal:
    """What each cell would have to be multiplied with to stay under the ceiling; shape (CELLS,)."""
    ceiling = np.float32(amplitude(CEILING_DBTP))
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


def _banded() -> Signal:
    """From the frames around a cell to the three points after each of its frames, shape (CELL + _TAPS, 3 CELL)."""
    rows = np.zeros((CELL + _TAPS, CELL, 3), np.float32)
    for frame in range(CELL):
        rows[frame : frame + _TAPS, frame] = _interpolator().T
    return rows.reshape(CELL + _TAPS, 3 * CELL)


_BETWEEN = _banded()


def _between_samples(bus: Signal, cells: NDArray[np.intp]) -> Signal:
    """The highest point between the samples of some cells (BS.1770-4, annex 2); shape (len(cells),)."""
    around = (cells * CELL - (_TAPS // 2 - 1))[:, None] + np.arange(CELL + _TAPS)
    points = bus[:, np.clip(around, 0, BLOCK - 1)] @ _BETWEEN
    highest: Signal = np.maximum(points.max(axis=(0, 2)), -points.min(axis=(0, 2)))
    return highest


_WINDOW = np.hanning(2 * _HALF + 3)[1:-1].astype(np.float32)
_WINDOW /= _WINDOW.sum()
_RAMP = (np.arange(CELL, dtype=np.float32) / CELL)[None, :]


def _gain_at_edges(needed: Signal) -> Signal:
    if needed.min() == 1.0:
        return np.ones(CELLS + 1, np.float32)
    least = sliding(np.minimum, needed, 2 * _HALF + 2)
    edges: Signal = np.convolve(least, _WINDOW, "valid").astype(np.float32)
    return edges


_STRETCH = 300
"""Cells that are written and turned down together, so that they stay in the processor's cache."""


def limit(bus: Signal, needed: Signal, inner: slice, out: NDArray[np.float32]) -> None:
    """Write some frames of a block, with their peaks turned down, to `out`, shape (frames, 2).

    `needed` has REACH more cells on both sides. The gain at a cell's edge is a weighted mean of minima, each of
    which has seen both neighbouring cells, so straight lines between the edges never exceed what a cell needs.
    """
    edges = _gain_at_edges(needed)
    for first in range(0, CELLS, _STRETCH):
        start, stop = max(inner.start, first * CELL), min(inner.stop, (first + _STRETCH) * CELL)
        if start >= stop:
            continue
        written = out[start - inner.start : stop - inner.start]
        ends = edges[first : first + _STRETCH + 1]
        if ends.min() == 1.0:
            for channel in range(len(bus)):
                written[:, channel] = bus[channel, start:stop]
            continue
        lines = ((ends[1:] - ends[:-1])[:, None] * _RAMP + ends[:-1, None]).reshape(-1)
        for channel in range(len(bus)):
            here = slice(start - first * CELL, stop - first * CELL)
            np.multiply(bus[channel, start:stop], lines[here], out=written[:, channel])
