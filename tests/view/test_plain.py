"""Plain lines: one a change, words only, a heartbeat at most once a minute."""

import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli import events
from focuscli.model import SessionStatus
from focuscli.view.keys import Action
from focuscli.view.plain import PlainFace
from focuscli.view.text import clean
from tests.view.fakes import FlushedStream
from tests.view.ptys import Job
from tests.view.scenes import NOW, opening, played, playing, session, started, technical
from tests.view.strategies import EVENTS

GOLDEN = Path(__file__).parents[1] / "golden" / "view-plain"


def lines(*happened: events.Event, stamped: bool = False) -> list[str]:
    stream = FlushedStream()
    face = PlainFace(stream, opening(), stamped=stamped)
    face.show(list(happened), NOW, visible=True)
    return stream.received.splitlines()


def test_a_session_is_told_once():
    assert lines(events.SessionSeen(session(0)), events.SessionSeen(session(0))) == [
        "sleep session mfocus_7c2a9f4e1b8d, 1:30:00 left, engine local"
    ]


def test_a_line_a_change():
    assert lines(
        events.SessionSeen(session(0)),
        events.SessionSeen(session(1)),
        events.SessionSeen(session(2)),
        events.DeviceOpened("Speakers", 0.1),
        events.DeviceOpened("Speakers", 0.1),
        events.FirstSound(0.42),
        started(0),
        events.VolumeChanged(60, muted=False),
        events.VolumeChanged(55, muted=False),
        events.VolumeChanged(55, muted=True),
        events.Paused(),
        events.Paused(),
        events.Resumed(),
        events.Holding(1),
        events.CrossfadeStarted(0, 1, 8.0, 1.0),
        started(1),
        played(125.0),
        events.SegmentSkipped(2, "damaged"),
        events.EngineQuiet("no answer"),
        events.EngineQuiet("no answer"),
        events.SessionSeen(session(2)),
        events.SessionSeen(session(45)),
        events.SessionSeen(session(45, status=SessionStatus.ENDED)),
        events.PlaybackEnded("failed", "the output went away"),
    )[1:] == [
        "1 of 45 segments ready",
        "output: Speakers",
        "first sound after 0.4 s",
        "segment 1 of 45",
        "volume 55 %",
        "volume 55 %, muted",
        "paused",
        "playing, muted",
        "segment 2 is late, the sound is held",
        "segment 2 of 45, crossfaded, same",
        "segment 3 left out: damaged",
        "the engine does not answer: no answer; 1 min of music are on this machine",
        "the engine answers again",
        "all 45 segments ready",
        "session ended",
        "the output went away",
    ]


def test_a_stutter_is_not_a_flood():
    stream = FlushedStream()
    face = PlainFace(stream, opening())
    for tenth in range(100):
        face.show([events.Underrun(20.0)], NOW + timedelta(seconds=tenth / 10), visible=True)
    assert stream.received.splitlines() == ["1 dropout so far, the last one of 20 ms"]
    face.show([events.Underrun(30.0)], NOW + timedelta(seconds=11), visible=True)
    assert stream.received.splitlines()[1:] == ["101 dropouts so far, the last one of 30 ms"]


def test_the_heart_beats_once_a_minute():
    stream = FlushedStream()
    face = PlainFace(stream, opening())
    face.show([events.SessionSeen(session(5)), started(0)], NOW, visible=True)
    told = len(stream.received.splitlines())
    for second in range(601):
        face.show([played(float(second))], NOW + timedelta(seconds=second), visible=True)
    beats = stream.received.splitlines()[told:]
    assert len(beats) == 10
    assert beats[0] == "playing, 1:29:00 left, 9 min ready ahead"


def test_logs_have_the_time_of_day():
    assert lines(events.Paused(), stamped=True) == ["22:28:50 paused"]


def test_keys_are_listed_on_request():
    stream = FlushedStream()
    face = PlainFace(stream, opening())
    assert face.pressed(Action.HELP)
    assert "space or p: pause, or go on" in stream.received.splitlines()


def test_the_technical_line_is_said_on_request():
    stream = FlushedStream()
    assert PlainFace(stream, technical()).pressed(Action.TECHNICAL)
    assert stream.received.splitlines() == [
        "latency 0.30 s, buffer 2 s, gain -0.4 dB, seam r 0.99, lag -2.3 ms, engine answers"
    ]
    early = FlushedStream()
    PlainFace(early, opening()).pressed(Action.TECHNICAL)
    assert early.received.splitlines() == ["nothing is known yet"]


def test_a_stream_that_knows_only_ascii_gets_it():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    face = PlainFace(stream, playing())
    face.show([events.DeviceOpened("Kopfhörer", 0.1)], NOW, visible=True)
    face.closed(hung_up=False)
    assert raw.getvalue() == b"output: Kopfhorer\nsession goes on; end it with: focus end\n"


def test_nothing_is_written_after_a_hang_up():
    stream = FlushedStream()
    PlainFace(stream, opening()).closed(hung_up=True)
    assert stream.getvalue() == ""


def story() -> list[list[events.Event]]:
    """Whatever a listener may be told of an evening, a second apart."""
    over = replace(session(45, status=SessionStatus.ENDED), next_ready_at=None)
    return [
        [events.SessionSeen(session(0))],
        [events.DeviceOpened("Kopfhörer \u2013 スピーカー", 0.1)],
        [events.SessionSeen(session(2)), events.FirstSound(0.64), started(0)],
        [events.VolumeChanged(60, muted=False), events.VolumeChanged(55, muted=False), events.Paused()],
        [events.Resumed(), events.SleepTimerSet(2700.0, 60.0)],
        [events.CrossfadeStarted(0, 1, 8.0, 0.31), started(1), played(125.0)],
        [events.Holding(2), events.Underrun(120.0), events.Underrun(40.0)],
        [events.SegmentSkipped(2, "ファイルが壊れています"), started(3)],
        [events.Promoted(3, "mtrack_1"), events.NotPromoted(4, "it is no longer there")],
        [events.EngineQuiet("connection refused"), events.SessionSeen(session(2))],
        [events.DeviceGone("Kopfhörer"), events.DeviceOpened("Kopfhörer", 0.1), events.Offline(3, 45)],
        [events.KeyAnswered("press e again")],
        [events.SleepTimerSet(None), events.SessionSeen(session(45)), events.SessionSeen(over)],
        [played(5400.0), events.PlaybackEnded("finished")],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("stamped", [False, True])
def test_an_evening_reads_as_it_did(encoding: str, stamped: bool):
    """To write it anew after a change that is meant: GOLDEN=write pytest tests/view/test_plain.py."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    face = PlainFace(stream, opening(), stamped=stamped)
    for second, happened in enumerate(story()):
        face.show(happened, NOW + timedelta(seconds=second), visible=True)
    face.show([], NOW + timedelta(seconds=90), visible=True)
    face.closed(hung_up=False)
    stream.flush()
    file = GOLDEN / f"{'stamped' if stamped else 'plain'}-{encoding}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(raw.getvalue())
    assert raw.getvalue() == file.read_bytes()


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_a_terminal_of_any_width_is_sent_the_same_lines(columns: int):
    with Job("--still", "--plain", columns=columns) as job:
        job.told("ready")
        job.send(b"q")
        job._pump(lambda: b"focus end" in job.output)
        sent = job.output.decode().replace("\r\n", "\n")
    file = GOLDEN / "terminal.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(sent, encoding="utf-8")
    assert sent == file.read_text(encoding="utf-8")


@given(st.lists(EVENTS, max_size=6))
def test_whatever_happens_every_line_is_one_line_of_words(happened: list[events.Event]):
    for line in lines(*happened):
        assert clean(line, len(line)) == line
