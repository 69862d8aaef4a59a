"""The form: sections of about half a minute, four to a chapter, that move energy, register and layers together.

A chapter is a curve of four levels (an opening, a build, a peak, a release) over an order in which the parts
enter, so that from section to section one layer enters or leaves.
"""

import math
from functools import lru_cache
from typing import NamedTuple

from focuscli.model import Goal
from focuscli.music.character import character_of, seed_of
from focuscli.music.curves import smoothstep
from focuscli.music.goals import Character
from focuscli.music.groove import BEATS
from focuscli.music.randomness import Stream, drift
from focuscli.music.tempo import BARS_PER_PHRASE, phrases, phrases_between
from focuscli.music.timeline import Piece
from focuscli.units import SAMPLE_RATE

SECTIONS_PER_CHAPTER = 4
LONGEST_SECTION_S = 48.0
_PEAK = 3
_RESTS = 0.5
"""How often a phrase that may leaves something out; divergence has contrasts of its own, and both would lurch."""

Curve = tuple[int, int, int, int]
_OPENING: Curve = (0, 1, 2, 1)
_CURVES: tuple[Curve, ...] = ((0, 1, 2, 1), (2, 3, 2, 1), (2, 1, 2, 1), (0, 1, 0, 1), (2, 3, 2, 1))
"""The levels of a chapter's sections, 0 (least) to 3 (the peak): neighbours differ by one, and so do the last
level of any curve and the first of any other."""


class Plan(NamedTuple):
    """What a goal makes of a level."""

    orders: tuple[tuple[str, ...], ...]
    """The parts in the order in which they enter; the pad is always there."""
    fewest: int
    """How many parts play at level 0."""
    energies: tuple[float, float]
    """Energy at level 0 and at the peak."""
    settled: float = 0.08
    """The share of a section after which it has left the level of the one before."""
    rests: tuple[tuple[str, ...], ...] = ()
    """What may be left out for a phrase, so that what is left stands in another light."""


_PLANS: dict[Goal, Plan] = {
    Goal.FOCUS: Plan(
        (
            ("keys", "hat", "bass", "lead", "kick", "counter", "snare", "shaker"),
            ("keys", "bass", "kick", "hat", "lead", "snare", "shaker", "counter"),
            ("keys", "bass", "hat", "kick", "lead", "counter", "snare", "shaker"),
        ),
        4, (0.38, 0.76), rests=(("bass",), ("kick",), ("lead", "counter")),
    ),
    Goal.RELAX: Plan(
        (
            ("keys", "bass", "lead", "snare", "shaker", "kick", "counter", "hat"),
            ("keys", "lead", "bass", "counter", "shaker", "kick", "snare", "hat"),
            ("keys", "bass", "kick", "lead", "snare", "shaker", "counter", "hat"),
        ),
        3, (0.36, 0.76),
    ),
    Goal.SLEEP: Plan((("keys", "lead", "kick"),), 0, (0.44, 0.6), settled=0.4),
    Goal.ENERGIZE: Plan(
        (
            ("keys", "kick", "bass", "hat", "lead", "snare", "shaker", "counter"),
            ("keys", "bass", "kick", "hat", "snare", "shaker", "lead", "counter"),
            ("bass", "kick", "hat", "keys", "lead", "snare", "counter", "shaker"),
        ),
        5, (0.34, 0.88),
    ),
}  # fmt: skip


class Section(NamedTuple):
    """A stretch of phrases with one level and one set of parts."""

    number: int
    level: int
    before: int
    """The level of the section before; its own for the first."""
    after: int
    parts: frozenset[str]

    @property
    def chapter(self) -> int:
        """From the session's beginning."""
        return self.number // SECTIONS_PER_CHAPTER

    @property
    def place(self) -> int:
        """0 for the first of its chapter."""
        return self.number % SECTIONS_PER_CHAPTER


@lru_cache(maxsize=64)
def phrases_per_section(character: Character) -> int:
    """4 or, where those would last too long, 2."""
    return 4 if 4 * phrase_s(character) <= LONGEST_SECTION_S else 2


def phrase_s(character: Character) -> float:
    """How long a phrase lasts at the middle of a character's tempi, in seconds."""
    return BARS_PER_PHRASE * 240.0 / (0.5 * sum(character.tempo))


@lru_cache(maxsize=512)
def section(piece: Piece, number: int) -> Section:
    """The number-th section of a session."""
    level = _level(piece, number)
    plan = _PLANS[piece.plain_goal]
    draw = Stream(seed_of(piece), "order", number // SECTIONS_PER_CHAPTER)
    order = plan.orders[0] if number < SECTIONS_PER_CHAPTER else draw.choice(plan.orders)
    played = [part for part in order if _has(character_of(piece), part)]
    return Section(
        number, level, _level(piece, max(0, number - 1)), _level(piece, number + 1),
        frozenset(played[: plan.fewest + level]),
    )  # fmt: skip


def _has(character: Character, part: str) -> bool:
    """Whether a character plays a part at all; a drone belongs to the pad."""
    if part in {"lead", "counter"}:
        return character.melody > 0.0
    if part == "bass":
        return character.bass not in {"", "drone"}
    return part == "keys" or any(getattr(beat, part) for beat in BEATS.get(character.groove, ()))


def resting(piece: Piece, phrase: int) -> frozenset[str]:
    """The parts that are left out in a phrase; never in a section's first, nor in two phrases in a row."""
    rests = _PLANS[piece.plain_goal].rests
    if not rests or phrase % phrases_per_section(character_of(piece)) % 2 == 0:
        return frozenset()
    draw = Stream(seed_of(piece), "rest", phrase)
    return frozenset(draw.choice(rests) if draw.chance(_RESTS * (1.0 - piece.divergence)) else ())


def section_at(piece: Piece, phrase: int) -> Section:
    """The section that a phrase belongs to."""
    return section(piece, phrase // phrases_per_section(character_of(piece)))


def _level(piece: Piece, number: int) -> int:
    """The level of a section; a session ends as sparsely as it began, one layer after the other."""
    chapter, place = divmod(number, SECTIONS_PER_CHAPTER)
    left = len(phrases(piece)) // phrases_per_section(character_of(piece)) - 1 - number
    return min(_curve(piece, chapter)[place], max(0, left))


@lru_cache(maxsize=64)
def _curve(piece: Piece, chapter: int) -> Curve:
    """A chapter's curve; the session opens like a piece does."""
    if chapter == 0:
        return _OPENING
    return Stream(seed_of(piece), "curve", chapter).choice(_CURVES)


@lru_cache(maxsize=4096)
def energy(piece: Piece, t: float) -> float:
    """How much is going on at t seconds, 0…1: the sections' levels, each leaning to the next, and a slow drift."""
    plan = _PLANS[piece.plain_goal]
    quietest, fullest = plan.energies
    here, x = place_at(piece, t)
    level = here.level + 0.4 * (here.after - here.level) * smoothstep(x, 0.6, 1.0)
    level += 0.6 * (here.before - here.level) * (1.0 - smoothstep(x, 0.0, plan.settled))
    wander = drift(t / 31.0, seed_of(piece), "stir") - 0.5
    value = quietest + (fullest - quietest) * level / _PEAK + wander * (0.16 + 0.2 * piece.divergence)
    return min(1.0, max(0.0, value))


@lru_cache(maxsize=4096)
def place_at(piece: Piece, t: float) -> tuple[Section, float]:
    """The section at t seconds and how much of it has passed, 0…1."""
    frame = min(max(0, math.floor(t * SAMPLE_RATE)), piece.frames - 1)
    here = section_at(piece, phrases_between(piece, frame, frame + 1)[0].number)
    start, stop = bounds(piece, here.number)
    return here, (frame - start) / (stop - start)


def bounds(piece: Piece, number: int) -> tuple[int, int]:
    """The first frame of a section and the one after its last."""
    size, every = phrases_per_section(character_of(piece)), phrases(piece)
    first = number * size
    return every[first].start, every[min(first + size, len(every)) - 1].stop
