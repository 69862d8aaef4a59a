"""Voice-leading: where each chord tone lies, so that voices move little and never crowd below (Huron 2001)."""

import math
from functools import lru_cache
from itertools import combinations, pairwise, product

from focuscli.music.character import character_of
from focuscli.music.harmony import CHORDS_PER_CYCLE, Chord, chord_of
from focuscli.music.timeline import Piece

Voicing = tuple[int, ...]

_REACH = 10
"""Semitones above and below the centre that voices may use."""
_PAIRS = tuple(combinations(range(4), 2))
_ALONG, _STILL = 5.0, 3.0
"""What it costs if the top voice goes the bass's way, or stays while the bass moves."""
_PARALLEL = 12.0
"""What each pair of voices costs that moves from fifth to fifth."""
_BEATING = 60
"""Seconds below this beat audibly."""
_CLEAR, _MUD = 43, 2.0
"""Voices below this belong to the bass: what each semitone deeper costs."""
_FLUTTERING, _BESIDE = frozenset({42, 49, 61}), frozenset({41, 43, 48, 50, 60, 62})
"""Voices with one of their first three partials at 277 Hz, and a semitone beside it, where both beat sixteen times a
second, as only modulation should."""
_FLUTTER = 30.0
_LEAD_IN = 2
"""Cycles that are led through before the one that is wanted; voices that start elsewhere have met by then."""


def voicing_of(piece: Piece, index: int, centre: int) -> Voicing:
    """Four MIDI numbers, low to high, for the index-th chord of the session around a centre."""
    cycle, position = divmod(index, CHORDS_PER_CYCLE)
    return _led(piece, cycle, centre)[position]


def settle(chord: Chord, previous: Voicing, centre: int) -> Voicing:
    """The voicing of one chord that is reached best from the previous one."""
    return _nearest(chord.tones, previous, centre, 0)


@lru_cache(maxsize=256)
def _led(piece: Piece, cycle: int, centre: int) -> tuple[Voicing, ...]:
    """A cycle's voicings, led from a chord so far back that it no longer matters: no history is needed."""
    since = max(0, cycle - _LEAD_IN) * CHORDS_PER_CYCLE
    lowest = character_of(piece).lowest
    previous: Voicing = ()
    bass = 0
    path: list[Voicing] = []
    for index in range(since, (cycle + 1) * CHORDS_PER_CYCLE):
        chord = chord_of(piece, index)
        root = bass_pitch(chord, lowest)
        rising = (root > bass) - (root < bass) if path else 0
        previous, bass = _nearest(chord.tones, previous, centre, rising), root
        path.append(previous)
    return tuple(path[-CHORDS_PER_CYCLE:])


def bass_pitch(chord: Chord, lowest: int) -> int:
    """The chord's root in the octave from the lowest note of the bass."""
    return lowest + (chord.root - lowest) % 12


@lru_cache(maxsize=4096)
def _nearest(tones: tuple[int, ...], previous: Voicing, centre: int, rising: int) -> Voicing:
    """The cheapest way to lay the tones; `rising` is the sign of the bass's move."""
    low = centre - _REACH
    places = {tone: [pitch for pitch in range(low, centre + _REACH + 1) if pitch % 12 == tone] for tone in tones}
    fifths = [(lower, upper) for lower, upper in _PAIRS if previous and _is_fifth(previous, lower, upper)]
    best: Voicing = ()
    least = math.inf
    for others in combinations(tones[2:], 2):
        for choice in product(*(places[tone] for tone in (*tones[:2], *others))):
            voicing = tuple(sorted(choice))
            cost = _motion_cost(voicing, previous, rising) if previous else 0.0
            if cost < least and fifths:
                cost += _PARALLEL * _parallels(voicing, previous, fifths)
            if cost < least:
                cost += _spacing_cost(voicing, centre)
                if cost < least:
                    best, least = voicing, cost
    return best


def _motion_cost(voicing: Voicing, previous: Voicing, rising: int) -> float:
    (low, second, third, high), (was_low, was_second, was_third, was_high) = voicing, previous
    cost = _MOVES[abs(low - was_low)] + _MOVES[abs(second - was_second)]
    cost += _MOVES[abs(third - was_third)] + _MOVES[abs(high - was_high)]
    along = (high - was_high) * rising
    return cost + (_ALONG if along > 0 else _STILL if along == 0 and rising else 0.0)


_MOVES = [0.8 * move if move <= 2 else 4.8 * move - 8.0 for move in range(128)]
"""What it costs if a voice moves by so many semitones."""


def _is_fifth(voicing: Voicing, lower: int, upper: int) -> bool:
    return (voicing[upper] - voicing[lower]) % 12 == 7


def _parallels(voicing: Voicing, previous: Voicing, fifths: list[tuple[int, int]]) -> int:
    """How many of the pairs of voices that were a fifth apart move, and are so again."""
    return sum(voicing[lower] != previous[lower] and _is_fifth(voicing, lower, upper) for lower, upper in fifths)


def _spacing_cost(voicing: Voicing, centre: int) -> float:
    cost = 0.35 * abs(sum(voicing) / len(voicing) - centre)
    cost += _MUD * max(0, _CLEAR - voicing[0])
    if not (_FLUTTERING.isdisjoint(voicing) or _BESIDE.isdisjoint(voicing)):
        cost += _FLUTTER
    for lower, upper in pairwise(voicing):
        gap = upper - lower
        cost += 14.0 if gap < 2 else (6.0 if lower < _BEATING else 1.5) if gap < 3 else 0.0
        cost += 5.0 if gap < 4 and lower < 54 else 0.0
        cost += 3.0 if gap > 8 else 0.0
    return cost
