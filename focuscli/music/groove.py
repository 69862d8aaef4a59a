"""The groove: where a sixteenth falls, and which drums strike on it."""

from functools import lru_cache
from typing import NamedTuple

from focuscli.music.randomness import Stream, fractal_drift

ENSEMBLE_SD_MS = 4.0
"""Everyone leans together, by 1/f errors (Hennig et al. 2011); more than about 8 ms sounds careless."""
PLAYER_SD_MS = 1.6


class Kit(NamedTuple):
    """A bar of drums: strikes by sixteenth as (slot, strength); ghost notes are weak and do not always come."""

    kick: tuple[tuple[int, float], ...] = ()
    snare: tuple[tuple[int, float], ...] = ()
    hat: tuple[tuple[int, float], ...] = ()
    shaker: tuple[tuple[int, float], ...] = ()
    snare_sound: str = "snare"


def _every(step: int, *strengths: float, start: int = 0) -> tuple[tuple[int, float], ...]:
    """Strikes every so many sixteenths, their strengths taken in turn."""
    slots = range(start, 16, step)
    return tuple((slot, strengths[place % len(strengths)]) for place, slot in enumerate(slots))


_OFFBEATS = _every(4, 0.62, start=2)
GROOVES: dict[str, tuple[Kit, ...]] = {
    "tick": (
        Kit(hat=_every(8, 0.34, 0.28, start=4), snare_sound="rim"),
        Kit(hat=_every(4, 0.2, 0.34), snare_sound="rim"),
    ),
    "soft": (
        Kit(((0, 0.85), (7, 0.4), (10, 0.75)), ((4, 0.6), (12, 0.66)), _every(2, 0.5, 0.36), _every(4, 0.3)),
        Kit(((0, 0.85), (6, 0.45), (10, 0.7)), ((4, 0.6), (12, 0.66), (15, 0.16)), _every(2, 0.4, 0.5)),
        Kit(((0, 0.85), (10, 0.75), (14, 0.28)), ((4, 0.55), (12, 0.66)), _every(2, 0.5, 0.34)),
        Kit(((0, 0.8), (3, 0.3), (8, 0.66)), ((4, 0.5), (12, 0.62), (7, 0.14)), _every(2, 0.46, 0.4)),
        Kit(((0, 0.82), (8, 0.5), (11, 0.4)), ((4, 0.56), (12, 0.6)), _every(2, 0.36, 0.5), _every(2, 0.2, 0.3)),
    ),
    "four": (
        Kit(_every(4, 0.8, 0.74), ((4, 0.42), (12, 0.48)), _OFFBEATS, _every(2, 0.22, 0.3), "rim"),
        Kit(_every(4, 0.8, 0.74), ((12, 0.5),), _every(2, 0.3, 0.56), _every(4, 0.26, start=2), "rim"),
        Kit(_every(4, 0.78), ((4, 0.4), (12, 0.46), (15, 0.16)), _OFFBEATS, _every(1, 0.26, 0.12, 0.2, 0.12)),
    ),
    "pulse": (
        Kit(((0, 0.4),), (), (), ((4, 0.2), (12, 0.24))),
        Kit(((0, 0.4), (10, 0.24)), (), (), ((8, 0.22),)),
    ),
    "brush": (
        Kit(((0, 0.42), (10, 0.26)), ((4, 0.34), (12, 0.4)), (), _every(2, 0.3, 0.2), "brush"),
        Kit(((0, 0.42),), ((4, 0.34), (11, 0.16), (12, 0.4)), (), _every(2, 0.2, 0.3), "brush"),
    ),
    "light": (
        Kit(((0, 0.85), (8, 0.7), (11, 0.35)), ((4, 0.55), (12, 0.6)), _every(2, 0.5, 0.4), _every(1, 0.2, 0.1)),
        Kit(((0, 0.85), (6, 0.5), (8, 0.6)), ((4, 0.55), (12, 0.6), (14, 0.16)), _every(2, 0.36, 0.52)),
    ),
    "full": (
        Kit(_every(4, 0.92, 0.86), ((4, 0.55), (12, 0.6)), _OFFBEATS, _every(1, 0.34, 0.16, 0.26, 0.16)),
        Kit((*_every(4, 0.92, 0.86), (14, 0.3)), ((4, 0.55), (12, 0.6)), _every(2, 0.36, 0.62), _every(2, 0.3)),
        Kit(((0, 0.92), (6, 0.6), (8, 0.6), (12, 0.76)), ((4, 0.56), (12, 0.6), (7, 0.16)), _every(2, 0.5, 0.5)),
        Kit((*_every(4, 0.9), (10, 0.34)), ((4, 0.5), (12, 0.6), (9, 0.14)), _OFFBEATS, _every(1, 0.3, 0.14)),
    ),
}  # fmt: skip


class Feel(NamedTuple):
    """How a bar is played, by sixteenth: lateness of the whole ensemble and a factor on velocity."""

    late_ms: tuple[float, ...]
    accents: tuple[float, ...]


_SLOTS = 16


@lru_cache(maxsize=512)
def feel_of(seed: int, bar: int) -> Feel:
    """Slow, correlated lateness; an arc over eight bars, the metre and 1/f wandering for velocity."""
    late, accents = [], []
    for beat in range(_SLOTS // 4):
        place = bar + beat / 4.0
        lean = ENSEMBLE_SD_MS * 1.6 * fractal_drift(place / 2.0, seed, "lean")
        wandering = 1.0 + 0.12 * fractal_drift(place, seed, "accent")
        arc = 0.93 + 0.56 * (place % 8.0 / 8.0) * (1.0 - place % 8.0 / 8.0)
        late += [lean] * 4
        accents += [arc * wandering * weight for weight in (1.06 if beat % 2 == 0 else 1.0, 0.93, 0.96, 0.93)]
    return Feel(tuple(late), tuple(accents))


def swung(slot: int, swing: float) -> float:
    """Where a sixteenth falls, in sixteenths: every second one comes late by the swing (0.5 = straight)."""
    return slot + (2.0 * (swing - 0.5) if slot % 2 == 1 else 0.0)


def player_ms(stream: Stream) -> float:
    """What one player adds to the ensemble's lean."""
    return PLAYER_SD_MS * stream.normal()
