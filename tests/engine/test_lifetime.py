"""When an auto-started engine leaves, and when it must not."""

import asyncio

import pytest

from focuscli.engine.lifetime import Lifetime
from focuscli.engine.pace import FIRST_GUESS, OVERHEAD_S, Pace
from focuscli.engine.store import NextSegment, StoredSession, StoreUnavailable
from focuscli.model import Goal, SessionStatus
from tests.engine.rig import SteppedClock


def lifetime(clock: SteppedClock, *, idle_exit_s: float | None = 600.0, work: bool = False) -> Lifetime:
    return Lifetime(clock, idle_exit_s, lambda: work)


def test_an_engine_is_idle_when_nobody_asked_for_a_while() -> None:
    clock = SteppedClock()
    engine = lifetime(clock)
    assert engine.idle_in_s() == 600.0
    clock.step(599)
    assert engine.idle_in_s() == 1.0
    with engine.request():
        pass
    assert engine.idle_in_s() == 600.0
    clock.step(601)
    assert engine.idle_in_s() == 0.0


def test_a_request_that_lasts_keeps_the_engine() -> None:
    clock = SteppedClock()
    engine = lifetime(clock)
    with engine.request():
        clock.step(6000)
        assert engine.idle_in_s() == 600.0
    assert engine.idle_in_s() == 600.0


def test_rendering_to_do_keeps_the_engine() -> None:
    clock = SteppedClock()
    engine = lifetime(clock, work=True)
    clock.step(6000)
    assert engine.idle_in_s() == 600.0


def test_a_store_that_cannot_be_asked_keeps_nobody() -> None:
    def broken() -> bool:
        raise StoreUnavailable("malformed")

    clock = SteppedClock()
    engine = Lifetime(clock, 600.0, broken)
    clock.step(600)
    assert engine.idle_in_s() == 0.0


def test_an_engine_that_a_person_started_is_never_idle() -> None:
    clock = SteppedClock()
    engine = lifetime(clock, idle_exit_s=None)
    clock.step(1e6)
    assert engine.idle_in_s() is None
    asyncio.run(engine.watch())
    assert not engine.stopping


def test_the_watch_decides_the_end_of_an_idle_engine() -> None:
    clock = SteppedClock()
    engine = lifetime(clock)
    clock.step(600)
    asyncio.run(engine.watch())
    assert engine.stopping
    assert engine.uptime_s == 600


def waiting(duration_s: float = 120.0) -> StoredSession:
    return StoredSession(
        session_id="mfocus_1",
        status=SessionStatus.ACTIVE,
        goal=Goal.FOCUS,
        engine_key="procedural",
        target_minutes=60,
        total_segments=30,
        started_at=0.0,
        ended_at=None,
        end_reason=None,
        ready_count=0,
        next_segment=NextSegment(0, duration_s),
    )


def expected_in_s(pace: Pace, clock: SteppedClock) -> float:
    moment = pace.next_ready_at(waiting())
    assert moment is not None
    return (moment - clock.now()).total_seconds()


def test_the_next_segment_is_expected_at_the_measured_pace() -> None:
    clock = SteppedClock()
    pace = Pace(clock)
    assert expected_in_s(pace, clock) == pytest.approx(2 * (OVERHEAD_S + FIRST_GUESS * 120), abs=1)
    for _ in range(30):
        pace.begin("mfocus_0", 0)
        clock.step(12.0)
        pace.finish("mfocus_0", 0, 120.0)
    pace.begin("mfocus_1", 0)
    assert expected_in_s(pace, clock) == pytest.approx(12, abs=1)
    clock.step(9.0)
    assert expected_in_s(pace, clock) == pytest.approx(3, abs=1)
    clock.step(900.0)
    assert 0 <= expected_in_s(pace, clock) <= 1


def test_a_segment_that_two_render_at_once_is_no_error() -> None:
    """As where leases could not be renewed for a while, and the engine claims again what it still renders."""
    clock = SteppedClock()
    pace = Pace(clock)
    before = expected_in_s(pace, clock)
    for _ in range(2):
        pace.begin("mfocus_0", 0)
    for _ in range(2):
        pace.finish("mfocus_0", 0, None)
    assert expected_in_s(pace, clock) == before


def test_a_failed_attempt_says_nothing_about_the_pace() -> None:
    clock = SteppedClock()
    pace = Pace(clock)
    before = expected_in_s(pace, clock)
    pace.begin("mfocus_0", 0)
    clock.step(500)
    pace.finish("mfocus_0", 0, None)
    assert expected_in_s(pace, clock) == before
