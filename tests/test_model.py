"""The wire's objects are checked once, at the border."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.model import Goal, Segment, Session, SessionStatus, total_segments

SEGMENT = {
    "segment_index": 0,
    "playback_url": "http://127.0.0.1:1/v1/media/x",
    "measured_duration_seconds": 120.4,
    "target_lufs": -14.0,
    "fade_in_ms": 1500,
    "fade_out_ms": 1500,
}
SESSION = {
    "session_id": "mfocus_7c2a9f4e1b8d",
    "status": "active",
    "goal": "sleep",
    "engine": "procedural",
    "target_minutes": 90,
    "total_segments": 45,
    "ready_count": 1,
    "segments": [SEGMENT],
    "more_pending": True,
    "next_ready_at": "2026-06-28T10:30:00Z",
}


def test_a_documented_session_is_read_as_it_is() -> None:
    session = Session.from_wire(json.loads(json.dumps(SESSION)))
    assert session.goal is Goal.SLEEP
    assert session.status is SessionStatus.ACTIVE
    assert session.engine_key == "procedural"
    assert session.segments[0].measured_duration_seconds == 120.4
    assert session.ready_seconds == pytest.approx(120.4)
    assert not session.is_over


def test_an_ended_session_without_segments_is_read_too() -> None:
    session = Session.from_wire(SESSION | {"status": "ended", "segments": [], "ready_count": 5, "next_ready_at": None})
    assert session.is_over
    assert session.segments == ()
    assert session.ready_count == 5


def test_keys_that_are_not_known_are_ignored() -> None:
    assert Session.from_wire(SESSION | {"new_key": {"deep": 1}}).target_minutes == 90


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"session_id": 7}, "session_id"),
        ({"target_minutes": True}, "target_minutes"),
        ({"target_minutes": "90"}, "target_minutes"),
        ({"ready_count": -1}, "ready_count"),
        ({"segments": None}, "segments"),
        ({"more_pending": 1}, "more_pending"),
        ({"next_ready_at": 5}, "next_ready_at"),
        ({"status": "paused"}, "paused"),
        ({"goal": "dance"}, "dance"),
    ],
)
def test_what_is_wrong_in_a_session_is_named(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Session.from_wire(SESSION | change)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"measured_duration_seconds": math.nan}, "measured_duration_seconds"),
        ({"measured_duration_seconds": math.inf}, "measured_duration_seconds"),
        ({"target_lufs": 3}, "target_lufs"),
        ({"fade_in_ms": 500_000}, "fade_in_ms"),
        ({"fade_out_ms": "1500"}, "fade_out_ms"),
        ({"playback_url": None}, "playback_url"),
    ],
)
def test_what_is_wrong_in_a_segment_is_named(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Segment.from_wire(SEGMENT | change)


def test_sixty_minutes_are_thirty_segments_and_ninety_are_forty_five() -> None:
    assert total_segments(60) == 30
    assert total_segments(90) == 45
    assert total_segments(1) == 1
    assert total_segments(3) == 2


@given(minutes=st.integers(1, 1440), segment_s=st.integers(5, 600))
def test_the_planned_segments_just_cover_the_session(minutes: int, segment_s: int) -> None:
    planned = total_segments(minutes, segment_s)
    assert planned * segment_s >= minutes * 60
    assert planned == 1 or (planned - 1) * segment_s < minutes * 60
