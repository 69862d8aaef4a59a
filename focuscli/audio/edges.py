"""Where a sound begins and ends to the ear: silence to leave out, and fades that its maker has drawn already.

All of it is read from a row of powers, one every 10 ms. A fade is recognised by trying the laws that programs use
at lengths from a third of a second up: the one that leaves the least unexplained wins, if it explains the edge.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

Curve = npt.NDArray[np.float64]
Lengths = npt.NDArray[np.int64]

SILENT_POWER = 10.0 ** (-60.0 / 10.0)
FADED_POWER = 10.0 ** (-90.0 / 10.0)
"""A fade is followed further down than anyone hears it."""

SHORTEST_SILENCE_HOPS = 5
"""Less than 50 ms of silence is left where it is."""

_LENGTHS_HOPS = np.unique(np.geomspace(30, 1_500, 60).astype(int))
_NEARBY = 1.0 + 0.01 * np.arange(-6, 7)
"""Lengths that are tried around the best of those."""
_HIDDEN = (0.0, 0.02, 0.05, 0.1, 0.15)
"""How much of a fade may lie below what can be told from silence."""
_BODY_HOPS = 300
"""The level before a fade is that of 3 s."""
_SHORTEST_BODY_HOPS = 50
_FLOOR_DB = -40.0
"""Below the body's level all is the same silence."""
_DEPTH_DB = -20.0
"""The outermost twentieth of a fade lies at least this far below the body."""
_LARGEST_ERROR_DB = 3.0
_LEAST_GAIN = 0.5
"""Of the errors with and without the fade."""


@dataclass(frozen=True, slots=True)
class FadeLaw:
    """The amplitude of a fade at a share of its way from silence (0) to full level (1)."""

    name: str
    power: float = 1.0
    is_sine: bool = False
    range_db: float = 0.0

    def amplitude(self, share: Curve) -> Curve:
        """A factor for each share, clipped to 0…1."""
        x = np.clip(share, 0.0, 1.0)
        if self.range_db:
            return np.asarray(np.where(x > 0.0, 10.0 ** (self.range_db * (x - 1.0) / 20.0), 0.0))
        return np.asarray((np.sin(0.5 * np.pi * x) if self.is_sine else x) ** self.power)


LAWS = (
    FadeLaw("linear"),
    FadeLaw("quarter of a sine", is_sine=True),
    FadeLaw("raised cosine", power=2.0, is_sine=True),
    FadeLaw("square", power=2.0),
    FadeLaw("cube", power=3.0),
    FadeLaw("straight line in decibels", range_db=60.0),
)


@dataclass(frozen=True, slots=True)
class DrawnFade:
    """A fade within a sound: silent at frame `silent_at`, at full level at `full_at`, before or after it."""

    law: FadeLaw
    silent_at: int
    full_at: int

    def amplitude(self, middles: Curve) -> Curve:
        """The factor that the sound has been multiplied by, at the middles of some of its frames."""
        return self.law.amplitude((middles - self.silent_at) / (self.full_at - self.silent_at))


@dataclass(frozen=True, slots=True)
class Edges:
    """What of a sound is not silent, frames `begins_at` … `stops_at`, and the fades at its two ends, if any."""

    begins_at: int
    stops_at: int
    fade_in: DrawnFade | None = None
    fade_out: DrawnFade | None = None

    @classmethod
    def found(cls, powers: Curve, hop_frames: int, frames: int, gain_db: float) -> "Edges":
        """Of a sound of so many frames, whose powers are given for every hop, at the gain at which it is played.

        A sound that is silent throughout is left as it is.
        """
        first, last = _span(powers * 10.0 ** (gain_db / 10.0), SILENT_POWER)
        begins_at = first * hop_frames
        stops_at = last * hop_frames if last < len(powers) else frames
        silent_from, silent_to = _span(powers, FADED_POWER)
        faded = powers[silent_from:silent_to]
        rise, fall = _fade_hops(faded), _fade_hops(faded[::-1])
        starts_at, ends_at = silent_from * hop_frames, silent_to * hop_frames
        return cls(
            begins_at,
            stops_at,
            None if rise is None else rise.drawn(starts_at, hop_frames),
            None if fall is None else fall.drawn(ends_at, -hop_frames),
        )


def _span(powers: Curve, silent: float) -> tuple[int, int]:
    """From the first to behind the last hop that is louder; all of them where none is, or hardly any is not."""
    sounding = np.flatnonzero(powers > silent)
    if not len(sounding):
        return 0, len(powers)
    first, last = int(sounding[0]), int(sounding[-1]) + 1
    return (
        first if first >= SHORTEST_SILENCE_HOPS else 0,
        last if len(powers) - last >= SHORTEST_SILENCE_HOPS else len(powers),
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """A law, the length from full level to where nothing is heard, and how much of the fade is hidden behind that."""

    law: FadeLaw
    hops: int
    hidden: float
    error: float
    """Mean square, in dB²."""

    def drawn(self, edge: int, hop_frames: int) -> DrawnFade:
        """As frames of the sound, from its edge inwards; a negative hop counts down from the end."""
        silent_at = edge - round(self.hidden * self.hops * hop_frames)
        return DrawnFade(self.law, silent_at, edge + self.hops * hop_frames)


def _fade_hops(powers: Curve) -> _Fit | None:
    """The fade that a row of powers begins with; None where there is none."""
    longest = min(int(_LENGTHS_HOPS[-1]), len(powers) - _SHORTEST_BODY_HOPS)
    levels = 10.0 * np.log10(np.maximum(powers[: max(0, longest) + _BODY_HOPS], 1e-12))
    coarse = _best(powers, levels, _LENGTHS_HOPS[longest >= _LENGTHS_HOPS], (0.0,))
    if coarse is None:
        return None
    nearby = np.unique((coarse.hops * _NEARBY).astype(int))
    fine = _best(powers, levels, nearby[nearby <= longest], _HIDDEN) or coarse
    flat = np.maximum(levels - levels[fine.hops :].mean(), _FLOOR_DB)
    unexplained = float(np.square(flat).mean())
    return fine if fine.error <= min(_LARGEST_ERROR_DB**2, _LEAST_GAIN**2 * unexplained) else None


def _best(powers: Curve, levels: Curve, lengths: Lengths, hidden: tuple[float, ...]) -> _Fit | None:
    """What explains the levels best; None where no length begins low enough."""
    best: _Fit | None = None
    for length in lengths:
        body_db = 10.0 * np.log10(max(powers[length : length + _BODY_HOPS].mean(), 1e-12))
        heard = np.maximum(levels - body_db, _FLOOR_DB)
        if heard[: max(2, length // 20)].mean() > _DEPTH_DB:
            continue
        place = (np.arange(len(levels)) + 0.5) / length
        for part, law in product(hidden, LAWS):
            amplitude = np.maximum(law.amplitude((place + part) / (1.0 + part)), 1e-6)
            drawn = np.maximum(20.0 * np.log10(amplitude), _FLOOR_DB)
            error = float(np.square(heard - drawn).mean())
            if best is None or error < best.error:
                best = _Fit(law, int(length), part, error)
    return best
