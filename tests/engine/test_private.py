"""No other user can put, read or swap what the engine trusts; what was tried before the start stops it."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from focuscli.engine.lock import EngineLock
from focuscli.engine.private import check_folder, check_places, close_files, read_private
from focuscli.errors import Conflict
from focuscli.paths import Paths, write_private

pytestmark = pytest.mark.skipif(os.name != "posix", reason="owners and modes of POSIX")


@pytest.fixture
def paths() -> Paths:
    return Paths.find()


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_folders_are_made_for_their_owner_alone_whatever_the_umask(paths: Paths) -> None:
    before = os.umask(0)
    try:
        check_places(paths)
    finally:
        os.umask(before)
    assert {mode(folder) for folder in (paths.state, paths.runtime, paths.engine_data)} == {0o700}


def test_what_others_may_only_read_is_closed(paths: Paths) -> None:
    check_places(paths)
    paths.state.chmod(0o755)
    database = paths.engine_data / "engine.db"
    for file in (paths.engine_log, database):
        file.write_bytes(b"ours")
        file.chmod(0o664)
    check_places(paths)
    assert {mode(paths.state), mode(paths.engine_log), mode(database)} == {0o700, 0o600}


@pytest.mark.parametrize("writable", [0o770, 0o702, 0o777])
def test_a_folder_that_others_could_write_to_stops_the_start(paths: Paths, writable: int) -> None:
    check_places(paths)
    paths.state.chmod(writable)
    with pytest.raises(Conflict, match="others may write to the folder"):
        check_places(paths)


def somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on we are a user who owns nothing of what there is."""
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 12345)


def test_a_folder_that_another_user_made_first_stops_the_start(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    check_places(paths)
    somebody_else(monkeypatch)
    with pytest.raises(Conflict, match="belongs to another user"):
        check_places(paths)


def test_a_link_that_another_user_made_stops_the_start(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a link away")
    theirs, folder = tmp_path / "theirs", tmp_path / "state"
    theirs.mkdir(mode=0o700)
    folder.symlink_to(theirs)
    check_folder(folder)  # a link of our own is a wish of our own
    os.chown(folder, 65534, 65534, follow_symlinks=False)
    with pytest.raises(Conflict, match="a link that another user made"):
        check_folder(folder)


def test_a_folder_further_up_that_everyone_may_write_to_stops_the_start(tmp_path: Path) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(Conflict, match="everyone may write to"):
        check_folder(open_to_all / "state")
    open_to_all.chmod(0o1777)  # as /tmp
    check_folder(open_to_all / "state")


def planted_link(file: Path) -> None:
    file.symlink_to("/etc/passwd")


def planted_pipe(file: Path) -> None:
    os.mkfifo(file, 0o600)


def planted_hard_link(file: Path) -> None:
    write_private(file.with_name("victim"), "theirs")
    file.hardlink_to(file.with_name("victim"))


def planted_folder(file: Path) -> None:
    file.mkdir()


@pytest.mark.parametrize("plant", [planted_link, planted_pipe, planted_hard_link, planted_folder])
@pytest.mark.parametrize("name", ["engine_log", "engine_lock", "engine_address"])
def test_what_is_planted_in_place_of_a_file_stops_the_start(
    paths: Paths, plant: Callable[[Path], None], name: str
) -> None:
    check_places(paths)
    plant(getattr(paths, name))
    with pytest.raises(Conflict, match="not a file of this user's alone"):
        check_places(paths)


@pytest.mark.parametrize(
    ("plant", "says"),
    [(planted_link, "cannot be opened"), (planted_pipe, "is not this user's"), (planted_folder, "is not this user's")],
)
def test_a_secret_is_not_read_through_what_is_planted(tmp_path: Path, plant: Callable[[Path], None], says: str) -> None:
    file = tmp_path / "engine.key"
    plant(file)
    with pytest.raises(Conflict, match=says):
        read_private(file)


def test_a_secret_of_another_user_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "engine.key"
    write_private(file, "k" * 43)
    somebody_else(monkeypatch)
    with pytest.raises(Conflict, match="is not this user's"):
        read_private(file)
    with pytest.raises(Conflict, match="not a file of this user's alone"):
        close_files([file])


def test_a_lock_is_not_taken_through_a_link(tmp_path: Path) -> None:
    victim, file = tmp_path / "victim", tmp_path / "engine.lock"
    file.symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"):
        EngineLock(file).acquire()
    assert not victim.exists()


def test_what_is_written_never_goes_through_a_planted_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, file = tmp_path / "victim", tmp_path / "state" / "engine.json"
    write_private(file, "one")
    monkeypatch.setattr("threading.get_ident", lambda: 5)
    file.with_name(f".engine.json.{os.getpid()}-5.tmp").symlink_to(victim)
    write_private(file, "two")
    assert file.read_text() == "two"
    assert not victim.exists()
