"""The palette: what each stretch of about two minutes makes of its goal's own balance, farther apart with divergence.

Every aspect (a part's level, brightness, density, touch, register) has places of its own that neighbouring
stretches never share, and sections of its own at which it moves, so that few things change at once.
"""

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from focuscli.model import Goal
from focuscli.music.character import character_of, seed_of
from focuscli.music.curves import smoothstep
from focuscli.music.events import Note
from focuscli.music.form import bounds, phrase_s, phrases_per_section, place_at
from focuscli.music.goals import Character
from focuscli.music.kits import CYMBALS
from focuscli.music.randomness import mix, rotation
from focuscli.music.timeline import Piece
from focuscli.units import amplitude

STRETCH_S = 120.0
"""About as long as a segment: what is asked of divergence is asked of neighbouring segments."""
_CHANGING = 0.3
"""The share of a section in which a level moves to its new place."""


class Reach(NamedTuple):
    """How far an aspect goes without any divergence and with all of it, down and up from the goal's own."""

    still: tuple[float, float]
    far: tuple[float, float]


def _even(still: float, far: float) -> Reach:
    return Reach((-still, still), (-far, far))


_REACHES: dict[str, Reach] = {
    "bright": _even(3.0, 9.0),
    "pad": Reach((-2.0, 1.5), (-9.0, 4.0)),
    "keys": Reach((-1.5, 1.5), (-7.0, 4.0)),
    "lead": Reach((-1.5, 1.0), (-6.0, 3.0)),
    "bass": Reach((-1.5, 1.5), (-6.0, 3.0)),
    "drums": Reach((-1.5, 1.0), (-14.0, 3.0)),
    "cymbals": Reach((-2.0, 1.0), (-9.0, 3.0)),
    "texture": Reach((-4.0, 1.0), (-20.0, 3.0)),
    "other texture": Reach((-4.0, 1.0), (-20.0, 3.0)),
    "touch": _even(0.04, 0.16),
    "gate": Reach((-0.3, 0.1), (-1.6, 0.5)),
    "dynamics": Reach((-0.2, 0.2), (-0.7, 0.7)),
    "room": Reach((-1.5, 1.0), (-7.0, 3.0)),
    "density": _even(0.15, 0.7),
    "register": _even(0.5, 4.0),
}
"""In dB; the touch is added to velocities, the register in semitones; gates, dynamics and density in octaves."""
ASPECTS = tuple(_REACHES)
_OF_GOAL: dict[Goal, dict[str, Reach]] = {
    Goal.FOCUS: {
        "keys": Reach((-1.5, 1.5), (-4.5, 2.5)),
        "pad": Reach((-1.2, 1.0), (-3.0, 2.0)),
        "bass": Reach((-1.5, 1.5), (-4.0, 3.0)),
        "bright": Reach((-3.0, 3.0), (-7.0, 9.0)),
        "cymbals": Reach((-1.0, 0.5), (-6.0, 2.0)),
        "room": Reach((-1.5, 1.0), (-5.0, 3.0)),
        "drums": Reach((-1.5, 1.0), (-6.0, 2.0)),
        "texture": Reach((-4.0, 1.0), (-11.0, 3.0)),
        "other texture": Reach((-4.0, 1.0), (-11.0, 3.0)),
    },
    Goal.RELAX: {
        "keys": Reach((-1.5, 1.5), (-4.0, 3.0)),
        "bass": Reach((-1.5, 1.0), (-4.0, 1.0)),
        "drums": Reach((-1.5, 1.0), (-6.0, 3.0)),
        "gate": Reach((-0.3, 0.1), (-2.0, 0.5)),
        "room": Reach((-1.0, 1.0), (-4.0, 4.0)),
        "dynamics": Reach((-0.3, 0.1), (-1.0, 0.1)),
        "bright": Reach((-3.0, 2.0), (-10.0, 4.0)),
        "pad": Reach((-1.5, 1.0), (-2.2, 2.2)),
        "texture": Reach((-1.5, 0.0), (-7.0, 0.0)),
        "other texture": Reach((-1.5, 0.0), (-7.0, 0.0)),
        "register": Reach((-0.8, 0.4), (-5.0, 1.0)),
    },
    Goal.SLEEP: {
        "bright": Reach((-1.0, 0.0), (-4.0, 0.0)),
        "pad": Reach((-0.5, 0.5), (-1.5, 1.5)),
        "texture": Reach((-0.5, 0.0), (-5.0, 0.0)),
        "other texture": Reach((-0.5, 0.0), (-5.0, 0.0)),
        "touch": Reach((-0.04, 0.0), (-0.12, 0.0)),
        "register": Reach((0.0, 0.0), (0.0, 0.0)),
        "room": Reach((0.0, 1.0), (-1.5, 3.0)),
        "gate": Reach((0.0, 0.1), (0.0, 0.5)),
        "keys": Reach((-1.5, 1.0), (-4.5, 1.0)),
        "density": Reach((-0.1, 0.2), (-0.25, 0.8)),
        "dynamics": Reach((-0.2, 0.2), (-0.9, 0.35)),
    },
    Goal.ENERGIZE: {
        "bright": Reach((-6.0, 5.0), (-13.0, 8.0)),
        "pad": Reach((-6.0, 3.5), (-12.0, 6.0)),
        "keys": Reach((-5.0, 3.5), (-9.0, 5.0)),
        "bass": Reach((-3.0, 2.5), (-7.0, 4.0)),
        "drums": Reach((-2.0, 2.0), (-5.0, 3.5)),
        "cymbals": Reach((-5.0, 0.5), (-11.0, 1.5)),
        "texture": Reach((-10.0, 3.0), (-22.0, 5.0)),
        "gate": Reach((-1.1, 0.3), (-2.0, 0.6)),
        "room": Reach((-4.5, 2.0), (-9.0, 4.0)),
        "register": Reach((-1.2, 1.2), (-4.0, 4.0)),
        "density": Reach((-0.35, 0.2), (-0.9, 0.5)),
    },
}
"""Where a goal has room for less or needs more: beats go on, noise beds grow no louder than the table has them, and
nothing grows brighter, harder or nearer for a sleeper."""
_ASKED = 0.5
"""How far it goes where words have said how the music should be."""
_RESOLUTE = 1.5
"""How much rather an aspect is at an end of its reach than in the middle."""
_SILENT_DB = -11.0
"""A part that would be softer than this against its own level rests."""
_TOUCHED = frozenset({"keys", "lead"})
_SOFTEST, _HARDEST = 0.06, 0.98


@lru_cache(maxsize=64)
def sections_per_stretch(character: Character) -> int:
    """How many sections come nearest to a segment's length."""
    section_s = phrases_per_section(character) * phrase_s(character)
    return max(2, round(STRETCH_S / section_s))


def stretch_of(piece: Piece, aspect: str, section: int) -> int:
    """Which stretch of an aspect a section belongs to; each aspect has its own beginnings."""
    count = sections_per_stretch(character_of(piece))
    return (section + mix(seed_of(piece), "beginning", aspect) % count) // count


@lru_cache(maxsize=4096)
def value(piece: Piece, aspect: str, section: int) -> float:
    """What an aspect is in a section, in its own unit."""
    reach = _OF_GOAL.get(piece.plain_goal, {}).get(aspect, _REACHES[aspect])
    d = piece.divergence
    share = _ASKED if piece.goal is Goal.CUSTOM_PROMPT else 1.0
    low, high = (share * (here + (there - here) * d) for here, there in zip(*reach, strict=True))
    turn = rotation(stretch_of(piece, aspect, section), seed_of(piece), aspect) - 0.5
    place = min(1.0, max(-1.0, _RESOLUTE * math.sin(math.pi * turn)))
    return place * (high if place > 0.0 else -low)


def level_at(piece: Piece, aspect: str, t: float) -> float:
    """An aspect at t seconds: it moves to its new place in a section's first seconds, without a step."""
    section, x = place_at(piece, t)
    here, before = value(piece, aspect, section.number), value(piece, aspect, max(0, section.number - 1))
    return here if here == before else before + (here - before) * smoothstep(x, 0.0, _CHANGING)


def balanced(piece: Piece, section: int, notes: Iterable[Note]) -> Iterator[Note]:
    """The notes of a section at its balance and touch; parts that would be too soft rest.

    A part goes to its new level as the section begins, like an aspect that is not made of notes.
    """
    levels, before = _part_levels(piece, section), _part_levels(piece, max(0, section - 1))
    begin, stop = bounds(piece, section)
    arrived = begin + _CHANGING * (stop - begin)
    gains = {part: amplitude(level) for part, level in levels.items()}
    touch, gate = character_of(piece).touch + value(piece, "touch", section), 2.0 ** value(piece, "gate", section)
    resting = {part for part, level in levels.items() if level <= _SILENT_DB}
    for note in notes:
        start, part, instrument, pitch, velocity, gain, pan, held, variant, is_echo = note
        played = "cymbals" if instrument in CYMBALS else part
        if played in resting:
            continue
        if part in _TOUCHED:
            velocity = min(_HARDEST, max(_SOFTEST, velocity + touch))
            held = int(held * gate)
        if start < arrived and before[played] != levels[played]:
            left = 1.0 - smoothstep(float(start), begin, arrived)
            gain *= amplitude(left * (max(_SILENT_DB, before[played]) - levels[played]))
        yield Note(start, part, instrument, pitch, velocity, gain * gains[played], pan, held, variant, is_echo)


def _part_levels(piece: Piece, section: int) -> dict[str, float]:
    levels = {part: value(piece, part, section) for part in ("keys", "lead", "bass", "drums")}
    return levels | {"cymbals": levels["drums"] + value(piece, "cymbals", section)}
