"""The one judgement of what a stream can take."""

import io
import subprocess
import sys

import pytest

from focuscli.view.terminal import Terminal, decide

TERM = {"TERM": "xterm-256color"}


class Tty(io.TextIOWrapper):
    def __init__(self, *, is_tty: bool = True, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self._is_tty = is_tty

    def isatty(self) -> bool:
        return self._is_tty


def judged(environment: dict[str, str], *, is_tty: bool = True, plain: bool = False, color: str = "auto") -> Terminal:
    return decide(Tty(is_tty=is_tty), {**TERM, **environment}, plain=plain, color=color)


@pytest.mark.parametrize(
    ("environment", "animates"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, False),
        ({"CI": "true"}, False),
        ({"CI": ""}, True),
        ({"ACCESSIBLE": "1"}, False),
        ({"FOCUS_ACCESSIBLE": "1"}, False),
        ({"ACCESSIBLE": "", "FOCUS_ACCESSIBLE": ""}, True),
    ],
)
def test_what_animates(environment: dict[str, str], animates: bool):
    assert judged(environment).animate is animates


def test_nothing_animates_in_a_pipe_whatever_is_forced():
    for environment in ({}, {"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1"}):
        assert judged(environment, is_tty=False, color="always").animate is False


def test_plain_does_not_animate():
    assert judged({}, plain=True).animate is False


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"CLICOLOR": "0"}, False),
        ({"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, True),
        ({"CLICOLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ],
)
def test_what_is_coloured_on_a_terminal(environment: dict[str, str], colored: bool):
    assert judged(environment).color is colored


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": ""}, False),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    ],
)
def test_what_is_coloured_in_a_pipe(environment: dict[str, str], colored: bool):
    assert judged(environment, is_tty=False).color is colored


def test_the_option_beats_every_variable():
    assert judged({"NO_COLOR": "1"}, color="always").color is True
    assert judged({"FORCE_COLOR": "1"}, color="never").color is False


@pytest.mark.parametrize(
    ("encoding", "is_ascii"), [("utf-8", False), ("UTF8", False), ("ascii", True), ("latin-1", True), ("cp1252", True)]
)
def test_glyphs_follow_the_encoding(encoding: str, is_ascii: bool):
    assert decide(Tty(encoding=encoding), TERM).ascii is is_ascii


def test_streams_without_an_encoding_or_closed_get_ascii():
    assert decide(io.StringIO(), TERM).ascii is True
    closed = io.StringIO()
    closed.close()
    assert decide(closed, TERM).animate is False


def test_judging_and_cleaning_do_not_load_rich():
    code = (
        "import sys, focuscli.view.text, focuscli.view.terminal, focuscli.view.keys, focuscli.view.fold; "
        "sys.exit(any(name.split('.')[0] in {'rich', 'termios', 'numpy'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
