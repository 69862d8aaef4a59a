"""Settings know where they came from, complain about everything at once, and never guess."""

from pathlib import Path

import pytest

from focuscli.errors import BadSetting
from focuscli.folders import PROJECT_FILE, project_file
from focuscli.setting_table import TABLE
from focuscli.settings import Settings


def _load(
    tmp_path: Path,
    toml: str = "",
    environment: dict[str, str] | None = None,
    options: dict[str, object] | None = None,
    project: str | None = None,
) -> Settings:
    file = tmp_path / "config.toml"
    file.write_text(toml)
    of_project = None if project is None else tmp_path / ".focus.toml"
    if of_project is not None:
        of_project.write_text(project or "")
    return Settings.load(file=file, environment=environment or {}, options=options, project=of_project)


def test_every_default_can_be_used(tmp_path: Path) -> None:
    settings = _load(tmp_path)
    assert {settings.origin(setting.name) for setting in TABLE} == {"default"}


def test_an_option_beats_a_variable_beats_a_file_beats_the_default(tmp_path: Path) -> None:
    toml, environment = "minutes = 30\n", {"FOCUS_MINUTES": "40"}
    assert _load(tmp_path)["minutes"] == 60
    assert _load(tmp_path, toml)["minutes"] == 30
    assert _load(tmp_path, toml, environment)["minutes"] == 40
    settings = _load(tmp_path, toml, environment, {"minutes": 50, "device": None})
    assert (settings["minutes"], settings.origin("minutes")) == (50, "option")
    assert _load(tmp_path, toml, environment).origin("minutes") == "variable FOCUS_MINUTES"
    assert "config.toml" in _load(tmp_path, toml).origin("minutes")


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    assert _load(tmp_path, environment={"FOCUS_MINUTES": ""}).origin("minutes") == "default"


def test_all_bad_values_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        _load(tmp_path, 'minutes = "soon"\n', {"FOCUS_LATENCY": "99", "FOCUS_GOAL": "dance", "FOCUS_SLOTS": "-1"})
    for word in ("minutes", "config.toml", "FOCUS_LATENCY", "FOCUS_GOAL", "FOCUS_SLOTS"):
        assert word in caught.value.message


def test_an_unknown_key_is_pointed_out_with_a_suggestion(tmp_path: Path) -> None:
    assert "did you mean minutes?" in _load(tmp_path, "minuts = 5\n").unknown[0]


def test_a_file_that_is_not_toml_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read"):
        _load(tmp_path, "= nonsense")


REMOTES = """
remote = "studio"
organization = "org_top"
[remotes.studio]
url = "https://studio.example"
organization = "org_studio"
api = "emogg"
[remotes.bare]
url = "https://bare.example"
"""


def _target(settings: Settings) -> tuple[str, str, str, str]:
    return settings["remote"], settings["organization"], settings["api"], settings.remote_name


def test_a_named_remote_is_worth_as_much_as_the_place_that_names_it(tmp_path: Path) -> None:
    variable = {"FOCUS_ORGANIZATION": "org_variable"}
    studio = ("https://studio.example", "org_studio", "emogg", "studio")
    assert _target(_load(tmp_path, REMOTES)) == studio
    assert _target(_load(tmp_path, REMOTES, variable)) == (studio[0], "org_variable", *studio[2:])
    assert _target(_load(tmp_path, REMOTES, variable, {"remote": "studio"})) == studio
    chosen = {"remote": "studio", "organization": "org_option"}
    assert _target(_load(tmp_path, REMOTES, variable, chosen))[1] == "org_option"
    assert _target(_load(tmp_path, REMOTES, {"FOCUS_REMOTE": "bare"})) == (
        "https://bare.example",
        "org_top",
        "freddy",
        "bare",
    )
    assert _target(_load(tmp_path, REMOTES, options={"remote": ""}))[0] == ""
    assert _load(tmp_path, REMOTES).origin("organization").endswith("config.toml, remote studio")


def test_a_remote_that_is_neither_url_nor_name_is_told_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="neither a URL nor a named remote, did you mean studio"):
        _load(tmp_path, REMOTES, options={"remote": "studoi"})


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("remotes = 3", "is no table"),
        ("remotes.a = 3", "is no table"),
        ("[remotes.a]", "has no url"),
        ('[remotes.a]\nurl = "studio"', "must be one such as"),
        ('[remotes.a]\nurl = "https://a"\napi = "freddie"', "must be one of freddy, agenthuman, emogg"),
        ('[remotes.a]\nurl = "https://a"\norganisation = "x"', "did you mean organization"),
        ('[remotes.a]\nurl = "https://a"\norganization = 5', "must be text"),
        ('[remotes."https://a"]\nurl = "https://a"', "a name is no URL"),
    ],
)
def test_a_mistake_in_a_remote_is_named_beside_all_others(tmp_path: Path, table: str, complaint: str) -> None:
    with pytest.raises(BadSetting, match=complaint) as caught:
        _load(tmp_path, table, {"FOCUS_MINUTES": "soon"})
    assert "FOCUS_MINUTES" in caught.value.message


def test_where_the_environment_beats_what_was_saved_it_is_said(tmp_path: Path) -> None:
    settings = _load(tmp_path, REMOTES, {"FOCUS_REMOTE": "bare", "FOCUS_MINUTES": "5"})
    assert len(settings.overridden) == 1
    assert "FOCUS_REMOTE = https://bare.example beats https://studio.example" in settings.overridden[0]
    assert "FOCUS_ORGANIZATION" in _load(tmp_path, REMOTES, {"FOCUS_ORGANIZATION": "x"}).overridden[0]
    for environment in ({}, {"FOCUS_REMOTE": "studio"}, {"FOCUS_REMOTE": ""}):
        assert _load(tmp_path, REMOTES, environment).overridden == ()
    assert _load(tmp_path, "", {"FOCUS_REMOTE": "https://x.example"}).overridden == ()


def test_a_bad_value_that_is_beaten_harms_nobody(tmp_path: Path) -> None:
    assert (
        _load(tmp_path, 'api = "none"\nremote = "nowhere"', {"FOCUS_API": "emogg", "FOCUS_REMOTE": ""}, {"remote": ""})[
            "api"
        ]
        == "emogg"
    )


HARMLESS = {"goal", "minutes", "intensity"}


def test_from_a_project_only_what_does_no_harm_is_taken(tmp_path: Path) -> None:
    project = "\n".join(f"{row.name} = {row.default!r}" for row in TABLE)
    project += '\n[hooks]\non_start = ["sh"]\n[remotes.studio]\nurl = "https://thief.example"\n'
    settings = _load(tmp_path, REMOTES, project=project)
    assert {row.name for row in TABLE if "focus.toml" in settings.origin(row.name)} == HARMLESS
    assert _target(settings)[0] == "https://studio.example"
    ignored = {sentence.split(": ")[1].split()[0] for sentence in settings.ignored}
    assert {row.name for row in TABLE} - HARMLESS <= ignored
    assert "remotes" in ignored


def test_a_project_beats_the_user_and_loses_to_a_variable(tmp_path: Path) -> None:
    assert _load(tmp_path, "minutes = 30", project="minutes = 40")["minutes"] == 40
    assert _load(tmp_path, "minutes = 30", {"FOCUS_MINUTES": "50"}, project="minutes = 40")["minutes"] == 50


def test_the_project_is_that_of_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "repository" / "src" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    (tmp_path / PROJECT_FILE).write_text("")
    assert project_file() == str(tmp_path / PROJECT_FILE)
    (tmp_path / "repository" / ".git").mkdir()
    assert project_file() == ""
    (tmp_path / "repository" / PROJECT_FILE).write_text("")
    assert project_file() == str(tmp_path / "repository" / PROJECT_FILE)
    monkeypatch.setenv("HOME", str(tmp_path / "repository" / "src"))
    assert project_file() == ""
    deep.rmdir()
    assert project_file() == ""


@pytest.mark.parametrize(
    "url", ["", "s3://bucket", "s3://bucket/a/prefix", "gs://bucket/x", "az://container/x", "file:///srv/audio"]
)
def test_audio_is_kept_in_a_bucket_or_a_folder(tmp_path: Path, url: str) -> None:
    assert _load(tmp_path, environment={"FOCUS_OBJECTS": url})["objects"] == url


@pytest.mark.parametrize(
    "url",
    ["bucket", "/srv/audio", "http://bucket/x", "s3:///x", "s3:bucket", "file://host/audio", "s3://bucket/x?region=eu"],
)
def test_what_names_no_place_for_audio_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadSetting, match="objects"):
        _load(tmp_path, environment={"FOCUS_OBJECTS": url})


def test_credentials_in_a_url_are_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="neither credentials nor options") as refusal:
        _load(tmp_path, environment={"FOCUS_OBJECTS": "s3://AKIAEXAMPLE:topsecret@bucket/x"})
    assert "topsecret" not in refusal.value.message


def test_a_project_cannot_say_where_audio_is_kept(tmp_path: Path) -> None:
    assert _load(tmp_path, project='objects = "s3://theirs/x"\n')["objects"] == ""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("minutes = 'many'", "must be a whole number from 1 to 1440"),
        ("minutes = 1.5", "must be a whole number"),
        ("latency = 'low'", "must be a number from 0.05 to 2, of seconds"),
        ("cap_day = 'much'", "must be an amount in CHF"),
    ],
)
def test_what_a_value_must_be_is_said_in_words_of_people(tmp_path: Path, written: str, said: str) -> None:
    with pytest.raises(BadSetting, match=said):
        _load(tmp_path, written)
