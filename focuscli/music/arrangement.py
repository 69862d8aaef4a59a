"""The arrangement: which material is in force, staggered so that few things change at once.

Slow state without history: material is named by the last renewal at or before now.
"""

from functools import lru_cache
from typing import NamedTuple

from focuscli.music.character import character_of, seed_of
from focuscli.music.form import SECTIONS_PER_CHAPTER, section_at
from focuscli.music.palette import stretch_of
from focuscli.music.randomness import uniform
from focuscli.music.timeline import Piece

_LOOK_BACK = 256


@lru_cache(maxsize=2048)
def in_force(seed: int, aspect: str, period: int, probability: float) -> int:
    """The last period up to this one in which an aspect was renewed; 0 is what the session began with."""
    if probability <= 0.0:
        return 0
    for candidate in range(period, max(0, period - _LOOK_BACK), -1):
        if uniform(seed, "renewal", aspect, candidate) < probability:
            return candidate
    return 0


class Colours(NamedTuple):
    """The instruments and patterns that are in force in one phrase."""

    keys: str
    lead: str
    counter: str
    """The instrument of the line that moves against the lead."""
    pad: int
    """Which renewal of the pad's sound."""
    groove: int
    pattern: int
    """Which figures keys and bass play."""
    theme: int
    """Which family of motifs; 0 is the session's own."""


def colours(piece: Piece, phrase: int) -> Colours:
    """What is in force in a phrase; each aspect renews at a section of its own."""
    return _colours(piece, section_at(piece, phrase).number)


@lru_cache(maxsize=256)
def _colours(piece: Piece, section: int) -> Colours:
    seed, character, d = seed_of(piece), character_of(piece), piece.divergence
    lead = taking_turns(piece, "lead", character.lead, section, d)
    others = tuple(name for name in character.lead if name != lead) or character.keys
    return Colours(
        keys=taking_turns(piece, "keys", character.keys, section, d),
        lead=lead,
        counter=taking_turns(piece, "counter", others, section, d),
        pad=in_force(seed, "pad", stretch_of(piece, "pad sound", section), 0.25 + 0.75 * d),
        groove=in_force(seed, "groove", stretch_of(piece, "groove", 2 * section), 0.25 + 0.75 * d),
        pattern=in_force(seed, "pattern", section, 0.3 + 0.5 * d),
        theme=in_force(seed, "theme", section // SECTIONS_PER_CHAPTER, 0.9 * d),
    )


def taking_turns(piece: Piece, aspect: str, options: tuple[str, ...], section: int, probability: float) -> str:
    """One of the options; the first begins, and after a renewal comes another in an order of the session's own."""
    renewal = in_force(seed_of(piece), aspect, stretch_of(piece, aspect, section), probability)
    if renewal == 0:
        return options[0]
    others = sorted(options[1:], key=lambda name: uniform(seed_of(piece), aspect, "turn", name))
    return (options[0], *others)[renewal % len(options)]
