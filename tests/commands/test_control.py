"""The player of one shell, steered from another."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from focuscli.errors import ExitCode
from focuscli.paths import Paths
from focuscli.playback.positions import Remembered
from tests.commands.conftest import Focus
from tests.commands.test_listening import flac
from tests.fakes.engine import FakeEngine


class Playing:
    """`focus watch --json` in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next record of that kind with those fields."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            record: dict[str, Any] = json.loads(line)
            if record["type"] == kind and fields.items() <= record.items():
                return record
        raise AssertionError(f"no {kind} {fields}")


@contextmanager
def playing(focus: Focus, fake: FakeEngine, *words: str) -> Iterator[Playing]:
    fake.media, fake.segment_s = flac(20.0), 20.0
    session_id = focus("start", "--minutes", "1", "-q", *words).out.strip()
    fake.make_ready(session_id, 3)
    command = [sys.executable, "-m", "focuscli", "watch", "--no-audio", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        told = Playing(process)
        told.until("position")
        try:
            yield told
        finally:
            process.terminate()


def test_a_player_is_steered_from_another_shell(focus: Focus, fake: FakeEngine, paths: Paths) -> None:
    with playing(focus, fake) as player:
        assert re.match(r"playing, segment 1, at 0:0\d, volume 30 %", focus("volume", "30").out)
        player.until("volume", volume=30)
        assert focus("volume", "-10", "--json").json["volume"] == 20
        assert focus("volume", "+5", "--json").json["volume"] == 25
        assert focus("mute", "--json").json["muted"] is True
        assert focus("mute", "off", "--json").json["muted"] is False
        assert focus("pause", "--json").json["paused"] is True
        player.until("paused")
        assert focus("resume", "--json").json["paused"] is False
        assert focus("next", "--json").code == ExitCode.OK
        player.until("now", segment_index=1)
        focus("previous")
        player.until("now", segment_index=0)
        focus("seek", "0:15")
        at_s = player.until("now", segment_index=0)["starts_s"]
        assert at_s == pytest.approx(15.0, abs=0.05)
        focus("seek", "-1m")
        assert player.until("now", segment_index=0)["starts_s"] == pytest.approx(0.0, abs=0.05)
        assert focus("seek", "+20", "--json").code == ExitCode.OK
        assert player.until("now", segment_index=1)["starts_s"] > 20.0
        assert focus("sleep", "30m", "--json").json["sleeps_in_s"] == 1800
        assert focus("sleep", "off", "--json").json["sleeps_in_s"] is None
        told, again = focus("volume", "--json").json, focus("volume", "--json").json
        assert 0.0 <= again.pop("position_s") - told.pop("position_s") < 30.0
        assert told == again
    assert Remembered.load(paths.player_state).volume == 25
    assert focus("pause").code == ExitCode.NOTHING_RUNNING


def test_a_session_that_another_shell_ends_is_over_for_its_player(focus: Focus, fake: FakeEngine) -> None:
    with playing(focus, fake) as player:
        assert focus("end", "--now").code == ExitCode.OK
        assert player.until("bye")["reason"] == "ended"
    assert {session["status"] for session in fake.sessions.values()} == {"ended"}


@pytest.mark.parametrize("words", [["pause"], ["next"], ["volume", "50"], ["seek", "+30s"], ["sleep", "off"]])
def test_where_nothing_plays_there_is_nothing_to_steer(focus: Focus, words: list[str]) -> None:
    done = focus(*words, "--json")
    assert done.code == ExitCode.NOTHING_RUNNING
    assert done.error["code"] == "nothing_running"


@pytest.mark.parametrize(
    "words",
    [
        ["volume", "101"],
        ["volume", "loud"],
        ["volume", "--", "-"],
        ["mute", "maybe"],
        ["seek", "1:75"],
        ["seek", "soon"],
    ],
)
def test_what_makes_no_sense_is_refused_before_anyone_is_asked(focus: Focus, words: list[str]) -> None:
    assert focus(*words).code == ExitCode.USAGE


def test_steering_loads_no_numbers_and_no_network_library() -> None:
    code = "import sys, focuscli.commands.volume as v; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "httpx", "rich", "sounddevice"} & set(done.stdout.split())
