"""Listening: played to its end it is over, left before it goes on, and every way of leaving has its code."""

import io
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
import soundfile

from focuscli.errors import DeviceLost, ExitCode, NoDevice, NoSoundLibrary, SoundError
from focuscli.events import Event, Promoted, SegmentStarted
from focuscli.paths import Paths
from focuscli.playback.positions import Remembered
from focuscli.view.keys import Action
from focuscli.view.loop import Leaving
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine
from tests.fakes.sink import MemorySink

RATE = 48_000


def flac(duration_s: float) -> bytes:
    """A quiet tone, as a segment's file."""
    moments = np.arange(round(duration_s * RATE)) / RATE
    tone = 0.1 * np.sin(2 * np.pi * 220 * moments)
    file = io.BytesIO()
    soundfile.write(file, np.column_stack([tone, tone]), RATE, format="FLAC")
    return file.getvalue()


@pytest.fixture
def session(focus: Focus, fake: FakeEngine) -> Callable[[float], str]:
    """Starts a session of one segment, of so many seconds, and has it ready."""

    def start(duration_s: float) -> str:
        fake.media, fake.segment_s = flac(duration_s), duration_s
        session_id = focus("start", "--minutes", "1", "-q").out.strip()
        fake.make_ready(session_id, 1)
        return session_id

    return start


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_what_was_played_to_its_end_is_ended_and_forgotten(
    focus: Focus, fake: FakeEngine, paths: Paths, session: Callable[[float], str]
) -> None:
    session_id = session(0.6)
    done = focus("watch", "--no-audio", "--volume", "60", "--json")
    assert (done.code, done.err) == (ExitCode.OK, "")
    told = records(done.out)
    assert [told[0]["type"], told[-1]["type"]] == ["hello", "bye"]
    assert (told[0]["session"], told[-1]["reason"], told[-1]["exit_code"]) == (session_id, "finished", 0)
    assert {"session", "ready", "fetched", "first_sound", "now"} <= {record["type"] for record in told}
    assert [record["seq"] for record in told] == list(range(len(told)))
    assert fake.sessions[session_id]["status"] == "ended"
    assert Remembered.load(paths.player_state) == Remembered(volume=60)


def test_the_key_goes_to_the_api_and_never_to_the_media(
    focus: Focus, fake: FakeEngine, session: Callable[[float], str]
) -> None:
    session(0.3)
    focus("watch", "--no-audio", "--json")
    fetched = [asked for asked in fake.asked if "/v1/media/" in asked.target]
    assert fetched
    assert not any(asked.carried_a_key for asked in fetched)


def test_people_read_lines_where_nothing_can_be_drawn(focus: Focus, session: Callable[[float], str]) -> None:
    session(0.3)
    done = focus("watch", "--no-audio")
    assert done.code == ExitCode.OK
    assert "\x1b" not in done.out
    assert "session over" in done.out


@pytest.mark.parametrize("kind", [NoSoundLibrary, NoDevice, DeviceLost])
@pytest.mark.parametrize("words", [["start", "--watch"], ["watch"]])
def test_without_sound_two_lines_say_so_and_the_session_stays(
    focus: Focus,
    fake: FakeEngine,
    session: Callable[[float], str],
    monkeypatch: pytest.MonkeyPatch,
    kind: type[SoundError],
    words: list[str],
) -> None:
    session(0.3)
    monkeypatch.setattr("focuscli.assemble.device_sink", lambda *_: _Broken(kind))
    done = focus(*words)
    assert done.code == ExitCode.NO_SOUND
    assert done.err.count("\n") == 2
    assert "focus watch --no-audio" in done.err
    assert "focus export --to FILE" in done.err
    assert {session["status"] for session in fake.sessions.values()} == {"active"}
    told = focus(*words, "--json")
    error, bye = records(told.out)[-2:]
    assert error["error"] == json.loads(told.err)["error"]
    assert (bye["reason"], bye["exit_code"]) == ("failed", ExitCode.NO_SOUND)


def test_an_output_that_did_not_open_is_not_asked_for_again(
    focus: Focus, session: Callable[[float], str], paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    session(0.3)
    monkeypatch.setattr("focuscli.assemble.device_sink", lambda *_: _Broken(NoDevice))
    done = focus("watch", "--device", "nope")
    assert done.code == ExitCode.NO_SOUND
    assert "another output: focus devices" in done.err
    assert done.err.count("\n") == 3
    assert Remembered.load(paths.player_state).device == ""
    monkeypatch.setattr("focuscli.assemble.device_sink", lambda *_: MemorySink())
    focus("watch", "--device", "memory", "--sleep", "30")
    assert Remembered.load(paths.player_state).device == "memory"


def test_a_session_that_is_not_there_is_not_found(focus: Focus, fake: FakeEngine) -> None:
    done = focus("watch", "mfocus_000000000000", "--no-audio", "--json")
    assert done.code == ExitCode.NOT_FOUND
    assert json.loads(done.err)["error"]["code"] == "not_found"


def test_watching_nothing_says_how_to_start(focus: Focus, fake: FakeEngine) -> None:
    assert focus("watch", "--json").error["code"] == "nothing_running"


@pytest.mark.parametrize(
    ("number", "exit_code", "reason"),
    [
        (signal.SIGINT, ExitCode.INTERRUPTED, "interrupted"),
        (signal.SIGTERM, ExitCode.TERMINATED, "terminated"),
        (signal.SIGHUP, ExitCode.HANG_UP, "hung_up"),
    ],
)
def test_a_signal_ends_the_sound_and_leaves_the_session_where_it_was(
    fake: FakeEngine,
    paths: Paths,
    session: Callable[[float], str],
    number: signal.Signals,
    exit_code: ExitCode,
    reason: str,
) -> None:
    session_id = session(20.0)
    code, told, err = _watch_until("position", number)
    assert (code, err) == (exit_code, "")
    assert (told[-1]["type"], told[-1]["reason"], told[-1]["exit_code"]) == ("bye", reason, exit_code)
    assert fake.sessions[session_id]["status"] == "active"
    left = Remembered.load(paths.player_state).at(session_id)
    assert left is not None
    assert left.frame > 0
    _, again, _ = _watch_until("position", number)
    first = next(record["position_s"] for record in again if record["type"] == "position")
    assert first == pytest.approx(left.frame / RATE, abs=0.2)


def test_an_export_is_the_whole_session(focus: Focus, tmp_path: Path, session: Callable[[float], str]) -> None:
    session(0.5)
    done = focus("export", "--to", str(tmp_path / "night.wav"))
    assert (done.code, done.out) == (ExitCode.OK, "")
    assert done.err == f"segment 1 of 1 → {tmp_path / 'night.wav'}\n"
    assert soundfile.info(tmp_path / "night.wav").frames == 0.5 * RATE
    told = records(focus("export", "--to", str(tmp_path / "night.flac"), "--json").out)
    assert [told[0]["type"], told[-1]["type"], told[-1]["reason"]] == ["hello", "bye", "finished"]


def test_an_export_of_unknown_form_is_wrong_usage(focus: Focus, session: Callable[[float], str]) -> None:
    session(0.1)
    done = focus("export", "--to", "night.docx", "--json")
    assert done.error["code"] == "usage"


def test_a_pipe_whose_reader_leaves_early_is_no_failure(session: Callable[[float], str]) -> None:
    session(20.0)
    with _program("export", "--to", "-", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as exporting:
        assert exporting.stdout is not None
        assert exporting.stderr is not None
        assert exporting.stdout.read(4) == "RIFF"
        exporting.stdout.close()
        exporting.stderr.read()
    assert exporting.returncode == ExitCode.OK


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
@pytest.mark.parametrize(("keys", "exit_code"), [(b"q", ExitCode.OK), (b"\x03", ExitCode.INTERRUPTED)])
def test_a_key_at_a_terminal_leaves_the_session_going_on(
    fake: FakeEngine, paths: Paths, session: Callable[[float], str], keys: bytes, exit_code: ExitCode
) -> None:
    session_id = session(20.0)
    with _terminal("watch", "--no-audio") as (watching, terminal):
        shown = _read_until(terminal, b"playing")
        terminal.write(keys)
        shown += _read_until(terminal, b"goes on")
        assert watching.wait(20) == exit_code
    assert b"Traceback" not in shown
    assert fake.sessions[session_id]["status"] == "active"
    assert Remembered.load(paths.player_state).at(session_id) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
def test_a_terminal_that_goes_away_takes_the_sound_with_it(fake: FakeEngine, session: Callable[[float], str]) -> None:
    session(20.0)
    with _terminal("watch", "--no-audio") as (watching, terminal):
        _read_until(terminal, b"playing")
        terminal.close()
        assert watching.wait(20) == ExitCode.HANG_UP


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
@pytest.mark.parametrize(
    ("number", "exit_code"),
    [
        (None, ExitCode.OK),
        (signal.SIGINT, ExitCode.INTERRUPTED),
        (signal.SIGTERM, ExitCode.TERMINATED),
        (signal.SIGHUP, ExitCode.HANG_UP),
    ],
)
def test_title_and_progress_are_put_back_on_every_way_out(
    fake: FakeEngine,
    session: Callable[[float], str],
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals | None,
    exit_code: ExitCode,
) -> None:
    session(20.0)
    monkeypatch.setenv("FOCUS_TITLE", "on")
    monkeypatch.setenv("FOCUS_PROGRESS", "on")
    with _terminal("watch", "--no-audio") as (watching, terminal):
        before = _settings_of(terminal)
        shown = _read_until(terminal, b"\x1b]9;4;1;")
        if number is None:
            terminal.write(b"q")
        else:
            watching.send_signal(number)
        shown += _read_until(terminal, b"\x1b[23;0t")
        assert watching.wait(20) == exit_code
        assert _settings_of(terminal) == before
    assert shown.count(b"\x1b[22;0t") == 1
    assert shown.index(b"\x1b[22;0t") < shown.index(b"\x1b]0;focus session")
    assert b"\x1b]9;4;0;0\x07\x1b]0;\x07\x1b[23;0t" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
def test_the_terminal_may_show_the_end_and_without_one_nothing_is_written(
    focus: Focus, session: Callable[[float], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("TITLE", "on"), ("PROGRESS", "on"), ("NOTIFY_BY", "osc777")):
        monkeypatch.setenv(f"FOCUS_{name}", value)
    session(0.6)
    with _terminal("watch", "--no-audio") as (_, terminal):
        _read_until(terminal, b"\x1b]777;notify;focus;focus: The focus session is over\x07")
        _read_until(terminal, b"\x1b[23;0t")
    session(0.3)
    for words in ([], ["--json"], ["--plain"]):
        assert "\x1b" not in focus("watch", "--no-audio", *words).out


def _settings_of(terminal: io.FileIO) -> list[Any]:
    """What the terminal driver is set to."""
    import termios

    return termios.tcgetattr(terminal.fileno())


class _Broken:
    """A sink whose device is not there."""

    name, latency_s, queued_frames, missed_frames = "broken", 0.0, 0, 0

    def __init__(self, kind: type[SoundError]) -> None:
        self._kind = kind

    def open(self) -> None:
        raise self._kind("there is no sound", hint="install it")

    def abort(self) -> None:
        """Nothing is queued."""

    def close(self) -> None:
        """Nothing is open."""


def _program(*words: str, **options: Any) -> "subprocess.Popen[str]":
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "focuscli", *words]
    return subprocess.Popen(command, env=environment, text=True, encoding="latin-1", **options)


@contextmanager
def _terminal(*words: str) -> Iterator[tuple["subprocess.Popen[str]", io.FileIO]]:
    """The program on a terminal of its own, and the other end of it, which the test may close."""
    ours, theirs = os.openpty()
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm-256color"}
    environment.pop("CI", None)
    login = (
        "import os, sys; os.login_tty(0); os.execv(sys.executable, [sys.executable, '-m', 'focuscli', *sys.argv[1:]])"
    )
    command = [sys.executable, "-c", login, *words]
    with (
        io.FileIO(ours, "r+") as terminal,
        subprocess.Popen(command, env=environment, text=True, stdin=theirs, stdout=theirs, stderr=theirs) as program,
    ):
        os.close(theirs)
        yield program, terminal


def _read_until(terminal: io.FileIO, words: bytes) -> bytes:
    shown = b""
    while words not in shown:
        shown += terminal.read(4096) or b""
    return shown


def _watch_until(kind: str, number: signal.Signals) -> tuple[int, list[dict[str, Any]], str]:
    """Watch until a record of that kind, then send the signal; exit code, all records, and stderr."""
    told = []
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with _program("watch", "--no-audio", "--json", **pipes) as watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        for line in watching.stdout:
            told.append(json.loads(line))
            if told[-1]["type"] == kind and watching.poll() is None:
                watching.send_signal(number)
                kind = ""
        err = watching.stderr.read()
    return watching.returncode, told, err


def test_the_sleep_timer_leaves_and_remembers_where_the_sound_began_to_fall(
    focus: Focus, paths: Paths, session: Callable[[float], str]
) -> None:
    session_id = session(30.0)
    done = focus("watch", session_id, "--no-audio", "--sleep", "1s", "--json")
    told = records(done.out)
    assert [record["ends_in_s"] for record in told if record["type"] == "sleep"] == [1.0]
    assert (told[-1]["type"], told[-1]["reason"], done.code) == ("bye", "asleep", ExitCode.OK)
    place = Remembered.load(paths.player_state).at(session_id)
    assert place is not None
    assert place.frame < RATE


class PressingView:
    """Stands for the screen of somebody who presses b as soon as a segment sounds, and q when it is kept."""

    def __init__(self, act: Callable[[Action], None]) -> None:
        self._act = act
        self._events: queue.Queue[Event] = queue.Queue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def post(self, event: Event) -> None:
        self._events.put(event)

    def run(self, until: threading.Event) -> Leaving:
        self._await(SegmentStarted)
        self._act(Action.KEEP)
        self.kept = self._await(Promoted)
        self.run = lambda _: Leaving.QUIT  # type: ignore[method-assign]
        return Leaving.QUIT

    def _await(self, kind: type[Event]) -> Event:
        while not isinstance(event := self._events.get(timeout=60), kind):
            pass
        return event


def test_the_key_b_keeps_the_segment_that_plays(
    focus: Focus, fake: FakeEngine, session: Callable[[float], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = session(30.0)
    views: list[PressingView] = []

    def view(_stream: object, _terminal: object, act: Callable[[Action], None], **_: object) -> PressingView:
        views.append(PressingView(act))
        return views[-1]

    monkeypatch.setattr("focuscli.assemble.view", view)
    assert focus("watch", "--no-audio").code == ExitCode.OK
    assert list(fake.by_segment) == [(session_id, 0)]
    assert views[0].kept == Promoted(0, next(iter(fake.tracks)))
