"""Whether there is a newer release is asked of pip, when somebody asks, and of nobody otherwise."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from focuscli.commands import release
from focuscli.errors import ExitCode
from focuscli.version import __version__
from tests.commands.conftest import Focus

WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all that pip knows of."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    return folder


def publish(index: Path, version: str) -> None:
    name = f"focus_sessions-{version}"
    files = {"METADATA": f"Metadata-Version: 2.1\nName: focus-sessions\nVersion: {version}\n", "WHEEL": WHEEL}
    with zipfile.ZipFile(index / f"{name}-py3-none-any.whl", "w") as archive:
        for file, text in files.items():
            archive.writestr(f"{name}.dist-info/{file}", text)
        archive.writestr(f"{name}.dist-info/RECORD", "")


def test_a_newer_release_is_told_and_nothing_is_installed(focus: Focus, index: Path) -> None:
    publish(index, "0.0.1")
    publish(index, "99.1")
    done = focus("version", "--check")
    assert done.code == ExitCode.OK
    assert done.out.endswith("release 99.1 is out: pip install --upgrade focus-sessions\n")
    assert done.out.startswith(f"focus {__version__} ")
    assert focus("version", "--check", "--json").json["latest"] == "99.1"


def test_where_none_is_known_pip_says_why(focus: Focus, index: Path) -> None:
    done = focus("version", "--check")
    assert (done.code, "no release is known: No matching distribution" in done.out) == (ExitCode.OK, True)


def test_an_older_release_is_no_news(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "newest", lambda _environment: ("0.0.1", ""))
    assert "no release is newer; the newest is 0.0.1" in focus("version", "--check").out


def test_nobody_is_asked_unasked(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "newest", lambda _environment: pytest.fail("asked"))
    assert focus("version", "--json").json["latest"] is None


def test_pip_is_given_no_key_and_no_time_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, str] = {}

    def run(command: list[str], **how: dict[str, str]) -> None:
        given.update(how["env"])
        raise subprocess.TimeoutExpired(command, release.PATIENCE_S)

    monkeypatch.setattr("focuscli.commands.release.subprocess.run", run)
    with pytest.raises(release.TimedOut):
        release.newest({"FREDDY_API_KEY": "fk_live_secret", "PATH": "/bin"})
    assert given == {"PATH": "/bin"}


def test_an_environment_without_pip_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert release.newest({}) == (None, "there is no pip in this environment to ask")
