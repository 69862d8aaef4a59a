"""Spans are exact arithmetic, and targets follow the arc."""

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.model import Goal, Intensity, total_segments
from focuscli.music.timeline import Piece, Span, spans, target_lufs

OVERLAP = 72_000


def a_piece(minutes: int = 10, goal: Goal = Goal.FOCUS, segment_s: int = 120) -> Piece:
    return Piece(goal, Intensity.MEDIUM, 0.3, 1, minutes * 60, segment_s=segment_s)


@given(st.integers(1, 1440), st.integers(5, 7200))
def test_spans_cover_the_session_and_overlap_by_a_second_and_a_half(minutes: int, segment_s: int) -> None:
    piece = a_piece(minutes, segment_s=segment_s)
    planned = spans(piece)
    assert len(planned) == total_segments(minutes, segment_s)
    assert planned[0].start == 0
    assert planned[-1].stop == minutes * 60 * 48_000
    assert all(after.start == before.stop - OVERLAP for before, after in pairwise(planned))
    assert all(span.frames > OVERLAP for span in planned)


@given(st.integers(2, 1440), st.integers(5, 600))
def test_all_but_a_lead_in_are_equally_long(minutes: int, segment_s: int) -> None:
    planned = spans(a_piece(minutes, segment_s=segment_s))
    even = planned[1:] if segment_s >= 30 and len(planned) > 1 else planned
    lengths = {span.frames for span in even}
    assert max(lengths) - min(lengths) <= 1


def test_the_first_segment_is_a_short_lead_in() -> None:
    assert spans(a_piece(10))[0] == Span(0, 8 * 48_000 + OVERLAP)


def test_a_session_of_one_segment_is_one_span() -> None:
    assert spans(a_piece(2)) == (Span(0, 120 * 48_000),)


def test_a_piece_survives_json() -> None:
    piece = Piece(Goal.CUSTOM_PROMPT, Intensity.HIGH, 0.7, 2**63, 600, 'rain "and" ümläut \n', 60)
    assert Piece.from_json(piece.to_json()) == piece


def test_damaged_json_is_refused() -> None:
    with pytest.raises(ValueError, match="loud"):
        Piece.from_json(a_piece().to_json().replace("medium", "loud"))


@pytest.mark.parametrize("goal", [Goal.FOCUS, Goal.RELAX, Goal.ENERGIZE])
def test_the_plateau_is_planned_at_minus_14(goal: Goal) -> None:
    piece = a_piece(20, goal)
    assert {target_lufs(piece, index) for index in range(1, 9)} == {-14.0}
    assert target_lufs(piece, 0) < -14.0


def test_sleep_is_planned_to_fall_to_nothing() -> None:
    piece = a_piece(60, Goal.SLEEP)
    targets = [target_lufs(piece, index) for index in range(1, len(spans(piece)))]
    assert targets == sorted(targets, reverse=True)
    assert targets[0] == pytest.approx(-14.0, abs=0.2)
    assert targets[14] < -17.0
    assert targets[-1] < -38.0


def test_the_timeline_imports_no_numpy() -> None:
    program = "import sys, focuscli.music.timeline; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
