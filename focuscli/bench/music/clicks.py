"""Clicks: impulses in a mix, and steps in a stem."""

import numpy as np
from numpy.typing import NDArray

from focuscli.bench.music.recording import Recording, Sound
from focuscli.units import SAMPLE_RATE

_REACH = SAMPLE_RATE // 500
"""2 ms."""
STEP = 8.0
"""A difference of two samples that exceeds the median one around it by this factor is a step."""
_LEAST = 5e-4
"""A smaller difference is not heard as a step: -66 dB of full scale."""
_CELL = 24
"""Half a millisecond."""
_IMPULSE = 14.0
_SHORT_S = 0.0003


def impulses_per_minute(recording: Recording) -> float:
    """Places above 9 kHz that stand 14 times over the RMS of the ±10 ms around them for less than 0.3 ms.

    Short is what stays within 14 frames above half its peak; the 1.5 ms around the peak are no surroundings.
    """
    treble, _ = recording.band(9000.0, 24_000.0)
    grid = treble[: len(treble) // _CELL * _CELL].reshape(-1, _CELL)
    power = np.einsum("ij,ij->i", grid, grid).astype(np.float64) / _CELL
    peaks = np.abs(grid).max(axis=1)
    wide, near = (np.convolve(power, np.ones(count), "same") for count in (41, 3))
    around = np.sqrt(np.maximum(wide - near, 0.0) / 38.0) + 1e-7
    loud = np.flatnonzero((peaks > _IMPULSE * around) & (peaks > 1e-5))
    loud = loud[np.diff(loud, prepend=-100) > 10]
    short = sum(_is_short(treble, int(cell) * _CELL + int(np.abs(grid[cell]).argmax())) for cell in loud)
    return 60.0 * short / max(recording.seconds, 1e-9)


def _is_short(wave: Sound, place: int) -> bool:
    around = np.abs(wave[max(0, place - 48) : place + 48])
    high = np.flatnonzero(around > 0.5 * around.max())
    return int(high[-1] - high[0]) < _SHORT_S * SAMPLE_RATE


def steps(stem: Sound) -> NDArray[np.intp]:
    """Frames at which one channel of a stem, shape (frames, 2), jumps: its difference to the frame before is more
    than 8 times the median difference of the 2 ms before and of the 2 ms after, and more than 5e-4 of full scale.

    A wave that is only steep has steep neighbours; a step stands alone: beyond 4 frames of it no difference within
    the 2 ms is more than a third of it, which noise never does. Both sides are taken apart so that a drum's attack
    out of silence is compared with the drum. What is not 0.2 of this against the mean of its 4 ms is not looked at
    closely. Steps within 2 ms are one.
    """
    found = [_standing_alone(np.abs(np.diff(channel, prepend=channel[:1]))) for channel in stem.T]
    together = np.unique(np.concatenate(found))
    return together[np.diff(together, prepend=-SAMPLE_RATE) > _REACH]


def _standing_alone(difference: Sound) -> NDArray[np.intp]:
    grid = difference[: len(difference) // _CELL * _CELL].reshape(-1, _CELL)
    highest, mean = grid.max(axis=1), np.convolve(grid.mean(axis=1), np.ones(9) / 9.0, "same")
    cells = np.flatnonzero((highest > _LEAST) & (highest > 0.2 * STEP * mean))
    places = (cells[:, None] * _CELL + np.arange(_CELL)).ravel()
    places = places[difference[places] > np.maximum(_LEAST, 0.2 * STEP * np.repeat(mean[cells], _CELL))]
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(difference, _REACH), 2 * _REACH + 1)
    alone = [np.zeros(0, np.intp)]
    for some in (places[first : first + 4096] for first in range(0, len(places), 4096)):
        around = windows[some]
        median = np.maximum(np.median(around[:, :_REACH], axis=1), np.median(around[:, _REACH + 1 :], axis=1))
        beside = np.maximum(around[:, : _REACH - 4].max(axis=1), around[:, _REACH + 5 :].max(axis=1))
        alone.append(some[difference[some] > np.maximum(STEP * median, 3.0 * beside)])
    return np.concatenate(alone)
