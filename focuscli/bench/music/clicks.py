"""Clicks: impulses in a mix, and steps in a stem."""

import numpy as np
from numpy.typing import NDArray

from focuscli.bench.music.recording import Recording
from focuscli.spectra.spectrogram import Sound
from focuscli.units import SAMPLE_RATE

_REACH = SAMPLE_RATE // 500
"""2 ms."""
STEP = 8.0
"""A difference of two samples that exceeds the median one around it by this factor is a step."""
_LEAST = 5e-4
"""A smaller difference is not heard as a step: -66 dB of full scale."""
_CELL = 24
"""Half a millisecond."""
_SURROUNDINGS = 41
"""Cells: ±10 ms."""
_IMPULSE = 14.0
_SHORT_S = 0.0003


def impulses_per_minute(recording: Recording) -> float:
    """Places above 9 kHz that stand 14 times over the RMS of the ±10 ms around them for less than 0.3 ms.

    Short is what stays within 14 frames above half its peak; the 1.5 ms around the peak are no surroundings. Where the
    recording begins and ends there are no ±10 ms, and its edge is an impulse to any filter: none are counted there.
    """
    treble, _ = recording.band(9000.0, 24_000.0)
    grid = treble[: len(treble) // _CELL * _CELL].reshape(-1, _CELL)
    power = np.einsum("ij,ij->i", grid, grid).astype(np.float64) / _CELL
    peaks = np.abs(grid).max(axis=1)
    wide, near = (np.convolve(power, np.ones(count), "same") for count in (_SURROUNDINGS, 3))
    around = np.sqrt(np.maximum(wide - near, 0.0) / 38.0) + 1e-7
    loud = np.flatnonzero((peaks > _IMPULSE * around) & (peaks > 1e-5))
    loud = loud[(loud >= _SURROUNDINGS // 2) & (loud < len(peaks) - _SURROUNDINGS // 2)]
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
    out of silence is compared with the drum. Only the largest difference of each half millisecond that towers over
    those of 0.5 to 1.5 ms beside it is looked at closely. Steps within 2 ms are one.
    """
    found = [_standing_alone(np.abs(np.diff(channel, prepend=channel[:1]))) for channel in stem.T]
    together = np.unique(np.concatenate(found))
    return together[np.diff(together, prepend=-SAMPLE_RATE) > _REACH]


def _standing_alone(difference: Sound) -> NDArray[np.intp]:
    grid = difference[: len(difference) // _CELL * _CELL].reshape(-1, _CELL)
    highest = np.pad(grid.max(axis=1), 3)
    far = np.max([np.roll(highest, shift) for shift in (-3, -2, 2, 3)], axis=0)
    cells = np.flatnonzero((highest > _LEAST) & (highest > 3.0 * far)) - 3
    places = cells * _CELL + grid[cells].argmax(axis=1)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(difference, _REACH), 2 * _REACH + 1)[places]
    before, after = around[:, :_REACH], around[:, _REACH + 1 :]
    median = np.maximum(np.median(before, axis=1), np.median(after, axis=1))
    beside = np.maximum(before[:, :-4].max(axis=1), after[:, 4:].max(axis=1))
    return np.asarray(places[difference[places] > np.maximum(STEP * median, 3.0 * beside)])
