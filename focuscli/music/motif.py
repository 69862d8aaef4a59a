"""Motifs: short cells of scale steps, remembered by number and brought back varied."""

from functools import lru_cache
from typing import NamedTuple

from focuscli.music.randomness import Stream

SLOTS_PER_BAR = 8


class Tone(NamedTuple):
    """One tone of a motif: when, in eighths from its beginning, and where, in scale steps from its first."""

    slot: int
    step: int


Motif = tuple[Tone, ...]

_STEPS = (-3, -2, -1, 0, 1, 2, 3, 4)
_STEP_WEIGHTS = (0.7, 1.4, 6.0, 1.2, 6.0, 1.4, 0.7, 0.4)
"""Mostly seconds, few leaps, as in folk tunes and chorales."""


@lru_cache(maxsize=256)
def invent(seed: int, number: int, size: tuple[int, int], slots: int) -> Motif:
    """A motif of so many tones that fits into so many eighths; a leap is answered by a step back."""
    stream = Stream(seed, "invent", number)
    count = stream.choice(range(size[0], size[1] + 1))
    slot, step, leap = stream.choice((0, 0, 0, 1, 2)), 0, 0
    tones: list[Tone] = []
    for _ in range(count):
        tones.append(Tone(slot, step))
        slot += stream.weighted((1, 2, 3, 4), (3.0, 4.0, 2.5, 1.0))
        if slot >= slots:
            break
        move = (-1 if leap > 0 else 1) if abs(leap) >= 3 else stream.weighted(_STEPS, _STEP_WEIGHTS)
        if abs(step + move) > 4:
            move = -move
        step, leap = step + move, move
    return tuple(tones)


def sequence(motif: Motif, steps: int) -> Motif:
    """The second half of the motif, moved by scale steps."""
    half = len(motif) // 2
    return motif[:half] + tuple(Tone(tone.slot, tone.step + steps) for tone in motif[half:])


def invert(motif: Motif) -> Motif:
    """Upside down around its first tone."""
    return tuple(Tone(tone.slot, -tone.step) for tone in motif)


def thin(motif: Motif, stream: Stream, probability: float) -> Motif:
    """With some inner tones left out."""
    inner = tuple(tone for tone in motif[1:-1] if not stream.chance(probability))
    return motif[:1] + inner + motif[1:][-1:]


_FORMS = ("a-bA", "aA-b", "a-Ab", "aba-", "-aiA", "a-ia")
"""Letters: a the motif, A its sequence, i its inversion, b another motif, - a rest for listening."""


def varied(seed: int, number: int, phrase: int, size: tuple[int, int], slots: int) -> Motif:
    """What the lead says in a phrase: a place in a form of four phrases, or nothing."""
    letter = Stream(seed, "form", phrase // 4).choice(_FORMS)[phrase % 4]
    stream = Stream(seed, "variation", phrase)
    if letter == "-":
        return ()
    if letter == "b":
        return invent(seed, number + 100_000, size, slots)
    motif = invent(seed, number, size, slots)
    if letter == "A":
        return thin(sequence(motif, stream.choice((-2, -1, 1, 2))), stream, 0.2)
    return invert(motif) if letter == "i" else motif
