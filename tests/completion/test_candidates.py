"""What only a look can tell is told in one breath, starts nothing, and is never an error."""

import os
from pathlib import Path

import pytest

from focuscli.client.loopback import exchange
from focuscli.completion import candidates
from focuscli.paths import Paths, write_private
from tests.commands.test_start_up import HEAVY, loaded
from tests.fakes.engine import FakeEngine, Reply


@pytest.fixture
def paths() -> Paths:
    return Paths.find(os.environ)


@pytest.fixture
def engine(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    monkeypatch.setattr(candidates, "LIMIT_S", 20.0)
    with FakeEngine().listening() as fake:
        fake.announce(paths)
        yield fake  # type: ignore[misc]


def told(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> list[list[str]]:
    assert candidates.complete(words) == 0
    out, err = capfdbinary.readouterr()
    assert err == b""
    return [line.split("\t") for line in out.decode().splitlines()]


def test_sessions_are_told_with_what_they_are(engine: FakeEngine, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    first, second = engine.begin("sleep", 90), engine.begin("focus", 60)
    engine.make_ready(first, 3)
    assert told(capfdbinary, "sessions", "mf") == [
        [second, "active: focus, 60 min, 0 of 30 ready"],
        [first, "active: sleep, 90 min, 3 of 45 ready"],
    ]
    assert told(capfdbinary, "sessions", second) == [[second, "active: focus, 60 min, 0 of 30 ready"]]


def test_engines_remotes_and_the_last_device_are_told(
    engine: FakeEngine, paths: Paths, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert told(capfdbinary, "engines", "") == [["local", ""]]
    write_private(paths.config_file, '[remotes.studio]\nurl = "https://studio.example"\n')
    assert told(capfdbinary, "remotes", "") == [["studio", "https://studio.example"]]
    assert told(capfdbinary, "remotes", "x") == []
    write_private(paths.player_state, '{"device": "USB Audio"}')
    assert told(capfdbinary, "devices", "") == [["USB Audio", "the one that played last"]]


@pytest.mark.parametrize("elsewhere", ["variable", "file"])
def test_ids_of_this_machine_are_not_offered_for_an_engine_elsewhere(
    engine: FakeEngine,
    paths: Paths,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    elsewhere: str,
) -> None:
    engine.begin("sleep", 90)
    if elsewhere == "variable":
        monkeypatch.setenv("FOCUS_REMOTE", "https://studio.example")
    else:
        write_private(paths.config_file, 'remote = "https://studio.example"\n')
    assert told(capfdbinary, "sessions", "") == []
    assert engine.asked == []


@pytest.mark.parametrize(
    "words", [[], ["sessions"], ["sessions", ""], ["engines", ""], ["remotes", ""], ["devices", ""], ["?", ""]]
)
def test_where_there_is_nothing_it_says_nothing_and_starts_nothing(
    paths: Paths, capfdbinary: pytest.CaptureFixture[bytes], words: list[str]
) -> None:
    assert told(capfdbinary, *words) == []
    assert not paths.state.exists()


@pytest.mark.parametrize("config", ["= nonsense", "remotes = 3", "[remotes]\nstudio = 4"])
def test_a_broken_file_is_no_error_here(paths: Paths, capfdbinary: pytest.CaptureFixture[bytes], config: str) -> None:
    write_private(paths.config_file, config)
    assert told(capfdbinary, "remotes", "") == []


def test_what_an_engine_says_cannot_break_the_line(
    engine: FakeEngine, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    session_id = engine.begin("sl\te\ne\x1bp", 90)
    assert told(capfdbinary, "sessions", "") == [[session_id, "active: sl\ufffde\ufffde\ufffdp, 90 min, 0 of 45 ready"]]


def test_nobody_waits_for_an_engine_that_does_not_answer(
    engine: FakeEngine, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    over = threading.Event()
    monkeypatch.setattr(candidates, "LIMIT_S", 0.05)
    engine.answers = [Reply(200, {"items": []}, {}, over)]
    assert told(capfdbinary, "sessions", "") == []
    over.set()
    assert exchange.__kwdefaults__ == {"timeout_s": 30.0}  # so that it is ours which cut it short


@pytest.mark.parametrize("kind", ["sessions", "engines", "devices", "remotes"])
def test_it_loads_next_to_nothing(tmp_path: Path, paths: Paths, kind: str) -> None:
    with FakeEngine().listening() as fake:
        fake.announce(paths)
        code, modules = loaded("__complete", kind, "")
    assert code == 0
    assert not modules & (HEAVY | {"typer", "dataclasses", "inspect", "typing", "pathlib", "subprocess", "tomllib"})
    ours = {name for name in modules if name.startswith("focuscli")}
    assert len(ours) <= 12
