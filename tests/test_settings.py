"""Settings know where they came from, complain about everything at once, and never guess."""

from pathlib import Path

import pytest

from focuscli.errors import BadSetting
from focuscli.settings import TABLE, Settings


def _load(
    tmp_path: Path, toml: str = "", environment: dict[str, str] | None = None, options: dict[str, object] | None = None
) -> Settings:
    file = tmp_path / "config.toml"
    file.write_text(toml)
    return Settings.load(file=file, environment=environment or {}, options=options)


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
