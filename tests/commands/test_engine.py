"""The engine of this machine is seen, stopped and read about; looking never starts it."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from focuscli.errors import ExitCode
from focuscli.paths import Paths
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine


def test_status_says_where_it_is_and_where_its_key_is(focus: Focus, fake: FakeEngine, paths: Paths) -> None:
    found = focus("engine", "status", "--json").json
    assert found["running"] is True
    assert (found["url"], found["organization_id"]) == (fake.url, "org_local")
    assert Path(found["api_key_file"]).read_text() == fake.key
    assert (found["pid"], found["version"]) == (4711, "0.1.0")
    assert fake.url in focus("engine", "status").out
    assert fake.key not in focus("engine", "status").out


def test_status_of_what_does_not_run_is_still_a_document(focus: Focus) -> None:
    done = focus("engine", "status", "--json")
    assert (done.code, done.json["running"], done.json["url"]) == (ExitCode.NOTHING_RUNNING, False, None)


def test_stop_waits_until_it_has_left(focus: Focus, fake: FakeEngine, paths: Paths) -> None:
    fake.on_stop = paths.engine_address.unlink
    assert focus("engine", "stop").out == "the engine (process 4711) has left\n"
    done = focus("engine", "stop")
    assert (done.code, done.out) == (ExitCode.OK, "")
    assert "nothing to stop" in done.err


def test_an_engine_of_another_version_can_be_stopped(focus: Focus, fake: FakeEngine, paths: Paths) -> None:
    fake.announce(paths, protocol=99)
    fake.on_stop = paths.engine_address.unlink
    assert focus("engine", "stop").code == ExitCode.OK


def test_logs_are_the_last_lines_and_safe_to_print(focus: Focus, paths: Paths) -> None:
    assert focus("engine", "logs", "--json").error["code"] == "not_found"
    paths.state.mkdir(parents=True)
    paths.engine_log.write_text("one\ntwo \x1b[2J\nthree\n")
    assert focus("engine", "logs", "-n", "2").out == "two \ufffd[2J\nthree\n"
    assert focus("engine", "logs", "--json").json["lines"][0] == "one"


@pytest.mark.parametrize(
    "words", [["status"], ["list"], ["end"], ["engine", "status"], ["version"], ["status", "x"], ["engine", "stop"]]
)
def test_looking_never_starts_an_engine(
    focus: Focus, monkeypatch: pytest.MonkeyPatch, paths: Paths, words: list[str]
) -> None:
    monkeypatch.setattr("focuscli.client.spawn.subprocess.Popen", pytest.fail)
    focus(*words)
    assert not paths.state.exists()
    assert not paths.runtime.exists()


def test_version_names_both_and_warns_when_they_do_not_fit(focus: Focus, fake: FakeEngine, paths: Paths) -> None:
    assert focus("version", "--json").json["engine"] == {"version": "0.1.0", "protocol": 1, "url": fake.url}
    fake.announce(paths, protocol=2, version="9.0.0")
    done = focus("version")
    assert "engine 9.0.0 (protocol 2)" in done.out
    assert "focus engine stop" in done.err


@pytest.mark.timeout(120)
def test_six_starts_at_once_make_one_engine(paths: Paths) -> None:
    program = [sys.executable, "-m", "focuscli", "start", "--json", "--minutes", "1"]
    environment = os.environ | {"FOCUS_START_TIMEOUT": "60", "PYTHONPATH": str(Path(__file__).parents[2])}
    starts = [
        subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)
        for _ in range(6)
    ]
    told = [(start.communicate(timeout=100), start.returncode) for start in starts]
    assert [code for _, code in told] == [0] * 6, told
    sessions = {json.loads(out)["session_id"] for (out, _), _ in told}
    listed = subprocess.run([*program[:3], "list", "--json"], capture_output=True, env=environment, check=True)
    assert {session["session_id"] for session in json.loads(listed.stdout)["sessions"]} == sessions
    subprocess.run([*program[:3], "engine", "stop"], env=environment, check=True, capture_output=True)
    started = Counter("Started server process" in line for line in paths.engine_log.read_text().splitlines())
    assert (len(sessions), started[True]) == (6, 1)
