"""The score of many phrases, judged on paper: voice-leading, melody, timing, velocity and regularity."""

from math import inf
from typing import Any, NamedTuple

import numpy as np

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.limits import Limit, Verdict, judge
from focuscli.bench.music.reading import Reading, read
from focuscli.bench.music.timing import periodicity, place, timing_figures
from focuscli.bench.music.voices import basses_of, chord_figures, melody_figures
from focuscli.model import Goal, Intensity
from focuscli.music.character import character_of
from focuscli.music.tempo import phrases
from focuscli.music.timeline import Piece, Span

_SESSION_S = 3600
_LIMITS = (
    Limit("score", "mean move per voice, semitones", "voice_move", high=1.5),
    Limit("score", "voices held", "voices_held", low=0.30),
    Limit("score", "outer voices contrary", "outer_contrary", low=0.30),
    Limit("score", "parallel fifths a change", "parallel_fifths", high=0.05),
    Limit("score", "melodic steps", "melody_steps", low=0.50),
    Limit("score", "melodic leaps over 7", "melody_leaps", high=0.04),
    Limit("score", "leaps answered", "leaps_answered", low=0.6),
    Limit("score", "melody's range in a phrase (95 %)", "melody_range", high=12.0),
    Limit("score", "timing sd ms", "timing_sd_ms", 3.0, 8.0),
    Limit("score", "timing exponent", "timing_exponent", 0.5, 1.5),
    Limit("score", "timing in common", "timing_common", low=0.3),
    Limit("score", "velocity sd / mean", "velocity_cv", 0.08, 0.15),
    Limit("score", "velocity exponent", "velocity_exponent", 0.3, 1.8),
    Limit("score", "periodicity of onsets", "periodicity", -inf, 0.8),
    Limit("score", "tempo drift a phrase", "tempo_drift", high=0.01),
)

_UNMETRED = {"timing_sd_ms", "timing_exponent", "timing_common", "velocity_cv", "velocity_exponent"}
"""What means nothing for sleep, which has no metre."""


class Paper(NamedTuple):
    """The score of one goal and intensity with its verdicts."""

    goal: Goal
    intensity: Intensity
    phrases: int
    figures: Figures
    verdicts: tuple[Verdict, ...]

    def row(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "goal": self.goal.value,
            "intensity": self.intensity.value,
            "phrases": self.phrases,
            **self.figures,
            "missed": [verdict.sentence() for verdict in self.verdicts if not verdict.ok],
        }


def judge_paper(goal: Goal, intensity: Intensity, count: int, divergence: float) -> Paper:
    """Read sessions of an hour, seed after seed, until so many phrases are read.

    Figures are means over the sessions, weighted by their phrases.
    """
    rows: list[tuple[Figures, int]] = []
    seed = read_phrases = 0
    while read_phrases < count:
        seed += 1
        piece = Piece(goal, intensity, divergence, seed, _SESSION_S)
        some = phrases(piece)[: count - read_phrases + 1]
        rows.append(
            (_figures(piece, read(piece, Span(0, some[-1].start)), [phrase.beat for phrase in some]), len(some))
        )
        read_phrases += len(some)
    names = sorted({name for figures, _ in rows for name in figures})
    figures = {}
    for name in names:
        known = [(row[name], weight) for row, weight in rows if name in row]
        figures[name] = float(np.average([value for value, _ in known], weights=[weight for _, weight in known]))
    limits = [limit for limit in _LIMITS if goal is not Goal.SLEEP or limit.figure not in _UNMETRED]
    return Paper(goal, intensity, read_phrases, figures, tuple(judge(figures, limits)))


def _figures(piece: Piece, reading: Reading, beats: list[int]) -> Figures:
    chords = [tuple(sorted(chord.pitches)) for chord in reading.chords]
    basses = basses_of(reading.chords, reading.notes)
    if character_of(piece).bass == "drone":
        chords = [chord[1:] for chord in chords]
    return {
        **chord_figures(chords, basses),
        **melody_figures(reading.notes),
        **timing_figures(place(reading.notes, reading.bars)),
        "periodicity": periodicity(reading.notes),
        "tempo_drift": float(np.abs(np.diff(np.log(beats))).max(initial=0.0)),
    }
