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

from focuscli.clock import SystemClock
from focuscli.errors import DeviceLost, ExitCode, NoDevice, NoSoundLibrary, SoundError
from focuscli.events import (
    DeviceOpened,
    Event,
    KeyAnswered,
    Paused,
    PlaybackEnded,
    Played,
    Promoted,
    SegmentStarted,
    SessionSeen,
)
from focuscli.model import SessionStatus
from focuscli.paths import Paths
from focuscli.playback.positions import Remembered
from focuscli.playback.sink import Device
from focuscli.playback.sinks.clocked import ClockedSink
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
    """Stands for the screen of somebody who presses a key on what happens: each kind is awaited, then its keys come."""

    def __init__(self, act: Callable[[Action], None], keys: list[tuple[type[Event], list[Action]]]) -> None:
        self._act = act
        self._keys = keys
        self.seen: list[Event] = []
        self._events: queue.Queue[Event] = queue.Queue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def post(self, event: Event) -> None:
        self._events.put(event)

    def run(self, until: threading.Event) -> Leaving:
        for kind, actions in self._keys:
            self._await(kind)
            for action in actions:
                self._act(action)
        self.run = self._rest  # type: ignore[method-assign]
        return Leaving.QUIT

    def _rest(self, _until: threading.Event) -> Leaving:
        while not self._events.empty():
            self.seen.append(self._events.get())
        return Leaving.QUIT

    def _await(self, kind: type[Event]) -> None:
        while not self.seen or not isinstance(self.seen[-1], kind):
            self.seen.append(self._events.get(timeout=60))


@pytest.fixture
def pressing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[PressingView]]:
    """Makes the next view such a screen; what is returned holds it afterwards."""

    def prepare(*keys: tuple[type[Event], list[Action]]) -> list[PressingView]:
        views: list[PressingView] = []

        def view(_stream: object, _terminal: object, act: Callable[[Action], None], **_: object) -> PressingView:
            views.append(PressingView(act, list(keys)))
            return views[-1]

        monkeypatch.setattr("focuscli.assemble.view", view)
        return views

    return prepare


def test_the_key_b_keeps_the_segment_that_plays(
    focus: Focus,
    fake: FakeEngine,
    session: Callable[[float], str],
    pressing: Callable[..., list[PressingView]],
) -> None:
    session_id = session(30.0)
    views = pressing((SegmentStarted, [Action.KEEP]), (Promoted, []))
    assert focus("watch", "--no-audio").code == ExitCode.OK
    assert list(fake.by_segment) == [(session_id, 0)]
    assert Promoted(0, next(iter(fake.tracks))) in views[0].seen


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ([(Played, [Action.END, Action.END])], "ended"),
        ([(Played, [Action.PAUSE]), (Paused, [Action.END, Action.END])], "quit"),
        ([(Played, [Action.END, Action.END, Action.END])], "quit"),
    ],
)
def test_the_key_e_twice_ends_the_session_and_its_sound_falls_before(
    focus: Focus,
    fake: FakeEngine,
    session: Callable[[float], str],
    pressing: Callable[..., list[PressingView]],
    keys: list[tuple[type[Event], list[Action]]],
    reason: str,
) -> None:
    """At once where nothing sounds, or where it is pressed once more."""
    session_id = session(30.0)
    views = pressing(*keys, (PlaybackEnded, []))
    assert focus("watch", "--no-audio").code == ExitCode.OK
    assert fake.sessions[session_id]["status"] == "ended"
    assert PlaybackEnded(reason) in views[0].seen
    last = [event.session.status for event in views[0].seen if isinstance(event, SessionSeen)][-1]
    assert last is SessionStatus.ENDED


class Outputs(ClockedSink):
    """Two that open and one that does not, at the speed of sound."""

    returns = True

    def __init__(self) -> None:
        super().__init__(SystemClock(), 0.25)
        self.name = self.device = self._next = "Speakers"

    def turn_to(self, device: str) -> None:
        self._next = device

    def open(self) -> None:
        super().open()
        if self._next != "Broken":
            self.name = self.device = self._next


@pytest.mark.parametrize(("other", "remembered"), [("Headset", "Headset"), ("Broken", "")])
def test_the_key_d_turns_to_another_output_which_is_remembered_if_it_opens(
    focus: Focus,
    session: Callable[[float], str],
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    pressing: Callable[..., list[PressingView]],
    other: str,
    remembered: str,
) -> None:
    session(30.0)
    listed = [Device(at, name, "any", 2, 48_000.0, not at) for at, name in enumerate(("Speakers", other))]
    monkeypatch.setattr("focuscli.playback.sinks.device.devices", lambda: listed)
    monkeypatch.setattr("focuscli.assemble.device_sink", lambda *_: Outputs())
    views = pressing((Played, [Action.OUTPUT]), (DeviceOpened, []))
    assert focus("watch").code == ExitCode.OK
    opened = [event.name for event in views[0].seen if isinstance(event, DeviceOpened)]
    assert opened == ["Speakers", remembered or "Speakers"]
    told = [event.answer for event in views[0].seen if isinstance(event, KeyAnswered)]
    assert told == ([] if remembered else ["Broken cannot be opened; the sound stays where it was"])
    assert Remembered.load(paths.player_state).device == remembered


def test_the_key_e_once_is_a_slip(
    focus: Focus, fake: FakeEngine, session: Callable[[float], str], pressing: Callable[..., list[PressingView]]
) -> None:
    session_id = session(30.0)
    views = pressing((Played, [Action.END]), (KeyAnswered, []))
    assert focus("watch", "--no-audio").code == ExitCode.OK
    assert fake.sessions[session_id]["status"] == "active"
    assert KeyAnswered("press e again within 5 s to end the session") in views[0].seen
