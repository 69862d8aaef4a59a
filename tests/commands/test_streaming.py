"""A stream says bye, and why, however it ends."""

import io
import json
import signal
import subprocess
import sys

import pytest

from focuscli.commands.streaming import Stopped, stoppable, telling
from focuscli.errors import ExitCode, LimitReached
from focuscli.view.jsonlines import JsonLines
from tests.commands.conftest import Focus
from tests.fakes.clock import StepClock
from tests.fakes.engine import FakeEngine

LEAVINGS = [("SIGTERM", ExitCode.TERMINATED, "terminated"), ("SIGHUP", ExitCode.HANG_UP, "hung_up")]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("name", "code", "reason"), [*LEAVINGS, ("SIGINT", ExitCode.INTERRUPTED, "interrupted")])
def test_a_follower_that_is_stopped_says_bye(
    focus: Focus, fake: FakeEngine, name: str, code: ExitCode, reason: str
) -> None:
    focus("start")
    words = [sys.executable, "-m", "focuscli", "status", "--follow", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        assert [json.loads(following.stdout.readline())["type"] for _ in range(3)] == ["hello", "session", "ready"]
        following.send_signal(getattr(signal, name))
        bye = json.loads(following.stdout.read())
    assert following.returncode == code
    assert (bye["type"], bye["reason"], bye["exit_code"], bye["seq"]) == ("bye", reason, code, 3)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("name", "code", "reason"), LEAVINGS)
def test_a_signal_is_raised_meanwhile_and_afterwards_is_as_it_was(name: str, code: ExitCode, reason: str) -> None:
    number = getattr(signal, name)
    former = signal.getsignal(number)
    with pytest.raises(Stopped) as stopped, stoppable():
        signal.raise_signal(number)
    assert stopped.value.exit_code == code
    assert signal.getsignal(number) == former


def test_an_error_is_the_last_but_one_record() -> None:
    stream = io.StringIO()
    with pytest.raises(LimitReached), telling(JsonLines(stream, StepClock())):
        raise LimitReached("slowly", retry_after_s=3.0)
    error, bye = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (error["type"], error["error"]["retry_after_s"]) == ("error", 3.0)
    assert (bye["type"], bye["reason"], bye["exit_code"]) == ("bye", "failed", ExitCode.LIMIT_REACHED)
