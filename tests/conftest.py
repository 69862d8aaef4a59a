"""No test touches the user's home, engine, desktop or sound card, or a network beyond loopback."""

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("FOCUS_", "FREDDY_", "AGENTHUMAN_", "EMOGG_")) and name != "FOCUS_TEST_PYTHON":
            monkeypatch.delenv(name)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):  # each leads to the desktop's bus
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("FOCUS_HOME", str(tmp_path / "focus"))
