"""Settings make `status` slower once: what came of reading them is remembered for exactly these files and variables."""

from collections.abc import Callable
from pathlib import Path

import pytest

from focuscli.commands.glance import glance
from focuscli.commands.settled import KEPT
from focuscli.errors import ExitCode
from focuscli.paths import Paths
from tests.commands.conftest import Focus
from tests.commands.test_start_up import LIGHT, loaded
from tests.fakes.engine import FakeEngine


@pytest.fixture
def written(paths: Paths) -> Path:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text("minutes = 90\n")
    return paths.config_file


def is_quick() -> bool:
    return glance(["status", "-q"]) is not None


def test_a_settings_file_is_read_once(focus: Focus, fake: FakeEngine, written: Path) -> None:
    focus("start", "-q")
    assert not is_quick()
    assert focus("status").code == ExitCode.OK
    assert is_quick()
    assert focus("status", through=glance) == focus("status")


def test_variables_are_looked_into_once(focus: Focus, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_MINUTES", "30")
    focus("status")
    assert is_quick()
    monkeypatch.setenv("FOCUS_MINUTES", "nonsense")
    assert not is_quick()
    assert focus("status").code == ExitCode.USAGE
    assert not is_quick()
    monkeypatch.setenv("FOCUS_MINUTES", "30")
    assert is_quick()


def _edited(file: Path) -> None:
    file.write_text("minutes = 91\n")


def _replaced(file: Path) -> None:
    other = file.with_name("other")
    other.write_text("minutes = 90\n")
    other.replace(file)


def _beside_a_project(file: Path) -> None:
    Path(".focus.toml").write_text("goal = 'relax'\n")


@pytest.mark.parametrize("change", [_edited, _replaced, _beside_a_project])
def test_a_file_that_changed_is_read_again(
    focus: Focus, fake: FakeEngine, written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    focus("status")
    assert is_quick()
    change(written)
    assert not is_quick()
    focus("status")
    assert is_quick()


@pytest.mark.parametrize("config", ['remote = "http://127.0.0.1:9"', "minuts = 90", "minutes = 'soon'", "= nonsense"])
def test_what_matters_to_a_look_is_never_remembered(focus: Focus, fake: FakeEngine, paths: Paths, config: str) -> None:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text(config)
    focus("status")
    assert not is_quick()
    assert not (paths.cache / "settled").exists()


@pytest.mark.parametrize("option", [["--remote", ""], ["--no-config"]])
def test_what_an_option_left_out_is_not_remembered_for_those_without_it(
    focus: Focus, fake: FakeEngine, written: Path, option: list[str]
) -> None:
    written.write_text('remote = "http://127.0.0.1:9"')
    focus("status", *option)
    assert not is_quick()


def test_where_it_cannot_be_written_nothing_is_amiss(
    focus: Focus, fake: FakeEngine, written: Path, paths: Paths
) -> None:
    paths.cache.write_text("no folder")
    assert focus("status").code == ExitCode.NOTHING_RUNNING
    assert not is_quick()


def test_only_so_much_is_remembered(
    focus: Focus, fake: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minutes in range(1, KEPT + 5):
        monkeypatch.setenv("FOCUS_MINUTES", str(minutes))
        focus("status")
    assert len((paths.cache / "settled").read_text().split()) == KEPT
    monkeypatch.setenv("FOCUS_MINUTES", "1")
    assert not is_quick()


def test_nothing_is_kept_where_nothing_is_set(focus: Focus, fake: FakeEngine, paths: Paths) -> None:
    focus("status", "--color", "never")
    assert is_quick()
    assert not (paths.cache / "settled").exists()


def test_a_look_at_settings_that_are_known_loads_no_more_than_one_without_any(
    focus: Focus, fake: FakeEngine, written: Path
) -> None:
    focus("start", "-q")
    focus("status")
    code, modules = loaded("status")
    assert (code, modules & LIGHT) == (ExitCode.OK, set())
    assert "tomllib" not in modules
