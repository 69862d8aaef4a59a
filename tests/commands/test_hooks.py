"""Hooks are told what happens, in order, without a shell and without a key; one that hangs is stopped."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from focuscli import events
from focuscli.commands.hooks import Hooks
from focuscli.errors import ExitCode
from focuscli.hook_settings import EVENTS, read_hooks
from focuscli.paths import Paths
from focuscli.schemas import schema
from tests.commands.conftest import Focus
from tests.commands.test_listening import flac
from tests.commands.test_schemas import SEEN, check
from tests.fakes.clock import StepClock
from tests.fakes.engine import FakeEngine

NOTES = """
import json, os, sys
told = {"told": json.load(sys.stdin), "argument": sys.argv[2], "environment": dict(os.environ)}
with open(sys.argv[1], "a") as file:
    file.write(json.dumps(told) + "\\n")
"""
KEYS = {"FREDDY_API_KEY": "fk_secret", "EMOGG_API_KEY": "ek_secret", "AGENTHUMAN_API_KEY": "ah_secret"}


def noting(file: Path) -> tuple[str, ...]:
    """A hook that writes down what it gets."""
    return (sys.executable, "-c", NOTES, str(file), "$(id); it's")


def noted(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def happen(hooks: dict[str, tuple[str, ...]], *what: events.Event, limit_s: float = 60.0) -> list[str]:
    """Let it happen; what is complained about afterwards."""
    complaints: list[str] = []
    with Hooks(hooks, "mfocus_1", os.environ | KEYS, StepClock(), complaints.append, limit_s=limit_s) as running:
        for event in what:
            running.tell(event)
    return complaints


def test_each_event_is_told_in_order_with_what_is_known(tmp_path: Path) -> None:
    file = tmp_path / "notes"
    happening = (
        events.SessionSeen(SEEN),
        events.SegmentStarted(3, 0.0, 120.0, 0.0),
        events.FirstSound(0.4),
        events.Played(61.5, 3, (-20.0, -20.0), 5.0),
        events.Paused(),
        events.Resumed(),
        events.PlaybackEnded("asleep"),
    )
    assert happen(dict.fromkeys(EVENTS, noting(file)), *happening) == []
    told = [note["told"] for note in noted(file)]
    assert [one["event"] for one in told] == ["segment", "start", "pause", "resume", "end"]
    assert (told[-1]["position_s"], told[-1]["segment_index"], told[-1]["reason"]) == (61.5, 3, "asleep")
    for one in told:
        check("hook", one)


def test_ready_is_told_once_and_a_failure_is_no_end(tmp_path: Path) -> None:
    file = tmp_path / "notes"
    seen = events.SessionSeen(
        SEEN.__class__(**{name: getattr(SEEN, name) for name in SEEN.__slots__} | {"ready_count": 2})
    )
    happen(dict.fromkeys(EVENTS, noting(file)), seen, seen, events.PlaybackEnded("failed", "no disk"))
    told = [note["told"] for note in noted(file)]
    assert [(one["event"], one["message"]) for one in told] == [("ready", None), ("error", "no disk")]
    assert {name.removeprefix("on_") for name in EVENTS} == set(schema("hook")["properties"]["event"]["enum"])


def test_no_shell_reads_it_and_no_key_is_in_its_environment(tmp_path: Path) -> None:
    file = tmp_path / "notes"
    happen({"on_pause": noting(file)}, events.Paused())
    (note,) = noted(file)
    assert note["argument"] == "$(id); it's"
    assert not {"fk_secret", "ek_secret", "ah_secret"} & set(note["environment"].values())
    assert (note["environment"]["FOCUS_EVENT"], note["environment"]["FOCUS_SESSION"]) == ("pause", "mfocus_1")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("/nowhere/hook",), "could not be run"),
        ((sys.executable, "-c", "raise SystemExit(3)"), "exit code 3"),
        ((sys.executable, "-c", "import time; time.sleep(3600)"), "took longer"),
    ],
)
def test_what_is_wrong_with_a_hook_is_told_once_and_stops_nothing(
    tmp_path: Path, command: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "notes"
    both = {"on_pause": command, "on_resume": noting(file)}
    limit_s = 0.2 if "took" in said else 60.0
    complaints = happen({"on_pause": command}, events.Paused(), events.Paused(), limit_s=limit_s)
    assert [said in complaint for complaint in complaints] == [True]
    if limit_s > 1:
        happen(both, events.Paused(), events.Resumed())
        assert len(noted(file)) == 1


@pytest.mark.parametrize(
    "written",
    [{"on_and": ["x"]}, {"on_end": "x"}, {"on_end": []}, {"on_end": [1]}, ["on_end"]],
)
def test_a_hook_that_makes_no_sense_is_told(written: Any) -> None:
    assert read_hooks(written)[0] == {}
    assert len(read_hooks(written)[1]) == 1


@pytest.fixture
def played(focus: Focus, fake: FakeEngine) -> Callable[[], str]:
    def play() -> str:
        fake.media, fake.segment_s = flac(0.3), 0.3
        session_id = focus("start", "--minutes", "1", "-q").out.strip()
        fake.make_ready(session_id, 1)
        done = focus("watch", session_id, "--no-audio")
        assert done.code == ExitCode.OK
        return done.err

    return play


def test_watch_runs_those_of_the_settings_file(tmp_path: Path, paths: Paths, played: Callable[[], str]) -> None:
    file = tmp_path / "notes"
    paths.config.mkdir(parents=True)
    told = json.dumps(noting(file))
    paths.config_file.write_text(f"[hooks]\non_start = {told}\non_end = {told}\non_segment = ['/nowhere']\n")
    assert "focus: note: the hook on_segment could not be run" in played()
    assert [note["told"]["event"] for note in noted(file)] == ["start", "end"]


def test_a_projects_file_sets_no_hooks(
    tmp_path: Path, played: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "notes"
    (tmp_path / ".focus.toml").write_text(f"[hooks]\non_end = {json.dumps(noting(file))}\n")
    monkeypatch.chdir(tmp_path)
    assert "hooks is not taken from a project's file" in played()
    assert not file.exists()
