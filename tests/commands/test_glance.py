"""The quick look says what the whole program says, and leaves to it whatever is not plain."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from focuscli.commands.glance import NOTHING_RUNNING, glance
from focuscli.errors import NothingRunning
from focuscli.folders import folders
from focuscli.paths import Paths
from tests.commands.conftest import Done, Focus
from tests.fakes.engine import FakeEngine, envelope

PLAIN = [
    ["status"],
    ["status", "--json"],
    ["--json", "status"],
    ["status", "-q"],
    ["status", "--format", "{goal} {ready}"],
    ["status", "--format=tmux"],
]


def _both(focus: Focus, words: list[str]) -> tuple[Done, Done]:
    return focus(*words, through=glance), focus(*words)


@pytest.mark.parametrize("words", PLAIN)
@pytest.mark.parametrize("ready", [0, 3, 30])
def test_a_running_session_is_told_alike(focus: Focus, fake: FakeEngine, words: list[str], ready: int) -> None:
    fake.make_ready(focus("start", "-q").out.strip(), ready)
    quick, whole = _both(focus, words)
    assert quick == whole
    assert quick.code == 0


@pytest.mark.parametrize("words", PLAIN)
@pytest.mark.parametrize("engine", ["none", "idle", "impostor"])
def test_nothing_running_is_told_alike(
    focus: Focus, fake: FakeEngine, paths: Paths, words: list[str], engine: str
) -> None:
    if engine == "none":
        paths.engine_address.unlink()
    fake.knows_the_key = engine != "impostor"
    quick, whole = _both(focus, words)
    assert quick == whole
    assert quick.code == NothingRunning.exit_code


def test_its_words_are_those_of_the_error() -> None:
    assert (NOTHING_RUNNING[0], NOTHING_RUNNING[3]) == (NothingRunning.code, NothingRunning.exit_code)


@pytest.mark.parametrize("words", [["--version"]])
def test_the_version_is_told_alike(focus: Focus, words: list[str]) -> None:
    quick, whole = _both(focus, words)
    assert quick == whole


def _a_setting(monkeypatch: pytest.MonkeyPatch, fake: FakeEngine, paths: Paths) -> None:
    monkeypatch.setenv("FOCUS_MINUTES", "nonsense")


def _a_file(monkeypatch: pytest.MonkeyPatch, fake: FakeEngine, paths: Paths) -> None:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text('remote = "https://a.b"')


def _another_protocol(monkeypatch: pytest.MonkeyPatch, fake: FakeEngine, paths: Paths) -> None:
    fake.announce(paths, protocol=7)


def _a_refusal(monkeypatch: pytest.MonkeyPatch, fake: FakeEngine, paths: Paths) -> None:
    fake.answers = [envelope(503, "SERVICE_UNAVAILABLE", "store locked")]


@pytest.mark.parametrize("oddity", [_a_setting, _a_file, _another_protocol, _a_refusal])
def test_what_is_not_plain_is_left_to_the_whole_program(
    oddity: Callable[..., None], monkeypatch: pytest.MonkeyPatch, fake: FakeEngine, paths: Paths
) -> None:
    oddity(monkeypatch, fake, paths)
    assert glance(["status"]) is None


@pytest.mark.parametrize("words", [["status", "mfocus_1"], ["status", "-h"], ["list"], ["status", "status"]])
def test_other_command_lines_are_left_to_the_whole_program(words: list[str], fake: FakeEngine) -> None:
    assert glance(words) is None
    assert fake.asked == []


def test_it_looks_where_the_paths_are(paths: Paths) -> None:
    config, state, _, runtime = folders(os.environ)
    assert Path(config, "config.toml") == paths.config_file
    assert Path(state, "engine.key") == paths.engine_key
    assert Path(runtime, "engine.json") == paths.engine_address
