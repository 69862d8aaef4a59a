"""Motifs: cells of a rhythm and a contour, remembered by number and developed by letters of a form."""

from functools import lru_cache
from typing import NamedTuple

from focuscli.music.randomness import Stream

SLOTS_PER_BAR = 8
SLOTS = 2 * SLOTS_PER_BAR
"""A motif fits into two bars."""
RETURNS_BELOW = 0.5
"""The divergence up to which the session's first theme comes back at its peaks."""


class Tone(NamedTuple):
    """One tone of a motif: when, in eighths from its beginning, and where, in scale steps from its first."""

    slot: int
    step: int


Motif = tuple[Tone, ...]

_PLAIN: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((0,), (0,), (2,)),
    2: ((0, 4), (0, 3), (2, 4), (0, 6), (1, 4)),
    3: ((0, 2, 4), (0, 3, 4), (0, 3, 6), (2, 4, 6), (0, 1, 4), (1, 2, 4)),
    4: ((0, 2, 3, 4), (0, 2, 4, 6), (0, 1, 2, 4), (0, 3, 4, 6), (2, 3, 4, 6)),
    5: ((0, 1, 2, 4, 6), (0, 2, 3, 4, 6), (0, 2, 4, 5, 6)),
}
_RIFF: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((0,), (3,)),
    2: ((0, 3), (0, 5), (2, 5), (3, 6)),
    3: ((0, 3, 6), (0, 3, 5), (1, 3, 6), (0, 2, 3), (0, 3, 4)),
    4: ((0, 2, 3, 6), (0, 3, 4, 6), (0, 1, 3, 6), (0, 3, 5, 6)),
    5: ((0, 1, 3, 4, 6), (0, 2, 3, 5, 6)),
}
"""Eighths of a bar by how many tones it holds: plain, and leaning over the beat."""

_CONTOURS: tuple[tuple[float, ...], ...] = (
    (0, 1, 2, 1, 0), (0, 2, 3, 2, 1), (2, 1, 0, -1, -2), (0, 1, 2, 3, 2), (0, -1, -2, -1, 0), (0, 1, 0, -1, 0),
    (0, 2, 1, 0, -1), (0, -1, 1, 0, 2), (0, 3, 2, 1, 0), (0, 1, 3, 2, 1),
)  # fmt: skip
"""Scale steps along the way from the first tone to the last: arches, falls, rises and waves, as in folk tunes."""


@lru_cache(maxsize=256)
def invent(seed: int, theme: int, which: int, size: tuple[int, int], is_riff: bool) -> Motif:
    """A motif of so many tones: a bar's rhythm, answered by the same one or a shorter one, under one contour."""
    stream = Stream(seed, "invent", theme, which)
    count = stream.choice(range(size[0], size[1] + 1))
    opening = min(5, max(1, (count + 1) // 2 + (count > 3)))
    rhythms = _RIFF if is_riff else _PLAIN
    first = stream.choice(rhythms[opening])
    rest = min(5, count - opening)
    second: tuple[int, ...] = first[:rest] if stream.chance(0.5) else stream.choice(rhythms[rest]) if rest else ()
    slots = (*first, *(SLOTS_PER_BAR + slot for slot in second))
    contour = stream.choice(_CONTOURS)
    widened = max(1.0, 0.22 * len(slots))
    contour = tuple(widened * height for height in contour)
    steps = [_along(contour, place / max(1, len(slots) - 1)) for place in range(len(slots))]
    return tuple(Tone(slot, step - steps[0]) for slot, step in zip(slots, steps, strict=True))


def _along(contour: tuple[float, ...], x: float) -> int:
    place = x * (len(contour) - 1)
    left = min(int(place), len(contour) - 2)
    return round(contour[left] + (contour[left + 1] - contour[left]) * (place - left))


def transpose(motif: Motif, steps: int) -> Motif:
    """Moved by scale steps."""
    return tuple(Tone(tone.slot, tone.step + steps) for tone in motif)


def invert(motif: Motif) -> Motif:
    """Upside down around its first tone."""
    return tuple(Tone(tone.slot, -tone.step) for tone in motif)


def augment(motif: Motif) -> Motif:
    """Its first tones, twice as slow."""
    slow = tuple(Tone(2 * tone.slot, tone.step) for tone in motif if 2 * tone.slot < SLOTS)
    return slow if len(slow) > 1 else motif


def fragment(motif: Motif, steps: int) -> Motif:
    """Its first bar and, in the second, the same moved by scale steps: a sequence."""
    head = tuple(tone for tone in motif if tone.slot < SLOTS_PER_BAR)
    return head + tuple(Tone(tone.slot + SLOTS_PER_BAR, tone.step + steps) for tone in head)


def close(motif: Motif) -> Motif:
    """Its first bar, then one long tone below where it began."""
    head = tuple(tone for tone in motif if tone.slot < SLOTS_PER_BAR)
    return (*head, Tone(SLOTS_PER_BAR, min(0, head[-1].step - 1)))


def vary(motif: Motif, stream: Stream, probability: float) -> Motif:
    """A return that is no copy: an inner tone left out, a neighbour added, or the last tone late."""
    if len(motif) < 3 or not stream.chance(probability):
        return motif
    how, place = stream.choice(("omit", "neighbour", "late")), stream.choice(range(1, len(motif) - 1))
    if how == "omit":
        return motif[:place] + motif[place + 1 :]
    if how == "late":
        last = motif[-1]
        return (*motif[:-1], Tone(min(SLOTS - 1, last.slot + 1), last.step))
    before, after = motif[place], motif[place + 1]
    if after.slot - before.slot < 2:
        return motif
    added = Tone(before.slot + 1, before.step + stream.choice((-1, 1)))
    return (*motif[: place + 1], added, *motif[place + 1 :])


_SONG = {
    8: ("a-s-a-c-", "a-i-ab-c", "ab-a--c-", "-a-sf-c-", "a--a-l-c", "as--ab-c", "a-f-l--c"),
    4: ("a-sc", "al-c", "-a-c", "ab-c", "a-ic", "a-s-", "f-ac"),
}
_RIFFS = {
    8: ("aaasaaac", "a-a-aaac", "aaabaaac", "aab-aabc", "aasfaasc", "a-afa-bc"),
    4: ("aaac", "asac", "aabc"),
}
"""Forms of a section by its half phrases. a: the motif, s: moved, i: inverted, l: augmented, f: a fragment in
sequence, c: closed, b: another motif, -: a rest for listening."""


def form_of(seed: int, section: int, halves: int, is_riff: bool) -> str:
    """What each half phrase of a section says."""
    return Stream(seed, "form", section).choice((_RIFFS if is_riff else _SONG)[halves])


def said(letter: str, seed: int, theme: int, size: tuple[int, int], is_riff: bool, stream: Stream) -> Motif:
    """The motif of one letter, "-" for none; the stream chooses where there is a choice."""
    if letter == "-":
        return ()
    motif = invent(seed, theme, 1 if letter == "b" else 0, size, is_riff)
    if letter == "s":
        return transpose(motif, stream.choice((-2, -1, 1, 2)))
    if letter == "f":
        return fragment(motif, stream.choice((-1, -1, 1)))
    developed = {"i": invert, "l": augment, "c": close}.get(letter)
    return developed(motif) if developed else motif
