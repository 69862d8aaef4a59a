"""The real engine, whose wall clock is put forward and back while it renders (libfaketime)."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from focuscli.bench.durability import SESSIONS, EngineProcess
from focuscli.clock import parse_wire_time

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))

pytestmark = pytest.mark.skipif(not LIBRARIES, reason="libfaketime is not installed (Debian: faketime)")


def test_a_session_goes_on_through_jumps_of_the_wall_clock(tmp_path: Path) -> None:
    offset = tmp_path / "offset"
    offset.write_text("+0", encoding="ascii")
    engine = EngineProcess(
        tmp_path,
        LD_PRELOAD=str(LIBRARIES[0]),
        FAKETIME_TIMESTAMP_FILE=str(offset),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        FAKETIME_DONT_RESET="1",
        FOCUS_SEGMENT_SECONDS="5",
        FOCUS_RATE_LIMIT="0",
    )
    engine.spawn()
    engine.wait()
    try:
        session_id = engine.call("POST", SESSIONS, {"goal": "sleep", "target_minutes": 60})["session_id"]
        ready = 0
        for jump, seconds in (("+0", 0), ("+1d", 86_400), ("-1h", -3600)):
            offset.write_text(jump, encoding="ascii")
            session = _once_more_is_ready(engine, session_id, ready)
            _is_well(engine, session, time.time() + seconds)
            ready = session["ready_count"]
    finally:
        code, _ = engine.stop()
    assert code == 0


def _once_more_is_ready(engine: EngineProcess, session_id: str, ready: int) -> dict[str, Any]:
    return engine.session_when(session_id, lambda session: session["ready_count"] >= ready + 2)


def _is_well(engine: EngineProcess, session: dict[str, Any], now: float) -> None:
    assert session["status"] == "active"
    assert [item["segment_index"] for item in session["segments"]] == list(range(session["ready_count"]))
    for item in (session["segments"][0], session["segments"][-1]):
        status, body = engine.fetch(item["playback_url"])
        assert (status, body[:4]) == (200, b"fLaC")
    expected = parse_wire_time(session["next_ready_at"])
    assert abs((expected - datetime.fromtimestamp(now, UTC)).total_seconds()) < 60, "it counts with the clock as it is"
