"""Chords: which collection, mode and progression is in force, and the tones of each chord.

Keys move on the circle of fifths, so that neighbouring collections share six of seven notes; a mode is a
rotation of the collection. Progressions are loops of four degrees that are usual in their mode, with
substitutions by chords that share two tones; a cadence comes only where a section ends.
"""

import math
from functools import lru_cache
from typing import NamedTuple

from focuscli.music.arrangement import in_force
from focuscli.music.character import character_of, seed_of, tonic_of
from focuscli.music.form import SECTIONS_PER_CHAPTER, phrases_per_section
from focuscli.music.palette import stretch_of
from focuscli.music.randomness import Stream, uniform
from focuscli.music.tempo import BARS_PER_PHRASE
from focuscli.music.timeline import Piece

CHORDS_PER_CYCLE = 4
MAJOR = (0, 2, 4, 5, 7, 9, 11)
ROTATION = {"ionian": 0, "dorian": 1, "lydian": 3, "mixolydian": 4, "aeolian": 5}

Progression = tuple[int, int, int, int]


class Borrowed(NamedTuple):
    """By how many semitones a chord's third and seventh are those of another key; at most one of them is."""

    third: int = 0
    seventh: int = 0


_OWN = Borrowed()
Step = tuple[int, Borrowed]
"""A degree, and what it borrows."""
PROGRESSIONS: dict[str, tuple[Progression, ...]] = {
    "ionian": (
        (0, 3, 0, 4), (0, 5, 3, 4), (0, 2, 3, 4), (3, 0, 4, 5), (0, 3, 5, 4),
        (1, 4, 0, 5), (5, 3, 0, 4), (0, 4, 5, 3), (3, 4, 5, 0), (0, 1, 3, 0),
    ),
    "lydian": (
        (0, 1, 0, 4), (0, 1, 5, 4), (0, 4, 1, 5), (5, 1, 0, 4), (0, 2, 1, 0), (4, 5, 1, 0), (0, 5, 1, 2), (0, 1, 2, 1),
    ),
    "dorian": (
        (0, 3, 0, 6), (0, 2, 3, 6), (0, 6, 3, 4), (0, 4, 3, 2), (0, 3, 6, 2), (0, 1, 2, 3), (2, 3, 0, 6), (0, 3, 2, 3),
    ),
    "aeolian": (
        (0, 5, 2, 6), (0, 3, 5, 6), (5, 6, 0, 2), (0, 2, 5, 3), (0, 6, 5, 6), (0, 4, 5, 3), (3, 0, 5, 6), (0, 6, 3, 5),
    ),
    "mixolydian": (
        (0, 6, 3, 0), (0, 3, 6, 3), (0, 4, 6, 3), (3, 0, 6, 4), (0, 1, 3, 6), (0, 6, 4, 3), (0, 4, 3, 6), (0, 5, 6, 3),
    ),
}  # fmt: skip
_CADENCES: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "ionian": ((4, 3, 1), (3.0, 2.0, 1.0)),
    "lydian": ((1, 4, 6), (3.0, 2.0, 1.0)),
    "dorian": ((3, 6, 4), (3.0, 3.0, 1.0)),
    "aeolian": ((6, 4, 3), (3.0, 2.0, 2.0)),
    "mixolydian": ((6, 3, 4), (3.0, 2.0, 1.0)),
}
"""Degrees that lead home, and how often each does."""
_MINOR = frozenset({"dorian", "aeolian"})
_LOOPS = (0, 0, 1, 0)
"""Which of the two loops in force each section of a chapter plays."""


class Key(NamedTuple):
    """A tonic and a mode; `collection` is the pitch class of the major scale with the same notes."""

    tonic: int
    mode: str
    collection: int

    def degree(self, step: int) -> int:
        """Semitones above the tonic of a scale step, which may lie below 0 or above 6."""
        octave, index = divmod(step, 7)
        rotation = ROTATION[self.mode]
        above, position = divmod(rotation + index, 7)
        return MAJOR[position] + 12 * above - MAJOR[rotation] + 12 * octave

    @property
    def scale(self) -> frozenset[int]:
        """The seven pitch classes."""
        return _scale(self.collection)

    def is_diminished(self, step: int) -> bool:
        """Whether the triad on a scale step has a diminished fifth."""
        return (self.degree(step + 4) - self.degree(step)) % 12 == 6


@lru_cache(maxsize=12)
def _scale(collection: int) -> frozenset[int]:
    return frozenset((collection + step) % 12 for step in MAJOR)


class Chord(NamedTuple):
    """A chord as pitch classes: what the bass plays, and the tones above: two that make it, and two to four others."""

    number: int
    key: Key
    degree: int
    root: int
    tones: tuple[int, ...]
    scale: frozenset[int]
    """The pitch classes of lines above it: the key's, and what the chord borrows."""


def cycles_per_section(piece: Piece) -> float:
    """How many rounds of four chords a section holds; a half where chords are slow."""
    character = character_of(piece)
    bars = BARS_PER_PHRASE * phrases_per_section(character)
    return bars / (CHORDS_PER_CYCLE * character.bars_per_chord)


def _period_of(piece: Piece, cycle: int) -> int:
    """The number of the section, or of the cycle where that is longer: harmony changes at both alike."""
    return int(cycle / max(1.0, cycles_per_section(piece)))


@lru_cache(maxsize=256)
def key_of(piece: Piece, cycle: int) -> Key:
    """The key that is in force in a cycle: from one to the next, at most one fifth away."""
    seed, character = seed_of(piece), character_of(piece)
    period = _period_of(piece, cycle)
    first = Stream(seed, "key")
    start, mode = first.choice(range(-5, 6)), first.choice(character.modes)
    tonic = tonic_of(piece)
    if tonic is not None:
        return Key(tonic, mode, (tonic - MAJOR[ROTATION[mode]]) % 12)
    renewal = in_force(seed, "mode", stretch_of(piece, "mode", period), piece.divergence)
    mode = character.modes[(character.modes.index(mode) + renewal) % len(character.modes)]
    collection = (start + _fifths(piece, cycle)) * 7 % 12
    return Key((collection + MAJOR[ROTATION[mode]]) % 12, mode, collection)


def _fifths(piece: Piece, cycle: int) -> int:
    """How many fifths from home: up and down between two bounds, never more than one a cycle.

    Bounds are no whole numbers, so that each tour turns elsewhere.
    """
    still_reach, still_pace = _STILL if character_of(piece).bass != "drone" else _ROOTED
    reach = max(still_reach, _FIFTHS_REACH * math.pow(piece.divergence, _FIFTHS_SOONER))
    if reach == 0.0:
        return 0
    rounds = max(1.0, cycles_per_section(piece))
    pace = min(_FASTEST_A_SECTION, _FASTEST_A_CYCLE * rounds, max(still_pace, _PACE * piece.divergence))
    home = uniform(seed_of(piece), "fifths")
    return round(reach * (_tour(home + 0.25 * pace / reach * cycle / rounds) - _tour(home)))


def _tour(turn: float) -> float:
    """A straight way up and down, from -1 to 1 and back in one turn."""
    return 4.0 * abs(turn % 1.0 - 0.5) - 1.0


_FIFTHS_REACH, _FIFTHS_SOONER = 3.3, 0.98
"""Fifths to either side with all divergence, and the exponent that lets keys move with little of it."""
_STILL, _ROOTED = (0.75, 0.25), (0.0, 0.0)
"""Fifths to either side and a section without any divergence; over a drone none."""
_PACE, _FASTEST_A_SECTION, _FASTEST_A_CYCLE = 3.2, 1.25, 0.97
"""Fifths a section, with all divergence and at most; and at most a round of four chords."""


@lru_cache(maxsize=256)
def progression_of(piece: Piece, cycle: int) -> tuple[Step, ...]:
    """The chords of a cycle: the loop in force, some inner one replaced by a relative, a cadence at the end."""
    key, following = key_of(piece, cycle), key_of(piece, cycle + 1)
    degrees = list(_loop_of(piece, cycle, key.mode))
    stream = Stream(seed_of(piece), "substitute", cycle)
    often = character_of(piece).chromatic * (0.7 + 0.6 * piece.divergence)
    for place in (1, 2):
        if stream.chance(0.1 + 0.2 * often + 0.2 * piece.divergence):
            degrees[place] = stream.choice(_relatives(key, degrees, place) or [degrees[place]])
    degrees[3] = _ending(key, following, degrees, stream, key != following or _ends_section(piece, cycle))
    home = _loop_of(piece, cycle + 1, following.mode)[0] if following == key else -1
    return tuple(
        (degree, _borrowed(key, degree, target) if stream.chance(often) else _OWN)
        for degree, target in zip(degrees, (*degrees[1:], home), strict=True)
    )


def _borrowed(key: Key, degree: int, following: int) -> Borrowed:
    """What the way to the next chord asks for; a `following` below 0 is not known.

    A fifth down, and from III to IV, a minor chord's third is raised and a major seventh lowered, as dominants have
    them. The fourth degree takes its third from the parallel mode: on the way home, or at all in minor.
    """
    if following == degree or key.is_diminished(degree):
        return _OWN
    third, seventh = ((key.degree(degree + step) - key.degree(degree)) % 12 for step in (2, 6))
    if following >= 0 and ((degree - following) % 7 == 4 or (degree, following) == (2, 3)):
        return Borrowed(third=1) if third == 3 else Borrowed(seventh=-1) if seventh == 11 else _OWN
    if degree == 3 and key.mode != "lydian" and (following == 0 or key.mode in _MINOR):
        return Borrowed(third=1 if third == 3 else -1)
    return _OWN


def _loop_of(piece: Piece, cycle: int, mode: str) -> Progression:
    period = _period_of(piece, cycle)
    which = _LOOPS[period % SECTIONS_PER_CHAPTER]
    renewal = in_force(seed_of(piece), "progression", period // 2, piece.divergence)
    draw = Stream(seed_of(piece), "progression", renewal, mode)
    options = PROGRESSIONS[mode]
    first = draw.choice(range(len(options)))
    apart = draw.choice(range(1, len(options)))
    return options[(first + which * apart) % len(options)]


def _relatives(key: Key, degrees: list[int], place: int) -> list[int]:
    """Degrees a third away, which share two tones of three, and the one a fifth above what follows."""
    before, following = degrees[place - 1], degrees[(place + 1) % CHORDS_PER_CYCLE]
    others = ((degrees[place] + 5) % 7, (degrees[place] + 2) % 7, (following + 4) % 7)
    return [other for other in others if other not in {before, following} and not key.is_diminished(other)]


def _ending(key: Key, following: Key, degrees: list[int], stream: Stream, ends: bool) -> int:
    """The last degree: where section or key end a cadence, by a chord that the next key has too; else no dominant."""
    if not ends:
        dominant = degrees[3] == 4 and key.mode in {"ionian", "lydian"}
        return stream.choice(_relatives(key, degrees, 3) or [4]) if dominant else degrees[3]
    choices, weights = _CADENCES[key.mode]
    suitable = [
        weight * (degree != degrees[2]) * (_triad(key, degree) <= following.scale)
        for degree, weight in zip(choices, weights, strict=True)
    ]
    return stream.weighted(choices, suitable) if any(suitable) else degrees[3]


def _ends_section(piece: Piece, cycle: int) -> bool:
    rounds = max(1, int(cycles_per_section(piece)))
    return cycle % rounds == rounds - 1


def _triad(key: Key, degree: int) -> frozenset[int]:
    return frozenset((key.tonic + key.degree(degree + step)) % 12 for step in (0, 2, 4))


@lru_cache(maxsize=512)
def chord_of(piece: Piece, index: int) -> Chord:
    """The index-th chord of the session."""
    cycle, position = divmod(index, CHORDS_PER_CYCLE)
    return spell(key_of(piece, cycle), *progression_of(piece, cycle)[position], index)


def tonic_chord(piece: Piece, index: int) -> Chord:
    """The chord that a session ends on, in the key of its index-th chord."""
    return spell(key_of(piece, index // CHORDS_PER_CYCLE), 0, _OWN, index)


def spell(key: Key, degree: int, borrowed: Borrowed = _OWN, index: int = 0) -> Chord:
    """The tones of a degree; a diminished one loses its root, a seventh or ninth that would grate is left out."""
    root, third, fifth, seventh, ninth = ((key.tonic + key.degree(degree + 2 * step)) % 12 for step in range(5))
    if key.is_diminished(degree):
        return Chord(index, key, degree, third, (third, fifth, seventh, (third + 7) % 12), key.scale)
    lent = {(third + borrowed.third) % 12, (seventh + borrowed.seventh) % 12}
    scale = key.scale - {third, seventh} | lent
    third, seventh = (third + borrowed.third) % 12, (seventh + borrowed.seventh) % 12
    tones: tuple[int, ...] = (third, seventh, ninth, fifth, root)
    if (ninth - root) % 12 == 1:
        tones = (third, seventh, fifth, root)
    if borrowed.third < 0:
        tones = (third, fifth, ninth, root)
    elif (seventh - root) % 12 == 11:
        tones = (third, fifth, ninth, seventh, root)
    return Chord(index, key, degree, root, tones, scale)
