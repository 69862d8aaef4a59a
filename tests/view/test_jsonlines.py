"""NDJSON for scripts: every record parses, is flushed, and is numbered."""

import json
import math
import threading

from hypothesis import given
from hypothesis import strategies as st

from focuscli import events
from focuscli.clock import parse_wire_time
from focuscli.errors import LimitReached
from focuscli.model import SessionStatus
from focuscli.view.jsonlines import JsonLines, JsonView
from tests.view.fakes import FlushedStream, HandClock
from tests.view.scenes import played, session, started
from tests.view.strategies import EVENTS


def records(stream: FlushedStream) -> list[dict]:
    assert stream.received == stream.getvalue(), "every record is flushed"
    assert stream.received.endswith("\n")
    return [json.loads(line) for line in stream.received.split("\n")[:-1]]


def told(*happened: events.Event) -> list[dict]:
    stream = FlushedStream()
    lines = JsonLines(stream, HandClock())
    lines.hello(None, "local 0.1.0")
    for event in happened:
        lines.post(event)
    return records(stream)[1:]


def test_the_stream_begins_with_hello_and_ends_with_bye():
    stream = FlushedStream()
    lines = JsonLines(stream, HandClock())
    lines.hello("mfocus_7c2a9f4e1b8d", "local 0.1.0")
    lines.post(events.PlaybackEnded("ended"))
    lines.bye()
    assert records(stream) == [
        {
            "type": "hello",
            "schema": 1,
            "session": "mfocus_7c2a9f4e1b8d",
            "engine": "local 0.1.0",
            "ts": "2026-11-22T22:28:50Z",
            "seq": 0,
        },
        {"type": "bye", "reason": "ended", "exit_code": 0, "ts": "2026-11-22T22:28:50Z", "seq": 1},
    ]


def test_an_error_tells_what_stderr_tells():
    stream = FlushedStream()
    lines = JsonLines(stream, HandClock())
    lines.error(LimitReached("too fast", hint="wait a minute", request_id="req_1"))
    lines.bye("failed", 10)
    error, bye = records(stream)
    assert error["error"] == {
        "code": "limit_reached",
        "message": "too fast",
        "hint": "wait a minute",
        "exit_code": 10,
        "request_id": "req_1",
        "retry_after_s": None,
    }
    assert (bye["reason"], bye["exit_code"]) == ("failed", 10)


def test_each_event_has_its_record():
    happened = [
        events.SessionSeen(session(4)),
        events.EngineQuiet("no answer"),
        events.SegmentFetched(0, 1_234),
        started(0),
        events.CrossfadeStarted(0, 1, 8.0, 0.5),
        events.Holding(1),
        events.SegmentSkipped(2, "damaged"),
        played(3.0),
        events.FirstSound(0.4),
        events.Underrun(120.0),
        events.Paused(),
        events.Resumed(),
        events.VolumeChanged(35, muted=True),
        events.DeviceOpened("外付け", 0.3),
        events.DeviceGone("外付け"),
    ]
    kinds = [record["type"] for record in told(*happened)]
    assert kinds[:8] == ["session", "ready", "engine_quiet", "fetched", "now", "crossfade", "holding", "skipped"]
    assert kinds[8:] == ["position", "first_sound", "underrun", "paused", "resumed", "volume", "device", "device_gone"]


def test_ready_says_how_much_is_ahead():
    _, ready = told(events.SessionSeen(session(4)))
    assert ready["ready_count"] == 4
    assert ready["total_segments"] == 45
    assert ready["ahead_s"] == 481.5
    assert ready["next_ready_at"] == "2026-11-22T22:29:02Z"


def test_what_did_not_change_is_not_told_again():
    ended = events.SessionSeen(session(5, status=SessionStatus.ENDED))
    happened = [events.SessionSeen(session(4)), events.SessionSeen(session(4)), events.SessionSeen(session(5)), ended]
    assert [record["type"] for record in told(*happened)] == ["session", "ready", "ready", "session"]


def test_no_signed_url_is_in_the_stream():
    assert "http" not in json.dumps(told(events.SessionSeen(session(4))))


def test_positions_are_thinned_to_one_a_second():
    stream, clock = FlushedStream(), HandClock()
    lines = JsonLines(stream, clock)
    for _ in range(50):
        lines.post(played(clock.elapsed_s))
        clock.sleep(0.2)
    assert 9 <= len(records(stream)) <= 11


def test_what_is_not_finite_is_null():
    (position,) = told(played(3.0, -math.inf, math.nan))
    assert position["level_db"] == [None, None]
    assert position["remaining_s"] is None


@given(st.lists(EVENTS, max_size=8))
def test_whatever_happens_every_record_parses_and_is_numbered(happened: list[events.Event]):
    found = told(*happened)
    assert [record["seq"] for record in found] == list(range(1, len(found) + 1))
    for record in found:
        assert record["type"].isidentifier()
        parse_wire_time(record["ts"])


def test_threads_do_not_mix_their_lines():
    stream = FlushedStream()
    lines = JsonLines(stream, HandClock())
    threads = [
        threading.Thread(target=lambda: [lines.post(events.Underrun(1.0)) for _ in range(200)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(record["seq"] for record in records(stream)) == list(range(800))


def test_behind_the_loop_of_a_view():
    stream, until = FlushedStream(), threading.Event()
    view = JsonView(JsonLines(stream, HandClock()), None, lambda _action: None, HandClock())
    with view:
        view.post(events.Paused())
        until.set()
        view.run(until)
    assert [record["type"] for record in records(stream)] == ["paused"]
