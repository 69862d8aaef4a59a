"""Chords: which collection, mode and progression is in force, and the tones of each chord.

Keys move on the circle of fifths, so that neighbouring collections share six of seven notes; a mode is a
rotation of the collection. Progressions are loops of four degrees that are usual in their mode.
"""

from functools import lru_cache
from typing import NamedTuple

from focuscli.music.arrangement import in_force, section_of_cycle
from focuscli.music.character import character_of, seed_of, tonic_of
from focuscli.music.randomness import Stream, drift, uniform
from focuscli.music.timeline import Piece

CHORDS_PER_CYCLE = 4
MAJOR = (0, 2, 4, 5, 7, 9, 11)
ROTATION = {"ionian": 0, "dorian": 1, "lydian": 3, "mixolydian": 4, "aeolian": 5}

Progression = tuple[int, int, int, int]
PROGRESSIONS: dict[str, tuple[Progression, ...]] = {
    "ionian": (
        (0, 3, 0, 4), (0, 5, 3, 4), (0, 2, 3, 4), (3, 0, 4, 5), (0, 3, 5, 4),
        (1, 4, 0, 5), (5, 3, 0, 4), (0, 4, 5, 3), (3, 4, 5, 0), (0, 1, 3, 0),
    ),
    "lydian": ((0, 1, 0, 4), (0, 1, 5, 4), (0, 4, 1, 5), (5, 1, 0, 4), (0, 2, 1, 0), (4, 5, 1, 0)),
    "dorian": ((0, 3, 0, 6), (0, 2, 3, 6), (0, 6, 3, 4), (0, 4, 3, 2), (0, 3, 6, 2), (0, 1, 2, 3)),
    "aeolian": (
        (0, 5, 2, 6), (0, 3, 5, 6), (5, 6, 0, 2), (0, 2, 5, 3), (0, 6, 5, 6), (0, 4, 5, 3), (3, 0, 5, 6),
    ),
    "mixolydian": ((0, 6, 3, 0), (0, 3, 6, 3), (0, 4, 6, 3), (3, 0, 6, 4), (0, 1, 3, 6), (0, 6, 4, 3)),
}  # fmt: skip
_SUBSTITUTES = {0: (5, 2), 1: (3,), 2: (0, 5), 3: (1, 5), 4: (1, 6), 5: (0, 3), 6: (4, 3)}


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
        return frozenset((self.collection + step) % 12 for step in MAJOR)


class Chord(NamedTuple):
    """A chord as pitch classes: what the bass plays, and the tones above in order of importance."""

    number: int
    key: Key
    degree: int
    root: int
    tones: tuple[int, ...]


def key_of(piece: Piece, cycle: int) -> Key:
    """The key that is in force in a cycle of four chords."""
    seed, character = seed_of(piece), character_of(piece)
    section = section_of_cycle(piece, cycle)
    first = Stream(seed, "key")
    start, mode = first.choice(range(-5, 6)), first.choice(character.modes)
    renewal = in_force(seed, "mode", (section + 1) // 3, 0.8 * piece.divergence)
    if renewal:
        mode = Stream(seed, "mode", renewal).choice(character.modes)
    wander = drift(section / 2.3, seed, "fifths") - drift(0.0, seed, "fifths")
    fifths = start + round(5.0 * max(0.0, piece.divergence - 0.08) * wander)
    tonic = tonic_of(piece)
    if tonic is not None:
        return Key(tonic, mode, (tonic - MAJOR[ROTATION[mode]]) % 12)
    collection = fifths * 7 % 12
    return Key((collection + MAJOR[ROTATION[mode]]) % 12, mode, collection)


def progression_of(piece: Piece, cycle: int) -> Progression:
    """The four degrees of a cycle: the loop in force, its last chord now and then replaced by a relative."""
    seed, key = seed_of(piece), key_of(piece, cycle)
    renewal = in_force(seed, "progression", section_of_cycle(piece, cycle), piece.divergence)
    loop = Stream(seed, "progression", renewal, key.mode).choice(PROGRESSIONS[key.mode])
    if cycle % 2 and uniform(seed, "substitute", cycle) < 0.12 + 0.4 * piece.divergence:
        last = Stream(seed, "substitute", cycle, "which").choice(_SUBSTITUTES[loop[3]])
        return (*loop[:3], last)
    return loop


@lru_cache(maxsize=512)
def chord_of(piece: Piece, index: int) -> Chord:
    """The index-th chord of the session."""
    cycle, position = divmod(index, CHORDS_PER_CYCLE)
    return spell(key_of(piece, cycle), progression_of(piece, cycle)[position], index)


def tonic_chord(piece: Piece, index: int) -> Chord:
    """The chord that a session ends on, in the key of its index-th chord."""
    return spell(key_of(piece, index // CHORDS_PER_CYCLE), 0, index)


def spell(key: Key, degree: int, index: int = 0) -> Chord:
    """The tones of a degree: third, seventh, ninth, fifth, root; a diminished one loses its root."""
    root, third, fifth, seventh, ninth = ((key.tonic + key.degree(degree + 2 * step)) % 12 for step in range(5))
    if (fifth - root) % 12 == 6:
        return Chord(index, key, degree, third, (third, fifth, seventh, (third + 7) % 12))
    if (ninth - root) % 12 == 1:
        return Chord(index, key, degree, root, (third, seventh, fifth, root))
    if (seventh - root) % 12 == 11 and (degree in {0, 3}):
        return Chord(index, key, degree, root, (third, ninth, fifth, root))
    return Chord(index, key, degree, root, (third, seventh, ninth, fifth))
