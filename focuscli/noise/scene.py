"""What a sound is made of: bands of noise that move, and drops that fall; and what both are told of the session."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.model import Intensity
from focuscli.music.arc import moment
from focuscli.music.motion import KNOT_S
from focuscli.music.randomness import fractal_drifts
from focuscli.music.signals import Curve, Signal
from focuscli.music.timeline import Piece

_STRENGTHS = {Intensity.LOW: 0.0, Intensity.MEDIUM: 0.5, Intensity.HIGH: 1.0}


class Scene(NamedTuple):
    """One sound of one session: everything its motion depends on."""

    piece: Piece
    name: str
    """Two sounds of a session move apart."""

    @property
    def strength(self) -> float:
        """How much of it: 0 for low, 1 for high intensity."""
        return _STRENGTHS[self.piece.intensity]

    def between(self, low: float, high: float) -> float:
        """From low to high intensity."""
        return low + (high - low) * self.strength

    def wander(self, times: Curve, seconds: float, what: str, octaves: int = 3) -> Curve:
        """A smooth random curve of about -1…1 whose slowest motion takes so many seconds; its own for each word."""
        return _wander(times.tobytes(), seconds, octaves, self.piece.seed, self.name, what)

    def roaming(self, times: Curve, seconds: float, what: str) -> Curve:
        """As `wander`, in dB: a shade of change without divergence, another weather now and then with all of it."""
        return (0.7 + 4.0 * self.piece.divergence) * self.wander(times, seconds, what, octaves=2)

    def brightness(self, times: Curve) -> Curve:
        """What the arc leaves of the treble: an amplitude, 1 on the plateau of most goals."""
        return through_knots(self.piece, times)


@lru_cache(maxsize=64)
def _wander(times: bytes, seconds: float, octaves: int, seed: int, name: str, what: str) -> Curve:
    """Kept for a moment, since several bands follow one gust; not to be written to."""
    curve = fractal_drifts(np.frombuffer(times) / seconds + 1000.0, seed, name, what, octaves=octaves)
    curve.flags.writeable = False
    return curve


def through_knots(piece: Piece, times: Curve) -> Curve:
    """The arc's brightness, straight lines between absolute knots."""
    first, last = int(times[0] // KNOT_S), int(times[-1] // KNOT_S) + 1
    knots = range(first, last + 1)
    curve: Curve = np.interp(times, [knot * KNOT_S for knot in knots], [_knot(piece, knot) for knot in knots])
    return curve


@lru_cache(maxsize=4096)
def _knot(piece: Piece, knot: int) -> float:
    return moment(piece.plain_goal, knot * KNOT_S, piece.duration_s).brightness


Gain = Callable[[Scene, Curve], Curve]
"""Amplitudes at some seconds of the session."""


class Band(NamedTuple):
    """Noise of one colour."""

    shape: Callable[[Curve], Curve]
    """Amplitude over frequency in Hz."""
    gain: Gain
    pan: Gain | None = None
    """-1 is left, 1 is right."""


class Drops(NamedTuple):
    """Many short sounds, each at a place and a distance of its own."""

    rate: Gain
    """How many a second."""
    wave: Callable[[int], Signal]
    """The sound of one of `VOICES`, mono, shape (frames,), near ones first."""
    share_db: float
    """Their power against that of the bands, on average."""


class Sound(NamedTuple):
    """One kind of noise."""

    bands: tuple[Band, ...]
    drops: Drops | None = None


def decibels(level: Curve) -> Curve:
    """Amplitudes of levels in dB."""
    amplitudes: Curve = 10.0 ** (level / 20.0)
    return amplitudes
