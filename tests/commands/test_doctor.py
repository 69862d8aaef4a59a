"""The doctor finds what is wrong, says how to mend it, and touches nothing."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from focuscli.commands.machine_checks import awake, desktop, shell
from focuscli.errors import ExitCode, NoSoundLibrary
from focuscli.paths import Paths
from focuscli.playback.sink import Device
from focuscli.settings import Settings
from tests.commands.conftest import Done, Focus
from tests.fakes.engine import FakeEngine
from tests.fakes.sink import MemorySink

SPEAKERS = Device(0, "Speakers", "ALSA", 2, 48_000.0, True)


@pytest.fixture(autouse=True)
def _sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.playback.sink.list_devices", lambda: [SPEAKERS])


def found(done: Done, name: str) -> dict[str, Any]:
    (check,) = [check for check in done.json["checks"] if check["id"] == name]
    return check


def test_where_all_is_well_it_says_so_and_changes_nothing(focus: Focus, paths: Paths) -> None:
    done = focus("doctor", "--json")
    assert done.code == ExitCode.OK
    assert [check["id"] for check in done.json["checks"]] == [
        "program",
        "settings",
        "folders",
        "disk",
        "engine",
        "remote",
        "clock",
        "engines",
        "sound",
        "desktop",
        "awake",
        "shell",
        "hooks",
        "terminal",
    ]
    assert all(set(check) == {"id", "status", "detail", "fix"} for check in done.json["checks"])
    assert not paths.state.exists()
    assert done.json["mended"] == []


def test_people_read_a_check_a_line(focus: Focus) -> None:
    (line,) = [line for line in focus("doctor").out.splitlines() if line.startswith("ok    sound")]
    assert "1 outputs; Speakers (ALSA)" in line


def test_the_device_is_tried_with_silence(focus: Focus, sinks: list[MemorySink]) -> None:
    assert "and played silence, holding 0.10 s of sound" in found(focus("doctor", "--json"), "sound")["detail"]
    (sink,) = sinks
    assert sink.calls == ["open", "write", "drain", "close"]
    assert (sink.frames, float(np.abs(sink.sound).max())) == (9600, 0.0)


def test_a_device_that_takes_no_sound_is_broken(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = MemorySink(lost_after=1000)
    monkeypatch.setattr("focuscli.playback.sink.open_device", lambda *_named: lost)
    check = found(focus("doctor", "--json"), "sound")
    assert (check["status"], "the device went away" in check["detail"], bool(check["fix"])) == ("fail", True, True)
    assert lost.calls[-1] == "close"


def test_the_clock_is_compared_with_the_remote_engines(focus: Focus, remote: FakeEngine) -> None:
    assert re.fullmatch(
        r"[012] s (ahead of|behind) the remote engine's", found(focus("doctor", "--json"), "clock")["detail"]
    )


@pytest.mark.parametrize(
    ("ahead_s", "said"), [(600.0, "600 s behind"), (-600.0, "600 s ahead of"), (None, "not compared")]
)
def test_a_clock_that_is_wrong_is_told(
    focus: Focus, remote: FakeEngine, monkeypatch: pytest.MonkeyPatch, ahead_s: float | None, said: str
) -> None:
    monkeypatch.setattr("focuscli.client.api.EngineClient.clock_ahead_s", lambda *_: ahead_s)
    check = found(focus("doctor", "--json"), "clock")
    assert check["detail"].startswith(said)
    assert (check["status"], bool(check["fix"])) == (("ok", False) if ahead_s is None else ("warn", True))


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_what_others_can_get_at_is_closed_when_that_is_asked_for(focus: Focus, fake: FakeEngine, paths: Paths) -> None:
    kept = paths.keys / "music.example.org.json"
    kept.parent.mkdir(parents=True, mode=0o755)
    kept.write_text("{}")
    for file in (paths.engine_key, kept):
        file.chmod(0o644)
    assert focus("doctor", "--json").code == ExitCode.FAILURE
    assert paths.engine_key.stat().st_mode & 0o077
    done = focus("doctor", "--fix", "--json")
    assert (done.code, found(done, "folders")["status"]) == (ExitCode.OK, "ok")
    assert [sentence.partition(" to others")[0] for sentence in done.json["mended"]] == [
        f"closed {path}" for path in (paths.keys, paths.engine_key, kept)
    ]
    assert {file.stat().st_mode & 0o077 for file in (paths.keys, paths.engine_key, kept)} == {0}
    assert focus("doctor", "--fix", "--json").json["mended"] == []


def test_no_link_is_followed_to_mend_it(focus: Focus, paths: Paths, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("")
    elsewhere.chmod(0o644)
    paths.state.mkdir(parents=True, mode=0o700)
    paths.engine_key.symlink_to(elsewhere)
    assert focus("doctor", "--fix", "--json").json["mended"] == []
    assert elsewhere.stat().st_mode & 0o777 == 0o644


def _open_key(monkeypatch: pytest.MonkeyPatch, paths: Paths, fake: FakeEngine) -> str:
    paths.engine_key.chmod(0o644)
    return "folders"


def _bad_setting(monkeypatch: pytest.MonkeyPatch, paths: Paths, fake: FakeEngine) -> str:
    monkeypatch.setenv("FOCUS_MINUTES", "soon")
    return "settings"


def _skewed_engine(monkeypatch: pytest.MonkeyPatch, paths: Paths, fake: FakeEngine) -> str:
    fake.announce(paths, protocol=9)
    return "engine"


def _no_library(monkeypatch: pytest.MonkeyPatch, paths: Paths, fake: FakeEngine) -> str:
    def missing() -> list[Device]:
        raise NoSoundLibrary("the sound library is missing (PortAudio)", hint="sudo apt install libportaudio2")

    monkeypatch.setattr("focuscli.playback.sink.list_devices", missing)
    return "sound"


def _remote_without_key(monkeypatch: pytest.MonkeyPatch, paths: Paths, fake: FakeEngine) -> str:
    monkeypatch.setenv("FOCUS_REMOTE", "https://api.example.com")
    monkeypatch.setenv("FOCUS_ORGANIZATION", "org_abc123")
    return "remote"


@pytest.mark.parametrize("harm", [_open_key, _bad_setting, _skewed_engine, _no_library, _remote_without_key])
def test_what_is_broken_is_found_with_a_way_to_mend_it(
    harm: Callable[..., str], focus: Focus, fake: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = harm(monkeypatch, paths, fake)
    done = focus("doctor", "--json")
    assert done.code == ExitCode.FAILURE
    assert found(done, broken)["status"] == "fail"
    assert found(done, broken)["fix"]


def test_no_device_is_a_warning_with_two_ways_on(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.playback.sink.list_devices", list)
    check = found(focus("doctor", "--json"), "sound")
    assert check["status"] == "warn"
    assert "--no-audio" in check["fix"]
    assert "export" in check["fix"]


def test_an_unhealthy_engine_is_a_warning(focus: Focus, fake: FakeEngine) -> None:
    fake.health = "degraded"
    assert found(focus("doctor", "--json"), "engine")["status"] == "warn"


def test_another_focus_on_path_is_named(focus: Focus, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "bin" / "focus"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{other.parent}{os.pathsep}{os.environ['PATH']}")
    check = found(focus("doctor", "--json"), "program")
    assert check["status"] == "warn"
    assert str(other) in check["detail"]


def test_a_hook_whose_program_is_not_there_is_named_and_none_is_run(focus: Focus, paths: Paths, tmp_path: Any) -> None:
    made = tmp_path / "made"
    paths.config.mkdir(parents=True)
    paths.config_file.write_text(f"[hooks]\non_start = ['touch', '{made}']\non_end = ['/nowhere/x']\n")
    check = found(focus("doctor", "--json"), "hooks")
    assert (check["status"], check["detail"]) == ("warn", "not found: on_end: /nowhere/x")
    assert check["fix"]
    assert not made.exists()


def test_what_an_installation_brought_is_listed(tmp_path: Any) -> None:
    assert "neither" in shell(tmp_path).detail
    page = tmp_path / "share/man/man1/focus.1"
    page.parent.mkdir(parents=True)
    page.touch()
    assert shell(tmp_path).detail.endswith("share: man")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a session bus is Linux's")
def test_media_keys_are_available_or_it_is_said_what_is_missing(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Settings.load(file=None, environment={})
    with_bus = {"XDG_RUNTIME_DIR": str(tmp_path)}
    (tmp_path / "bus").touch()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    assert desktop(usual, {}).detail.startswith("MPRIS: not available; session bus: none")
    assert desktop(usual, with_bus).detail.startswith("MPRIS: available; session bus: there")
    off = Settings.load(file=None, environment={"FOCUS_MPRIS": "off"})
    assert desktop(off, with_bus).detail.startswith("MPRIS: set off (variable FOCUS_MPRIS)")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    missing = desktop(usual, with_bus)
    assert "dbus-fast: not installed" in missing.detail
    assert "dbus-fast" in missing.fix


def test_nothing_here_may_be_able_to_keep_the_machine_awake(tmp_path: Any) -> None:
    assert "nothing here" in awake({"PATH": str(tmp_path)}).detail


def test_devices_are_listed_for_people_and_scripts(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.commands.devices.list_devices", lambda: [SPEAKERS])
    assert focus("devices", "--json").json["devices"][0]["name"] == "Speakers"
    assert focus("devices").out == "*   0  Speakers  (ALSA, 2 channels, 48000 Hz)\n"
    monkeypatch.setattr("focuscli.commands.devices.list_devices", list)
    done = focus("devices")
    assert done.code == ExitCode.NO_SOUND
    assert "--no-audio" in done.err


def test_a_plug_in_that_cannot_be_loaded_is_named(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(focus("doctor", "--json"), "engines")["status"] == "ok"
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "plugin"))
    check = found(focus("doctor", "--json"), "engines")
    assert check["status"] == "warn"
    assert check["detail"].startswith("procedural, noise, tone; ")
    assert "torn" in check["detail"]
    assert "focus_torn" in check["detail"]
