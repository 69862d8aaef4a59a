"""A limiter that looks ahead: no true peak passes the ceiling, and nothing below it is touched.

The attenuation that each frame needs is held for a while to both sides, released slowly, and smoothed by a
window no longer than the hold. A weighted mean of values that are all at least what the middle needs is at
least that, so the smoothed gain is in place when the peak comes.
"""

import numpy as np
import numpy.typing as npt

from focuscli.loudness.sliding import sliding
from focuscli.loudness.true_peak import HALF_TAPS, SUSPICION, Samples, peaks
from focuscli.units import SAMPLE_RATE, amplitude

CEILING_DB = -1.0
MARGIN_DB = 0.03
"""What is limited is brought this far below the ceiling: the moving gain itself bends the wave a little."""

HOLD_FRAMES = round(0.004 * SAMPLE_RATE)
RELEASE_DB_PER_S = 40.0
LOOK_AHEAD_FRAMES = 2 * HOLD_FRAMES + HALF_TAPS

Curve = npt.NDArray[np.float64]


class Limiter:
    """Takes a stereo sound in blocks and gives the same frames back, later but not displaced."""

    def __init__(self, ceiling_db: float = CEILING_DB) -> None:
        self._ceiling = amplitude(ceiling_db)
        self._sound = np.zeros((LOOK_AHEAD_FRAMES + HALF_TAPS, 2), np.float32)
        self._needed: Curve = np.zeros(2 * HOLD_FRAMES)
        self._released: Curve = np.zeros(2 * HOLD_FRAMES)
        self._displaced = LOOK_AHEAD_FRAMES

    def push(self, block: Samples) -> Samples:
        """Give the next block, shape (frames, 2), for all the frames that can be finished now."""
        self._sound = np.concatenate([self._sound, block])
        first = LOOK_AHEAD_FRAMES - HALF_TAPS + 1
        gain = None if self._rests_under(self._sound[first:]) else self._gain(peaks(self._sound[first:], self._ceiling))
        limited = self._sound[HALF_TAPS : HALF_TAPS + len(block)]
        if gain is not None:
            limited = limited * gain[:, None]
        self._sound = self._sound[len(block) :]
        early = min(self._displaced, len(limited))
        self._displaced -= early
        return limited[early:]

    def finish(self) -> Samples:
        """The frames that were still looked at."""
        return self.push(np.zeros((LOOK_AHEAD_FRAMES, 2), np.float32))

    @property
    def _rests(self) -> bool:
        return not (self._needed.any() or self._released.any())

    def _rests_under(self, sound: Samples) -> bool:
        """Whether nothing is being turned down, and no peak can hide in a sound so quiet."""
        loudest = max(float(sound.max(initial=0.0)), -float(sound.min(initial=0.0)))
        return loudest <= SUSPICION * self._ceiling and self._rests

    def _gain(self, found: Samples) -> Samples | None:
        """The factor of each frame, or None where all are 1."""
        if found.max(initial=0.0) <= self._ceiling and self._rests:
            return None
        needed = np.concatenate([self._needed, self._attenuation(found)])
        self._needed = needed[len(found) :]
        released = np.concatenate(
            [self._released, _release(sliding(np.maximum, needed, 2 * HOLD_FRAMES + 1), self._released[-1])]
        )
        self._released = released[len(found) :]
        return np.asarray(10.0 ** (-_smoothed(_smoothed(released)) / 20.0), dtype=np.float32)

    def _attenuation(self, found: Samples) -> Curve:
        """How many dB must go, frame by frame."""
        over = found > self._ceiling
        relative = np.where(over, found, self._ceiling) / self._ceiling
        return np.asarray(20.0 * np.log10(relative) + MARGIN_DB * over)


def _release(held: Curve, before: float) -> Curve:
    """The attenuation never falls faster than the release: a running maximum along a falling line."""
    slope = RELEASE_DB_PER_S / SAMPLE_RATE * np.arange(1, len(held) + 1)
    return np.asarray(np.maximum(0.0, np.maximum(np.maximum.accumulate(held + slope), before) - slope))


def _smoothed(curve: Curve) -> Curve:
    """The mean of every `HOLD_FRAMES + 1` neighbours, from a running sum: of nothing but zeros it is zero."""
    total = np.cumsum(np.concatenate([np.zeros(1), curve]))
    return np.asarray((total[HOLD_FRAMES + 1 :] - total[: -HOLD_FRAMES - 1]) / (HOLD_FRAMES + 1))
