"""The bar grid: a session's phrases in frames, a pure function of the piece."""

from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from focuscli.music.arc import moment, tail_s
from focuscli.music.character import character_of, seed_of
from focuscli.music.randomness import Stream
from focuscli.music.timeline import Piece
from focuscli.units import SAMPLE_RATE

BARS_PER_PHRASE = 4
BEATS_PER_BAR = 4
SIXTEENTHS_PER_BAR = 16

MODULATION_HZ = 16
_GRANULE = 8
"""Beats are multiples of this many frames, so that sixteenths are even."""


class Phrase(NamedTuple):
    """Four bars at one tempo; the coda is a last, single, long bar."""

    number: int
    start: int
    stop: int
    beat: int
    """Frames."""
    first_bar: int
    bars: int
    is_coda: bool = False

    @property
    def bar(self) -> int:
        """Frames of a bar."""
        return BEATS_PER_BAR * self.beat


@lru_cache(maxsize=8)
def phrases(piece: Piece) -> tuple[Phrase, ...]:
    """All phrases of a session, from frame 0 to its last; about two microseconds each."""
    tempo, grid = _base_tempo(piece)
    coda_start = piece.frames - round(tail_s(piece.plain_goal, piece.duration_s) * SAMPLE_RATE)
    result: list[Phrase] = []
    start = first_bar = 0
    while True:
        factor = moment(piece.plain_goal, start / SAMPLE_RATE, piece.duration_s).tempo
        beat = grid or _GRANULE * round(SAMPLE_RATE * 60.0 / (tempo * factor) / _GRANULE)
        bar = BEATS_PER_BAR * beat
        bars = min(BARS_PER_PHRASE, round((coda_start - start) / bar))
        if bars < 1:
            break
        result.append(Phrase(len(result), start, start + bars * bar, beat, first_bar, bars))
        start, first_bar = start + bars * bar, first_bar + bars
    result.append(Phrase(len(result), start, piece.frames, beat, first_bar, 1, is_coda=True))
    return tuple(result)


def _base_tempo(piece: Piece) -> tuple[float, int]:
    """Beats a minute, and the frames of a beat where they are bound to the 16 Hz grid (else 0)."""
    character = character_of(piece)
    stream = Stream(seed_of(piece), "tempo")
    if character.grid_16hz:
        k = stream.choice(character.grid_16hz)
        return 960.0 / k, k * SAMPLE_RATE // MODULATION_HZ
    return stream.between(*character.tempo), 0


@lru_cache(maxsize=8)
def _starts(piece: Piece) -> tuple[int, ...]:
    return tuple(phrase.start for phrase in phrases(piece))


def phrases_between(piece: Piece, start: int, stop: int) -> tuple[Phrase, ...]:
    """The phrases that share a frame with start…stop."""
    starts = _starts(piece)
    first = max(0, bisect_right(starts, start) - 1)
    return phrases(piece)[first : bisect_right(starts, max(start, stop - 1))]
