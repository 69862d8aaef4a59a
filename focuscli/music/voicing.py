"""Voice-leading: where each chord tone lies, so that voices move little and never crowd below (Huron 2001)."""

from functools import lru_cache
from itertools import combinations, pairwise, product

from focuscli.music.harmony import CHORDS_PER_CYCLE, Chord, chord_of
from focuscli.music.timeline import Piece

Voicing = tuple[int, ...]

_REACH = 10
"""Semitones above and below the centre that voices may use."""


@lru_cache(maxsize=512)
def voicing_of(piece: Piece, index: int, centre: int) -> Voicing:
    """Four MIDI numbers, low to high, for the index-th chord of the session around a centre.

    A cycle is led from its own first chord, which stands nearest to the centre: no history is needed, and the
    way back to the beginning stays short because every voicing is held near the same centre.
    """
    cycle, position = divmod(index, CHORDS_PER_CYCLE)
    first = cycle * CHORDS_PER_CYCLE
    return _path(tuple(chord_of(piece, first + k).tones for k in range(CHORDS_PER_CYCLE)), centre)[position]


def settle(chord: Chord, previous: Voicing, centre: int) -> Voicing:
    """The voicing of one chord that is reached best from the previous one."""
    return _nearest(chord.tones, previous, centre)


@lru_cache(maxsize=256)
def _path(chords: tuple[tuple[int, ...], ...], centre: int) -> tuple[Voicing, ...]:
    """Lead the voices through the loop twice and keep the second round, whose seam is led as well."""
    previous: Voicing = ()
    path: list[Voicing] = []
    for tones in chords + chords:
        previous = _nearest(tones, previous, centre)
        path.append(previous)
    return tuple(path[len(chords) :])


@lru_cache(maxsize=2048)
def _nearest(tones: tuple[int, ...], previous: Voicing, centre: int) -> Voicing:
    low = centre - _REACH
    places = [[pitch for pitch in range(low, centre + _REACH + 1) if pitch % 12 == tone] for tone in tones[:4]]
    candidates = (tuple(sorted(choice)) for choice in product(*places))
    return min(candidates, key=lambda voicing: _cost(voicing, previous, centre))


def _cost(voicing: Voicing, previous: Voicing, centre: int) -> float:
    cost = 0.6 * abs(sum(voicing) / len(voicing) - centre)
    for lower, upper in pairwise(voicing):
        gap = upper - lower
        cost += 14.0 if gap < 2 else 1.5 if gap < 3 else 0.0
        cost += 5.0 if gap < 4 and lower < 54 else 0.0
        cost += 3.0 if gap > 8 else 0.0
    if previous:
        cost += 0.8 * sum(abs(here - there) for here, there in zip(voicing, previous, strict=True))
        cost += 1.5 if voicing[-1] == previous[-1] else 0.0
        cost += 2.5 * _parallel_fifths(voicing, previous)
    return cost


def _parallel_fifths(voicing: Voicing, previous: Voicing) -> int:
    """Pairs of voices that move, and are a fifth apart before and after."""
    return sum(
        (voicing[upper] - voicing[lower]) % 12 == 7
        and (previous[upper] - previous[lower]) % 12 == 7
        and voicing[lower] != previous[lower]
        for lower, upper in combinations(range(len(voicing)), 2)
    )
