"""Divergence: how far neighbouring minutes lie apart, by how much of it was asked for."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from focuscli.bench.music.recording import Recording
from focuscli.bench.music.vector import distance, vector
from focuscli.model import Goal, Intensity
from focuscli.music.render import render_span
from focuscli.music.timeline import Piece, Span
from focuscli.spectra.spectrogram import Curve
from focuscli.units import SAMPLE_RATE

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
_SESSION_S = 5400
_FIRST_S = 240.0
_APART_S = 120.0
"""Neighbours are the first minutes of two segments in a row, or of one in the middle and one late."""
_LATE_S = (960.0, 1800.0)
NEAREST, SLOPE, TOLERANCE = 0.55, 0.75, 0.15
"""The contract: the median distance of neighbours is 0.55 + 0.75 d, give or take 0.15."""
_DRIFT_UNDER = 0.3
_FARTHEST = 1.6


class Pair(NamedTuple):
    """Of one session: how far its neighbours lie apart, and its late minutes from its first."""

    goal: Goal
    divergence: float
    seed: int
    neighbours: tuple[float, ...]
    drift: tuple[float, ...]


def measure_pair(goal: Goal, intensity: Intensity, divergence: float, seed: int) -> Pair:
    """Render five minutes of one session: two segments in a row early, two late and one between."""
    piece = Piece(goal, intensity, divergence, seed, _SESSION_S)
    late = _LATE_S if goal is not Goal.SLEEP else (480.0, 720.0)
    first, second, third = (_minute(piece, _FIRST_S + step * _APART_S) for step in range(3))
    far = [_minute(piece, start) for start in late]
    return Pair(
        goal, divergence, seed, (distance(first, second), distance(second, third)),
        tuple(distance(first, other) for other in far),
    )  # fmt: skip


def _minute(piece: Piece, start_s: float) -> Curve:
    span = Span(round(start_s * SAMPLE_RATE), round((start_s + 60.0) * SAMPLE_RATE))
    return vector(Recording(render_span(piece, span)))


def row(goal: Goal, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Of one goal: the median distance at each level, Spearman's rank correlation, and the farthest drift.

    `ok` when all medians keep to the contract, the correlation of level and the level's median is at least 0.9,
    and no session of little divergence has drifted too far.
    """
    medians = [
        float(np.median([gap for pair in pairs if pair.divergence == level for gap in pair.neighbours]))
        for level in LEVELS
    ]
    drift = max((gap for pair in pairs if pair.divergence <= _DRIFT_UNDER for gap in pair.drift), default=0.0)
    each = [(pair.divergence, gap) for pair in pairs for gap in pair.neighbours]
    rank = spearman([level for level, _ in each], [gap for _, gap in each])
    rank_of_medians = spearman(LEVELS, medians)
    kept = all(
        abs(median - (NEAREST + SLOPE * level)) <= TOLERANCE for median, level in zip(medians, LEVELS, strict=True)
    )
    return {
        "goal": goal.value,
        **{f"d={level:g}": median for level, median in zip(LEVELS, medians, strict=True)},
        "spearman": rank_of_medians,
        "spearman_all": rank,
        "farthest": drift,
        "ok": kept and rank_of_medians >= 0.9 and drift <= _FARTHEST,
    }


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """The correlation of ranks; equal values share their mean rank."""
    ranks = [_ranks(np.asarray(values)) for values in (one, other)]
    if min(rank.std() for rank in ranks) == 0.0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(values: Curve) -> Curve:
    below = (values[:, None] > values[None, :]).sum(axis=1)
    alike = (values[:, None] == values[None, :]).sum(axis=1)
    return np.asarray(below + 0.5 * (alike + 1))
