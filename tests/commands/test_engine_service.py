"""The unit that systemd is given: whole, hardened, and sound in systemd's own judgement."""

import os
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from focuscli.engine.notify import READY, notify
from focuscli.engine.service import unit, unit_file
from focuscli.paths import Paths
from tests.commands.conftest import Focus

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="systemd runs on Linux")

HARDENED = {
    "Type=notify", "NotifyAccess=main", "UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict",
    "ProtectHome=read-only", "PrivateTmp=yes", "RestrictNamespaces=yes", "RestrictSUIDSGID=yes",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6", "SystemCallFilter=@system-service", "LockPersonality=yes",
    "ProtectControlGroups=yes", "ProtectKernelTunables=yes", "Restart=on-failure", "LimitCORE=0",
}  # fmt: skip


def test_the_unit_has_its_sections_and_its_hardening(focus: Focus, paths: Paths) -> None:
    done = focus("engine", "service", "--json").json
    lines = done["unit"].splitlines()
    assert [line for line in lines if line.startswith("[")] == ["[Unit]", "[Service]", "[Install]"]
    assert set(lines) >= HARDENED
    (command,) = [line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart=")]
    assert shlex.split(command) == [sys.executable, "-m", "focuscli", "engine", "serve"]
    assert f'ReadWritePaths="{paths.state}" "-{paths.runtime}"' in lines
    assert f'Environment="FOCUS_HOME={os.environ["FOCUS_HOME"]}"' in lines
    assert done["installed"] is False
    assert not Path(done["file"]).exists()
    assert focus("engine", "service").out == done["unit"]


def test_words_of_the_command_are_taken_literally(paths: Paths) -> None:
    assert 'ExecStart="/opt/100%%/a b$$c/py\\"x" "-m"' in unit(['/opt/100%/a b$c/py"x', "-m"], paths)
    assert "Environment=" not in unit(["focus"], paths)


def test_it_goes_to_where_systemd_looks() -> None:
    home = Path("/home/anna")
    assert unit_file("", home) == home / ".config/systemd/user/focus-engine.service"
    assert unit_file("relative", home) == unit_file("", home)
    assert unit_file("/etc/conf", home) == Path("/etc/conf/systemd/user/focus-engine.service")


@linux
def test_it_can_be_installed(focus: Focus, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(paths.config.parent / "xdg"))
    done = focus("engine", "service", "--install")
    file = Path(done.out.strip())
    assert file == paths.config.parent / "xdg/systemd/user/focus-engine.service"
    assert file.read_text() == focus("engine", "service").out
    assert "systemctl --user enable --now focus-engine" in done.err
    assert paths.state.is_dir()
    assert paths.runtime.is_dir()
    assert [left.name for left in file.parent.iterdir()] == [file.name]


@linux
def test_systemd_finds_nothing_wrong_with_it(focus: Focus, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    file = tmp_path / "focus-engine.service"
    file.write_text(focus("engine", "service").out)
    environment = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}

    def judged() -> "subprocess.CompletedProcess[str]":
        words = [analyze, "--user", "--man=no", "verify", str(file)]
        return subprocess.run(words, capture_output=True, text=True, env=environment, check=False)

    sound = judged()
    assert (sound.returncode, sound.stderr) == (0, "")
    file.write_text(file.read_text().replace("Type=notify", "Type=nonsense"))
    assert "nonsense" in judged().stderr


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="datagrams of POSIX")
@pytest.mark.parametrize("abstract", [False, pytest.param(True, marks=linux)])
def test_systemd_is_told_when_the_engine_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    name = f"@focus-test-{os.getpid()}" if abstract else str(tmp_path / "n")
    address = "\0" + name[1:] if abstract else name
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        assert notify(READY, {"NOTIFY_SOCKET": name})
        assert manager.recv(100) == b"READY=1"
    for nowhere in ({}, {"NOTIFY_SOCKET": "/nowhere/at/all"}, {"NOTIFY_SOCKET": "vsock:2:1"}):
        assert not notify(READY, nowhere)


@linux
def test_the_systems_own_unit_is_sound_and_little_exposed(focus: Focus, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    file = tmp_path / "focus-engine.service"
    done = focus("engine", "service", "--system", "--json").json
    assert done["file"] == "/etc/systemd/system/focus-engine.service"
    file.write_text(done["unit"])

    def judged(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [analyze, *words, str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    sound = judged("--man=no", "verify")
    assert (sound.returncode, sound.stderr) == (0, "")
    assert judged("security", "--offline=yes", "--threshold=20").returncode == 0  # in tenths; 10.0 is worst
    file.write_text("\n".join(line for line in done["unit"].splitlines() if not line.startswith(("Protect", "System"))))
    assert judged("security", "--offline=yes", "--threshold=20").returncode != 0
