"""What only a look can tell is told in one breath, starts nothing, and is never an error."""

import json
import os
from pathlib import Path

import pytest

from focuscli.client.loopback import exchange
from focuscli.completion import candidates
from focuscli.completion.seen import keep, seen
from focuscli.main import run
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


def test_the_remote_that_was_typed_goes_before_the_one_that_is_set(
    engine: FakeEngine, paths: Paths, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    near = engine.begin("sleep", 90)
    write_private(paths.config_file, '[remotes.studio]\nurl = "https://studio.example"\n')
    there = {"status": "active", "goal": "focus", "target_minutes": 1, "ready_count": 0, "total_segments": 1}
    keep(str(paths.cache), "https://studio.example", [{**there, "session_id": "mfocus_studio"}], all_of_them=True)
    keep(str(paths.cache), "https://set.example", [{**there, "session_id": "mfocus_set"}], all_of_them=True)
    monkeypatch.setenv("FOCUS_REMOTE", "https://set.example")
    for typed, expected in {
        (): "mfocus_set",
        ("--remote=studio",): "mfocus_studio",
        ("--remote=https://studio.example",): "mfocus_studio",
        ("--remote=",): near,
    }.items():
        assert [word for word, _ in told(capfdbinary, "sessions", "mf", *typed)] == [expected]
    assert [word for word, _ in told(capfdbinary, "sessions", "--remote=studio")] == ["mfocus_studio"]
    assert told(capfdbinary, "engines", "", "--remote=studio") == []
    assert told(capfdbinary, "engines", "", "--remote=") == [["local", ""]]
    assert told(capfdbinary, "sessions", "", "--remote=nobody") == []


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


@pytest.mark.parametrize("meant", ["url", "name"])
def test_of_a_remote_it_is_known_what_it_last_told(
    paths: Paths, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, meant: str
) -> None:
    with FakeEngine(key="fk_live_secret", organization="org_abc123").listening() as remote:
        write_private(paths.config_file, f'[remotes.studio]\nurl = "{remote.url}"\norganization = "org_abc123"\n')
        monkeypatch.setenv("FREDDY_API_KEY", remote.key)
        monkeypatch.setenv("FOCUS_REMOTE", "studio")
        old = remote.begin("sleep", 90)
        assert run(["list"]) == 0
        assert run(["start", "-q"]) == 0
        new = capfdbinary.readouterr().out.decode().split()[-1]
        asked = len(remote.asked)
        if meant == "url":
            monkeypatch.setenv("FOCUS_REMOTE", remote.url)
        assert told(capfdbinary, "sessions", "mf") == [
            [new, "active: focus, 60 min, 0 of 30 ready"],
            [old, "active: sleep, 90 min, 0 of 45 ready"],
        ]
        assert len(remote.asked) == asked
    monkeypatch.setenv("FOCUS_REMOTE", "https://elsewhere.example")
    assert told(capfdbinary, "sessions", "") == []


def test_what_a_remote_told_is_bounded_and_damage_is_no_error(paths: Paths) -> None:
    cache = str(paths.cache)
    for number in range(12):
        session = {"session_id": f"s{number}", "status": "active", "goal": "focus", "target_minutes": 1}
        counted = session | {"ready_count": 0, "total_segments": 1}
        keep(cache, f"https://r{number}", [counted] * 30, all_of_them=True)
    keep(cache, "https://odd", [{"session_id": "no more"}], all_of_them=True)
    kept = json.loads((paths.cache / "seen.json").read_text())
    assert (len(kept), len(seen(cache, "https://r11"))) == (8, 20)
    for remote in ("https://odd", "https://r0"):
        with pytest.raises(KeyError):
            seen(cache, remote)
    (paths.cache / "seen.json").write_text("nonsense")
    keep(cache, "https://r1", [counted], all_of_them=False)
    assert seen(cache, "https://r1") == [("s11", "active: focus, 1 min, 0 of 1 ready")]
    assert (paths.cache / "seen.json").stat().st_mode & 0o077 == 0 or os.name != "posix"


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
