"""What is worth a notification is told once, and only to those who want it."""

import os
import stat
from pathlib import Path

import pytest

from focuscli.desktop.notices import ByOsascript, Notices
from focuscli.events import DeviceGone, EngineQuiet, Event, Paused, PlaybackEnded, SessionSeen
from focuscli.model import Goal, Session, SessionStatus

ENDED = PlaybackEnded("finished")


def told(which: str, goal: Goal, *events: Event) -> list[str]:
    rung: list[str] = []
    notices = Notices(which, rung.append)
    session = Session("mfocus_1", SessionStatus.ACTIVE, goal, "procedural", 90, 45, 3, (), True, None)
    for event in (SessionSeen(session), *events):
        notices.tell(event)
    return rung


def test_the_end_of_a_focus_session_is_told() -> None:
    assert told("focus", Goal.FOCUS, ENDED) == ["The focus session is over"]


@pytest.mark.parametrize("goal", [Goal.SLEEP, Goal.RELAX, Goal.CUSTOM_PROMPT])
def test_the_end_of_another_one_only_to_who_wants_all(goal: Goal) -> None:
    assert told("focus", goal, ENDED) == []
    assert told("all", goal, ENDED) == [f"The {goal.value.replace('_', ' ')} session is over"]


@pytest.mark.parametrize("which", ["focus", "all"])
@pytest.mark.parametrize("event", [*map(PlaybackEnded, ("quit", "asleep", "ended")), Paused(), EngineQuiet("busy")])
def test_nobody_is_told_what_he_did_or_woken_or_bothered(which: str, event: Event) -> None:
    assert told(which, Goal.FOCUS, event) == []


def test_failures_and_a_lost_device_are_told_to_who_wants_all() -> None:
    events = (DeviceGone("USB\x1b[31m Audio"), PlaybackEnded("failed", "the engine\nleft"))
    assert told("focus", Goal.FOCUS, *events) == []
    lost, failed = told("all", Goal.FOCUS, *events)
    assert lost == "USB\ufffd[31m Audio went away; the sound waits for it"
    assert failed == "The sound stopped: the engine\ufffdleft"


def osascript(folder: Path, then: str) -> dict[str, str]:
    """A PATH on which it is; it writes down what it was given."""
    file = folder / "osascript"
    lines = [
        "#!/bin/sh",
        f'for word in "$@"; do echo "$word"; done > {folder}/given',
        f"/usr/bin/env > {folder}/environment",
        then,
    ]
    file.write_text("\n".join(lines) + "\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return {"PATH": str(folder), "FREDDY_API_KEY": "fk_live_secret"}


@pytest.mark.skipif(os.name != "posix", reason="the program is a shell script")
def test_macos_is_given_the_sentence_as_an_argument(tmp_path: Path) -> None:
    sentence = 'The "focus" session is over\\'
    with ByOsascript(osascript(tmp_path, "")) as shower:
        shower.notify(sentence)
    given = (tmp_path / "given").read_text().splitlines()
    assert given[-2:] == [sentence, "focus"]
    assert not any(sentence in word for word in given[:-2])
    assert "fk_live_secret" not in (tmp_path / "environment").read_text()


@pytest.mark.skipif(os.name != "posix", reason="the program is a shell script")
def test_a_program_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.desktop.notices.SHOWN_WITHIN_S", 0.05)
    with ByOsascript(osascript(tmp_path, "exec /bin/sleep 60")) as shower:
        shower.notify("The focus session is over")
    assert [running.returncode for running in shower._running] == [-9]


def test_without_the_program_nothing_is_shown(tmp_path: Path) -> None:
    with ByOsascript({"PATH": str(tmp_path)}) as shower:
        shower.notify("The focus session is over")
    assert shower._running == []
