"""The arrangement: which material is in force and which parts are present, staggered so that few change at once.

Slow state without history: material is named by the last renewal at or before now, presence is drift.
"""

from functools import lru_cache
from typing import NamedTuple

from focuscli.music.character import character_of, seed_of
from focuscli.music.curves import smoothstep
from focuscli.music.randomness import Stream, drift, uniform
from focuscli.music.timeline import Piece

SECTION_S = 80.0
_LOOK_BACK = 256

_ENTRY = {"bass": 0.12, "keys": 0.06, "lead": 0.2, "hat": 0.1, "kick": 0.24, "snare": 0.34, "shaker": 0.5}
"""The energy at which a part has begun to play, 0…1."""


def in_force(seed: int, aspect: str, period: int, probability: float) -> int:
    """The last period up to this one in which an aspect was renewed; 0 is what the session began with."""
    if probability <= 0.0:
        return 0
    for candidate in range(period, max(0, period - _LOOK_BACK), -1):
        if uniform(seed, "renewal", aspect, candidate) < probability:
            return candidate
    return 0


def section_of_cycle(piece: Piece, cycle: int) -> int:
    """Sections are whole cycles of four chords and last about `SECTION_S`."""
    character = character_of(piece)
    bar_s = 240.0 / (0.5 * sum(character.tempo))
    cycle_s = 4 * character.bars_per_chord * bar_s
    return cycle // max(1, round(SECTION_S / cycle_s))


def energy(piece: Piece, t: float) -> float:
    """How much is going on at t seconds, 0…1: two slow drifts, wider with more divergence."""
    seed = seed_of(piece)
    wander = 0.62 * drift(t / (1.1 * SECTION_S), seed, "energy") + 0.38 * drift(t / 31.0, seed, "stir")
    return min(1.0, max(0.0, 0.55 + (wander - 0.5) * (1.1 + 0.8 * piece.divergence)))


def presence(piece: Piece, part: str, t: float, level: float) -> float:
    """How far a part is in, 0…1: each has its own threshold of the energy and a drift of its own."""
    own = drift(t / (0.7 * SECTION_S), seed_of(piece), "presence", part) - 0.5
    entry = _ENTRY.get(part, 0.0)
    return smoothstep(level + 0.7 * own, entry, entry + 0.22)


class Colours(NamedTuple):
    """The instruments and patterns that are in force in one phrase."""

    keys: str
    lead: str
    pad: int
    """Which renewal of the pad's sound."""
    groove: int
    pattern: int
    motif: int


@lru_cache(maxsize=512)
def colours(piece: Piece, phrase: int) -> Colours:
    """What is in force in a phrase; each aspect renews on a phrase of its own."""
    seed, character, d = seed_of(piece), character_of(piece), piece.divergence
    return Colours(
        keys=_instrument(piece, "keys", (phrase + 1) // 4, character.keys, 0.6 * d),
        lead=_instrument(piece, "lead", (phrase + 2) // 4, character.lead, 0.7 * d),
        pad=in_force(seed, "pad", (phrase + 3) // 4, 0.25 + 0.6 * d),
        groove=in_force(seed, "groove", (phrase + 1) // 4, 0.15 + 0.6 * d),
        pattern=in_force(seed, "pattern", (phrase + 2) // 4, 0.2 + 0.7 * d),
        motif=in_force(seed, "motif", (phrase + 2) // 8, 0.9 * d),
    )


def _instrument(piece: Piece, aspect: str, period: int, options: tuple[str, ...], probability: float) -> str:
    renewal = in_force(seed_of(piece), aspect, period, probability)
    if renewal == 0:
        return options[0]
    return Stream(seed_of(piece), aspect, renewal).choice(options)
