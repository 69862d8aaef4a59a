"""The 16 Hz dips are as deep as they were asked to be, in phase through the whole session, and part of the piece."""

from itertools import pairwise

import numpy as np
import pytest

from focuscli.model import Goal, Intensity, Modulation
from focuscli.music.motion import expression, modulation_depth
from focuscli.music.render import render_segment, render_span
from focuscli.music.tempo import phrases
from focuscli.music.timeline import Piece, Span, spans
from tests.music.listening import am16_db, phase_16hz

OFF, LOW, MEDIUM, HIGH = Modulation


def a_piece(goal: Goal, modulation: Modulation | None, seed: int = 1, segment_s: int = 120) -> Piece:
    return Piece(goal, Intensity.MEDIUM, 0.35, seed, 600, segment_s=segment_s, modulation=modulation)


def test_the_dips_of_focus_are_measured_to_be_as_deep_as_asked() -> None:
    plateau = Span(200 * 48_000, 224 * 48_000)
    off, low, medium, high = (am16_db(render_span(a_piece(Goal.FOCUS, depth), plateau)) for depth in Modulation)
    assert off < 1.5
    assert low == pytest.approx(4.0, abs=1.5)
    assert medium == pytest.approx(5.5, abs=1.5)
    assert high == pytest.approx(10.0, abs=2.0)
    assert low + 1.0 < medium < high - 2.5


@pytest.mark.parametrize("goal", [Goal.RELAX, Goal.SLEEP, Goal.ENERGIZE])
def test_every_goal_can_be_modulated_or_left_alone(goal: Goal) -> None:
    span = Span(100 * 48_000, 110 * 48_000)
    assert am16_db(render_span(a_piece(goal, HIGH), span)) > am16_db(render_span(a_piece(goal, OFF), span)) + 4.0
    depths = [float(modulation_depth(a_piece(goal, depth), np.array([100.0]))[0]) for depth in Modulation]
    assert depths == [0.0, 0.22, 0.3, 0.5]


def test_the_phase_is_unbroken_across_segments() -> None:
    piece = a_piece(Goal.RELAX, HIGH, segment_s=31)
    planned = spans(piece)[2:5]
    segments = [render_segment(piece, index) for index in (2, 3, 4)]
    phases = [phase_16hz(sound, span.start) for sound, span in zip(segments, planned, strict=True)]
    assert max(phases) - min(phases) < 0.1
    assert phases[0] == pytest.approx(0.0, abs=0.3)
    for (before, one), (after, other) in pairwise(zip(planned, segments, strict=True)):
        shared = before.stop - after.start
        assert np.array_equal(one[-shared:], other[:shared])


def test_the_notes_are_the_same_whatever_the_depth() -> None:
    assert phrases(a_piece(Goal.FOCUS, OFF)) == phrases(a_piece(Goal.FOCUS, None)) == phrases(a_piece(Goal.FOCUS, HIGH))
    assert {phrase.beat % 3000 for phrase in phrases(a_piece(Goal.FOCUS, HIGH))} == {0}


@pytest.mark.parametrize("modulation", [None, *Modulation])
def test_a_piece_keeps_its_modulation_as_text(modulation: Modulation | None) -> None:
    piece = a_piece(Goal.FOCUS, modulation)
    assert Piece.from_json(piece.to_json()) == piece
    assert ("modulation" in piece.to_json()) is (modulation is not None)


def test_pieces_of_older_databases_are_read_and_nonsense_is_not() -> None:
    older = (
        '{"goal": "focus", "intensity": "medium", "divergence": 0.35, "seed": 1, "duration_s": 600, '
        '"prompt": "", "segment_s": 120}'
    )
    assert Piece.from_json(older) == a_piece(Goal.FOCUS, None)
    with pytest.raises(ValueError, match="deep"):
        Piece.from_json(a_piece(Goal.FOCUS, LOW).to_json().replace('"low"', '"deep"'))


def test_what_is_held_for_a_sleeper_wavers_within_a_second_and_what_moves_anyway_does_not() -> None:
    def wavering_db(goal: Goal) -> float:
        times = np.arange(600.0, 660.0, 0.05)
        level_db = 20.0 * np.log10(expression(a_piece(goal, None), times))
        within = np.lib.stride_tricks.sliding_window_view(level_db, 21)
        straight = within[:, :1] + (within[:, -1:] - within[:, :1]) * np.linspace(0.0, 1.0, 21)
        return float((within - straight).std())

    assert 0.15 < wavering_db(Goal.SLEEP) < 0.6
    assert wavering_db(Goal.RELAX) < 0.1
