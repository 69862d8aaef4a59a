"""Voices on paper: how chords and melodies move from one tone to the next."""

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np

from focuscli.bench.music.levels import Figures
from focuscli.music.events import Held, Note
from focuscli.units import SAMPLE_RATE

Pitches = tuple[int, ...]
_BREATH = 2 * SAMPLE_RATE
"""Two tones of the lead that lie further apart belong to two lines."""
_LEAP = 5
"""Semitones from which a melodic interval is a leap that wants an answer."""


def chord_figures(chords: Sequence[Pitches], basses: Sequence[int]) -> Figures:
    """Of a pad's chords in order, each with the bass below it; repeated chords are no change.

    Voices are matched in the order of pitch; of chords of different size only the nearest pairs are. A voice is
    held if its pitch is. The outer voices are the pad's highest and the bass; oblique motion counts as not
    contrary.
    """
    moves: list[int] = []
    fifths = contrary = changes = 0
    for (before, low_before), (after, low_after) in pairwise(zip(chords, basses, strict=True)):
        if before == after:
            continue
        changes += 1
        pairs = matched(before, after)
        moves += [abs(there - here) for here, there in pairs]
        fifths += parallel_fifths(pairs)
        contrary += (after[-1] - before[-1]) * (low_after - low_before) < 0
    if not changes:
        return {}
    return {
        "voice_move": float(np.mean(moves)),
        "voice_move_90": float(np.percentile(moves, 90.0)),
        "voices_held": float(np.mean(np.array(moves) == 0)),
        "parallel_fifths": fifths / changes,
        "outer_contrary": contrary / changes,
    }


def matched(before: Pitches, after: Pitches) -> list[tuple[int, int]]:
    """Which tone goes where: all in order of pitch, or each of the fewer to the nearest of the more."""
    if len(before) == len(after):
        return list(zip(sorted(before), sorted(after), strict=True))
    if len(before) < len(after):
        return [(tone, min(after, key=lambda other: abs(other - tone))) for tone in before]
    return [(min(before, key=lambda other: abs(other - tone)), tone) for tone in after]


def parallel_fifths(pairs: list[tuple[int, int]]) -> int:
    """Pairs of voices that move, and are a fifth (or twelfth) apart before and after."""
    return sum(
        (low[0] - high[0]) % 12 in {5, 7}
        and (high[0] - low[0]) % 12 == (high[1] - low[1]) % 12 == (7 if high[0] > low[0] else 5)
        and low[0] != low[1]
        for low, high in combinations(pairs, 2)
    )


def basses_of(chords: Sequence[Held], notes: Sequence[Note]) -> list[int]:
    """The bass tone under each chord: its first note of the bass, else the chord's own lowest."""
    low = [note for note in notes if note.part == "bass"]
    starts = np.array([note.start for note in low])
    result = []
    for chord in chords:
        place = int(np.searchsorted(starts, chord.start - SAMPLE_RATE // 10))
        within = place < len(low) and low[place].start < chord.stop
        result.append(low[place].pitch if within else min(chord.pitches))
    return result


def melody_figures(notes: Sequence[Note]) -> Figures:
    """Of the lead's notes in order: the classes of its intervals, answered leaps and the range of a phrase.

    A leap (five semitones or more) is answered if the next interval goes back by no more than four. Phrases end
    where the lead is silent for two seconds.
    """
    lines: list[list[int]] = []
    ended = -_BREATH
    for note in (note for note in notes if note.part == "lead"):
        if not lines or note.start - ended >= _BREATH:
            lines.append([])
        lines[-1].append(note.pitch)
        ended = note.start
    intervals = np.array([there - here for line in lines for here, there in pairwise(line)])
    if len(intervals) < 20:
        return {}
    size = np.abs(intervals)
    answers = [
        (there - here) * (after - there) < 0 and abs(after - there) <= 4
        for line in lines
        for here, there, after in zip(line, line[1:], line[2:], strict=False)
        if abs(there - here) >= _LEAP
    ]
    return {
        "melody_repeats": float(np.mean(size == 0)),
        "melody_steps": float(np.mean((size >= 1) & (size <= 2))),
        "melody_thirds": float(np.mean((size >= 3) & (size <= 4))),
        "melody_fifths": float(np.mean((size >= 5) & (size <= 7))),
        "melody_leaps": float(np.mean(size > 7)),
        "leaps_answered": float(np.mean(answers)) if answers else 1.0,
        "melody_range": float(np.percentile([max(line) - min(line) for line in lines], 95.0)),
    }
