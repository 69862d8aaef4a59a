"""Settings are shown with what set them, and changed without harm to what stands around them."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from focuscli.errors import ExitCode
from focuscli.folders import PROJECT_FILE
from focuscli.paths import Paths
from focuscli.setting_table import TABLE
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine


@pytest.fixture
def written(paths: Paths) -> Path:
    """A user's settings file with things in it that a person wrote."""
    paths.config.mkdir(parents=True)
    paths.config_file.write_text(
        "# mine\nminutes = 30  # half an hour\n\n"
        '[remotes.studio]  # the one upstairs\nurl = "https://studio.example"\norganization = "org_studio"\n'
    )
    return paths.config_file


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's file in the working folder, which sets what it may and what it may not."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    file = folder / PROJECT_FILE
    file.write_text('goal = "relax"\nremote = "https://thief.example"\n')
    return file


def row(listing: Any, name: str) -> dict[str, Any]:
    (found,) = [setting for setting in listing["settings"] if setting["name"] == name]
    return dict(found)


def test_every_setting_is_listed_with_its_origin(
    focus: Focus, written: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOCUS_LATENCY", "0.2")
    listing = focus("config", "list", "--json", "--organization", "org_1").json
    assert [setting["name"] for setting in listing["settings"]] == [setting.name for setting in TABLE]
    origins = {name: row(listing, name)["origin"] for name in ("minutes", "goal", "latency", "organization", "slots")}
    assert origins == {
        "minutes": f"file {written}",
        "goal": f"file {project}",
        "latency": "variable FOCUS_LATENCY",
        "organization": "option",
        "slots": "default",
    }
    lines = focus("config", "list").out.splitlines()
    assert f"minutes = 30{'':28}  (file {written})" in lines
    assert f"latency = 0.2{'':27}  (variable FOCUS_LATENCY)" in lines
    assert "remotes.studio = https://studio.example" in "".join(lines)


def test_what_a_project_may_not_set_is_said_and_not_done(focus: Focus, project: Path) -> None:
    listing = focus("config", "list", "--json").json
    assert row(listing, "remote") | {"value": "", "origin": "default"} == row(listing, "remote")
    assert [setting["name"] for setting in listing["settings"] if setting["from_project_files"]] == [
        "goal",
        "minutes",
        "intensity",
    ]
    assert f"{project}: remote is not taken from a project's file" in listing["cautions"][0]
    assert "not taken from a project's file" in focus("config", "list").err


def test_a_project_never_sends_the_key_elsewhere(
    focus: Focus, fake: FakeEngine, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FREDDY_API_KEY", "fk_live_secret")
    with FakeEngine(key="fk_live_secret", organization="org_1").listening() as thief:
        project.write_text(f'remote = "{thief.url}"\norganization = "org_1"\napi = "freddy"\n')
        assert focus("start").code == ExitCode.OK
        assert thief.asked == []
    assert not any("fk_live_secret" in str(asked.headers) for asked in fake.asked)


def test_unknown_keys_are_told_once_and_stop_nothing(focus: Focus, fake: FakeEngine, written: Path) -> None:
    written.write_text("minuts = 5\n")
    done = focus("list")
    assert done.code == ExitCode.OK
    assert done.err == f"focus: note: {written}: there is no setting 'minuts', did you mean minutes?\n"
    assert focus("list", "--json").err == ""
    assert "did you mean minutes?" in focus("config", "list", "--json").json["cautions"][0]


def test_all_that_is_wrong_is_told_at_once(focus: Focus, written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written.write_text('goal = "dance"\nremote = "studoi"\n[remotes.studio]\nurl = "studio"\n')
    monkeypatch.setenv("FOCUS_SLOTS", "-1")
    error = focus("config", "list", "--json").error
    assert error["code"] == "bad_setting"
    for word in ("goal = 'dance'", "studoi", "[remotes.studio] url", "FOCUS_SLOTS"):
        assert word in error["message"]


def test_no_config_reads_no_file(focus: Focus, written: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {setting["origin"] for setting in focus("config", "list", "--json", "--no-config").json["settings"]} == {
        "default"
    }
    monkeypatch.setenv("FOCUS_NO_CONFIG", "1")
    assert focus("config", "get", "minutes").out == "60\n"


def test_a_value_can_be_got(focus: Focus, written: Path) -> None:
    assert focus("config", "get", "minutes").out == "30\n"
    assert focus("config", "get", "remotes.studio.url", "--json").json == {
        "schema": 1,
        "name": "remotes.studio.url",
        "value": "https://studio.example",
        "origin": "remote studio",
    }
    assert "did you mean minutes?" in focus("config", "get", "minuts").err
    assert "did you mean studio?" in focus("config", "get", "remotes.studo.url").err
    assert "url, organization, api" in focus("config", "get", "remotes.studio.key").err


def test_setting_a_value_keeps_what_a_person_wrote(focus: Focus, written: Path) -> None:
    before = written.read_text()
    written.chmod(0o640)
    assert focus("config", "set", "minutes", "45").out == f"written: {written}\n"
    assert focus("config", "set", "latency", "0.2").code == ExitCode.OK
    assert focus("config", "set", "remotes.studio.api", "emogg").code == ExitCode.OK
    assert focus("config", "set", "remotes.office.url", "https://office.example").code == ExitCode.OK
    assert focus("config", "set", "remote", "office").code == ExitCode.OK
    after = written.read_text()
    for line in before.splitlines():
        assert line.replace("30", "45") in after.splitlines()
    assert tomllib.loads(after)["latency"] == 0.2
    assert focus("config", "get", "remote").out == "https://office.example\n"
    assert written.stat().st_mode & 0o777 == 0o640
    for name in ("remote", "remotes.studio", "minutes", "minutes", "latency"):
        assert focus("config", "unset", name).code == ExitCode.OK
    assert tomllib.loads(written.read_text()) == {"remotes": {"office": {"url": "https://office.example"}}}
    assert written.read_text().startswith("# mine\n")


def test_a_file_that_is_a_link_stays_one(focus: Focus, paths: Paths, tmp_path: Path) -> None:
    paths.config.mkdir(parents=True)
    real = tmp_path / "dotfiles" / "focus.toml"
    real.parent.mkdir(mode=0o755)
    real.write_text("# kept\n")
    paths.config_file.symlink_to(real)
    focus("config", "set", "minutes", "45")
    assert paths.config_file.is_symlink()
    assert real.read_text() == "# kept\nminutes = 45\n"
    assert real.parent.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["minutes", "soon"], "minutes = 'soon'"),
        (["minuts", "5"], "did you mean minutes?"),
        (["remote", "nowhere"], "neither a URL nor a named remote"),
        (["remotes.new.organization", "org_1"], "[remotes.new] has no url"),
        (["remotes.studio.api", "freddie"], "must be one of"),
        (["remotes..url", "https://a.example"], "there is no setting"),
    ],
)
def test_what_makes_no_sense_is_not_written(focus: Focus, written: Path, words: list[str], complaint: str) -> None:
    before = written.read_text()
    done = focus("config", "set", *words)
    assert done.code == ExitCode.USAGE
    assert complaint in done.err
    assert written.read_text() == before


def test_what_is_wrong_can_be_mended_one_by_one(focus: Focus, written: Path) -> None:
    written.write_text('goal = "dance"\nintensity = "loud"\n')
    assert focus("config", "set", "goal", "sleep").code == ExitCode.OK
    assert focus("config", "unset", "intensity").code == ExitCode.OK
    assert focus("config", "get", "goal").out == "sleep\n"


def test_a_variable_that_beats_what_is_written_is_named(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_MINUTES", "5")
    assert "FOCUS_MINUTES is set, and beats it" in focus("config", "set", "minutes", "45").err


def test_the_environment_that_beats_the_saved_engine_is_told_wherever_it_matters(
    focus: Focus, remote: FakeEngine, written: Path
) -> None:
    written.write_text(f'remote = "studio"\n{written.read_text()}')
    focus("start", "--json")
    done = focus("status")
    assert f"FOCUS_REMOTE = {remote.url} beats https://studio.example (file {written}, remote studio)" in done.err
    assert f", {remote.organization})" in done.out


def test_a_named_remote_is_talked_to_and_named(
    focus: Focus, remote: FakeEngine, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.write_text(f'[remotes.studio]\nurl = "{remote.url}"\norganization = "{remote.organization}"\n')
    monkeypatch.delenv("FOCUS_ORGANIZATION")
    monkeypatch.setenv("FOCUS_REMOTE", "studio")
    focus("start")
    assert f"(studio: 127.0.0.1:{remote.url.split(':')[2].split('/')[0]}, org_abc123)" in focus("status").out
    monkeypatch.delenv("FOCUS_REMOTE")
    assert focus("list", "--remote", "studio", "--json").json["sessions"]


def _editor(tmp_path: Path, body: str) -> str:
    script = tmp_path / "an editor"
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)
    return f"'{script}'"


def test_the_file_is_edited_and_then_checked(
    focus: Focus, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("FREDDY_API_KEY", "fk_live_secret")
    seen = tmp_path / "seen"
    monkeypatch.setenv("EDITOR", _editor(tmp_path, f'cp "$1" "{seen}"; env >>"{seen}"; echo "minutes = 45" >>"$1"'))
    assert focus("config", "edit").code == ExitCode.OK
    assert focus("config", "get", "minutes").out == "45\n"
    assert all(f"# {row.name} = " in seen.read_text() for row in TABLE)
    assert "fk_live_secret" not in seen.read_text()
    monkeypatch.setenv("EDITOR", _editor(tmp_path, 'printf "goal = 1\\nslots = -1\\n" >"$1"'))
    error = focus("config", "edit", "--json").error
    assert "goal" in error["message"]
    assert "slots" in error["message"]
    monkeypatch.setenv("VISUAL", _editor(tmp_path, "exit 3"))
    assert "exit code 3" in focus("config", "edit").err
    monkeypatch.setenv("VISUAL", "/nowhere/editor")
    assert "cannot be started" in focus("config", "edit").err


def test_the_untouched_template_changes_nothing(focus: Focus, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "true")
    focus("config", "edit")
    assert tomllib.loads(paths.config_file.read_text()) == {}
    uncommented = "\n".join(
        line.removeprefix("# ") for line in paths.config_file.read_text().splitlines() if " = " in line
    )
    assert set(tomllib.loads(uncommented)) == {row.name for row in TABLE}


def test_the_path_is_told_even_where_the_file_is_broken(focus: Focus, written: Path) -> None:
    written.write_text("= nonsense")
    assert focus("config", "path").out == f"{written}\n"
    assert focus("config", "path", "--json").json["file"] == str(Paths.find(os.environ).config_file)
    assert "cannot be read" in focus("config", "list").err
    assert focus("config", "set", "minutes", "5").code == ExitCode.USAGE
