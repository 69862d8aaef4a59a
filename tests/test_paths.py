"""Files are found where they should be, and nobody else can read them."""

import stat
from pathlib import Path

from focuscli.paths import Paths, private_folder, write_private


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    paths = Paths.find({"FOCUS_HOME": str(tmp_path / "all")})
    for place in (paths.config, paths.state, paths.cache, paths.runtime, paths.engine_key, paths.player_state):
        assert place.is_relative_to(tmp_path / "all")


def test_without_it_the_platform_says_where_under_a_name_of_our_own() -> None:
    paths = Paths.find({})
    for place in (paths.config, paths.state, paths.cache):
        assert "focus-sessions" in place.parts


def test_the_running_engine_is_announced_in_the_login_session_where_there_is_one(tmp_path: Path) -> None:
    assert Paths.find({"XDG_RUNTIME_DIR": str(tmp_path)}).runtime == tmp_path / "focus-sessions"
    without = Paths.find({"XDG_RUNTIME_DIR": str(tmp_path / "gone")})
    assert without.runtime == without.state / "run"


def test_a_private_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "key"
    write_private(file, "one")
    write_private(file, "two")
    assert file.read_text() == "two"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == ["key"]  # no temporary file is left


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    assert stat.S_IMODE(private_folder(folder).stat().st_mode) == 0o700
