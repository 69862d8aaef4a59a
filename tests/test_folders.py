"""The folders that are spelled by hand are the ones that the platform's own library would name."""

import os
import sys

import platformdirs
import pytest

from focuscli.folders import APPLICATION, folders


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere platformdirs itself is asked")
@pytest.mark.parametrize("named", [True, False])
def test_they_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch, named: bool) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, f"/places/{variable}") if named else monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv("FOCUS_HOME")
    config, state, cache, _ = folders(os.environ)
    assert config == platformdirs.user_config_dir(APPLICATION, appauthor=False)
    assert state == platformdirs.user_state_dir(APPLICATION, appauthor=False)
    assert cache == platformdirs.user_cache_dir(APPLICATION, appauthor=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere platformdirs itself is asked")
def test_a_relative_folder_counts_as_unset() -> None:
    assert folders({"HOME": "/home/ada", "XDG_STATE_HOME": "here"})[1] == f"/home/ada/.local/state/{APPLICATION}"
