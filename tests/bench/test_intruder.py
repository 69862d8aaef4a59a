"""The intruder gets nowhere, and where the engine's folders stand open, it is seen to get in."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from focuscli.bench.durability import SESSIONS, EngineProcess

intruder = pytest.importorskip("focuscli.bench.intruder", reason="users of POSIX", exc_type=ImportError)


@pytest.fixture(scope="module")
def attacked() -> Iterator[tuple[EngineProcess, str]]:
    """An engine to which the way is open, and a session of which something can be fetched."""
    with tempfile.TemporaryDirectory(prefix="focus-intruder-") as home:
        Path(home).chmod(0o755)
        engine = EngineProcess(Path(home), FOCUS_SLOTS="1", FOCUS_SEGMENT_SECONDS="5")
        engine.spawn()
        engine.wait()
        session_id = engine.call("POST", SESSIONS, {"goal": "sleep", "target_minutes": 1})["session_id"]
        engine.session_when(session_id, lambda session: session["ready_count"] > 0)
        yield engine, session_id
        assert engine.stop()[0] == 0


def test_no_other_name_and_no_web_page_is_answered(attacked: tuple[EngineProcess, str]) -> None:
    row = intruder.names(*attacked)
    assert row["ok"], row
    assert row["attempts"] >= 5 * 40


def test_another_user_gets_nowhere_in_twenty_attempts(attacked: tuple[EngineProcess, str]) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    row = intruder.another_user(*attacked)
    assert row["ok"], row
    assert row["attempts"] >= 20


def test_an_open_folder_would_be_found(attacked: tuple[EngineProcess, str]) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    engine = attacked[0]
    engine.paths.state.chmod(0o755)
    engine.paths.engine_key.chmod(0o644)
    try:
        got_through = intruder.another_user(*attacked)["got_through"]
    finally:
        engine.paths.engine_key.chmod(0o600)
        engine.paths.state.chmod(0o700)
    assert got_through == "read the key"  # and with the key, more: the folders below still hold
