"""The first run on a machine where something is missing: what it is, and what to do, in three lines."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from focuscli.commands.storage import unwritable
from focuscli.errors import ExitCode, StorageError
from focuscli.paths import Paths
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine

ROOT = Path(__file__).parent.parent.parent
MOUNTED = """
mount -t tmpfs -o size=1m tmpfs {folder} || exit 77
mkdir {folder}/state
{harm}
exec {python} -m focuscli {words}
"""
FILL = "dd if=/dev/zero of={folder}/fill bs=1k 2>/dev/null"
READ_ONLY = "mount -o remount,ro {folder}"


def on_a_disk_of_its_own(folder: Path, harm: str, words: str) -> "subprocess.CompletedProcess[str]":
    """A command whose FOCUS_HOME is a file system of a mebibyte, to which something was done before."""
    if shutil.which("unshare") is None:
        pytest.skip("a file system of its own needs unshare (Debian: util-linux)")
    folder.mkdir()
    script = MOUNTED.format(folder=folder, harm=harm.format(folder=folder), python=sys.executable, words=words)
    environment = os.environ | {"FOCUS_HOME": str(folder), "PYTHONPATH": str(ROOT)}
    command = ["unshare", "-rm", "sh", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode == 77 or "unshare failed" in done.stderr:
        pytest.skip("no user may mount here")
    return done


def test_a_read_only_home_is_told_with_a_way_on(tmp_path: Path) -> None:
    done = on_a_disk_of_its_own(tmp_path / "disk", READ_ONLY, "start -q")
    assert done.returncode == ExitCode.FAILURE
    assert "cannot be written: Read-only file system" in done.stderr
    assert "FOCUS_HOME=" in done.stderr
    assert len(done.stderr.splitlines()) == 3


def test_commands_that_only_look_need_no_writable_home(tmp_path: Path) -> None:
    done = on_a_disk_of_its_own(tmp_path / "disk", READ_ONLY, "list --json")
    assert (done.returncode, done.stdout) == (ExitCode.OK, '{"schema":1,"sessions":[]}\n')


def test_a_full_disk_is_told_instead_of_a_log_that_could_not_be_written(tmp_path: Path) -> None:
    done = on_a_disk_of_its_own(tmp_path / "disk", FILL, "start -q")
    assert done.returncode == ExitCode.ENGINE_UNREACHABLE
    assert "no space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_any_settings_a_session_begins_and_no_file_of_settings_appears(
    focus: Focus, fake: FakeEngine, paths: Paths
) -> None:
    assert focus("start").code == ExitCode.OK
    assert not paths.config.exists()


def test_without_a_network_a_remote_says_whom_it_asked(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.client.retry._chance", lambda: 0.0)
    monkeypatch.setenv("FREDDY_API_KEY", "fk_live_secret")
    error = focus("list", "--remote", "http://127.0.0.1:9", "--organization", "org_1", "--json").error
    assert (error["exit_code"], error["code"]) == (ExitCode.ENGINE_UNREACHABLE, "engine_unreachable")
    assert "127.0.0.1:9" in error["message"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_no_space_is_no_mistake_of_the_programs(number: int) -> None:
    error = unwritable(OSError(number, os.strerror(number), "/x/y"), {"FOCUS_HOME": "/nowhere"})
    assert isinstance(error, StorageError)
    assert "no space left for /x/y" in error.message


def test_another_files_trouble_stays_what_it_is() -> None:
    forbidden = PermissionError(errno.EACCES, "Permission denied", "/etc/shadow")
    assert unwritable(forbidden, {"FOCUS_HOME": "/nowhere"}) is None
    assert unwritable(OSError("who knows"), {"FOCUS_HOME": "/nowhere"}) is None
    ours = PermissionError(errno.EACCES, "Permission denied", "/nowhere/state/engine.log")
    assert unwritable(ours, {"FOCUS_HOME": "/nowhere"}) is not None


def test_a_file_where_the_folder_should_be_is_told(focus: Focus, paths: Paths) -> None:
    paths.state.parent.mkdir()
    paths.state.write_text("")
    error = focus("start", "--json").error
    assert (error["code"], str(paths.state) in error["message"]) == ("storage", True)
