"""Every exit code has its case, and every error says what, why and what to do, once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from focuscli.errors import EXIT_CODE_MEANINGS, ExitCode
from focuscli.main import run
from focuscli.paths import Paths
from tests.commands.conftest import Done, Focus
from tests.fakes.engine import FakeEngine, Reply, envelope


def _usage(focus: Focus, fake: FakeEngine) -> Done:
    return focus("start", "--bogus", "--json")


def _nothing_running(focus: Focus, fake: FakeEngine) -> Done:
    return focus("status", "--json")


def _not_signed_in(focus: Focus, fake: FakeEngine) -> Done:
    fake.answers = [envelope(401, "INVALID_API_KEY", "The API key is not known")]
    return focus("list", "--json")


def _not_found(focus: Focus, fake: FakeEngine) -> Done:
    return focus("status", "mfocus_000000000000", "--json")


def _engine_failed(focus: Focus, fake: FakeEngine) -> Done:
    fake.answers = [Reply(200, b"<html>")]
    return focus("list", "--json")


def _conflict(focus: Focus, fake: FakeEngine) -> Done:
    fake.announce(Paths.find(os.environ), protocol=99)
    return focus("list", "--json")


def _limit_reached(focus: Focus, fake: FakeEngine) -> Done:
    fake.answers = [Reply(429, envelope(429, "RATE_LIMIT_EXCEEDED", "slowly").body, {"Retry-After": "60"})]
    return focus("list", "--json")


CASES = {
    ExitCode.USAGE: (_usage, "usage"),
    ExitCode.NOTHING_RUNNING: (_nothing_running, "nothing_running"),
    ExitCode.NOT_SIGNED_IN: (_not_signed_in, "not_signed_in"),
    ExitCode.NOT_FOUND: (_not_found, "not_found"),
    ExitCode.ENGINE_UNREACHABLE: (_engine_failed, "engine_failed"),
    ExitCode.CONFLICT: (_conflict, "conflict"),
    ExitCode.LIMIT_REACHED: (_limit_reached, "limit_reached"),
}


@pytest.mark.parametrize("exit_code", CASES, ids=lambda code: code.name.lower())
def test_an_error_is_one_line_of_json_on_stderr(focus: Focus, fake: FakeEngine, exit_code: ExitCode) -> None:
    case, word = CASES[exit_code]
    done = case(focus, fake)
    assert done.code == exit_code
    assert (done.error["code"], done.error["exit_code"]) == (word, exit_code)
    assert done.error["message"]
    assert {"code", "message", "hint", "exit_code", "request_id"} <= set(done.error)


def test_every_exit_code_has_a_meaning() -> None:
    assert set(EXIT_CODE_MEANINGS) == set(ExitCode)


def test_people_get_at_most_three_lines(focus: Focus, fake: FakeEngine) -> None:
    done = focus("status", "mfocus_000000000000")
    assert done.err.splitlines() == [
        f"focus: {fake.url.removeprefix('http://')}: Focus session not found (req_jkl012mno)",
        "  see what there is: focus list",
    ]


def test_the_time_to_wait_is_in_the_json(focus: Focus, fake: FakeEngine) -> None:
    assert _limit_reached(focus, fake).error["retry_after_s"] == 60


@pytest.mark.parametrize(
    "words", [["--json", "--bogus"], ["--json", "list", "extra"], ["vershon", "--json"], ["--json", "engine", "stat"]]
)
def test_usage_errors_are_json_too_wherever_the_option_stands(focus: Focus, words: list[str]) -> None:
    assert focus(*words).error["code"] == "usage"


def test_after_two_dashes_it_is_no_option(focus: Focus, fake: FakeEngine) -> None:
    assert focus("status", "--", "--json").err.startswith("focus: ")


def test_the_nearest_command_and_option_are_named(focus: Focus) -> None:
    assert "did you mean: focus watch" in focus("wacth").err
    assert "--minutes" in focus("start", "--minuts", "5").err


def test_a_setting_that_makes_no_sense_is_named_with_its_origin(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_MINUTES", "soon")
    error = focus("list", "--json").error
    assert (error["code"], error["exit_code"]) == ("bad_setting", ExitCode.USAGE)
    assert "FOCUS_MINUTES" in error["message"]


def test_what_nobody_foresaw_is_one_line_and_a_log(focus: Focus, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.client.local.find", lambda *_: 1 / 0)
    done = focus("list")
    assert done.code == ExitCode.FAILURE
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) <= 3
    assert str(paths.client_log) in done.err
    assert "ZeroDivisionError" in paths.client_log.read_text()
    monkeypatch.setenv("FOCUS_DEBUG", "1")
    assert "Traceback" in focus("list").err


def test_a_timeout_has_its_own_code(focus: Focus, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.commands.engine.STOP_LIMIT_S", 0.05)
    done = focus("engine", "stop", "--json")
    assert (done.code, done.error["code"]) == (ExitCode.TIMED_OUT, "timed_out")


def test_ctrl_c_is_quiet(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("focuscli.client.local.find", interrupted)
    done = focus("list")
    assert (done.code, done.out, done.err) == (ExitCode.INTERRUPTED, "", "")


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    program = [sys.executable, "-m", "focuscli", "--help"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path.cwd()) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == ExitCode.OK


def test_an_unwritable_log_does_not_hide_the_error(focus: Focus, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.client.local.find", lambda *_: 1 / 0)
    paths.state.parent.mkdir()
    paths.state.write_text("a file where the folder should be")
    assert "ZeroDivisionError" in focus("list").err


def test_json_errors_are_ascii_and_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--json", "stärt\n"]) == ExitCode.USAGE
    line = capsys.readouterr().err
    assert line.isascii()
    assert line.count("\n") == 1
    assert json.loads(line)["error"]["message"]
