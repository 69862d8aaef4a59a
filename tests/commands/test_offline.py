"""A session that was played once plays again without its engine, and says so."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import soundfile

from focuscli.errors import ExitCode
from focuscli.paths import Paths
from tests.commands.conftest import Focus
from tests.commands.test_listening import flac
from tests.fakes.engine import FakeEngine, Reply

SEGMENT_S = 0.4


@pytest.fixture
def played(focus: Focus, remote: FakeEngine) -> Callable[[int], str]:
    """Starts a session of so many segments, at a remote engine, and plays it; that ends it."""

    def play(count: int) -> str:
        remote.media, remote.segment_s = flac(SEGMENT_S), SEGMENT_S
        session_id = focus("start", "--minutes", str(2 * count), "-q").out.strip()
        remote.make_ready(session_id, count)
        assert focus("watch", session_id, "--no-audio").code == ExitCode.OK
        return session_id

    return play


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that is gone is gone at once."""
    monkeypatch.setattr("focuscli.client.retry._chance", lambda: 0.0)


def silent(engine: FakeEngine) -> None:
    """From now on all that it answers is that it cannot."""
    engine.answers = [Reply(503, {}) for _ in range(1000)]


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_without_its_engine_it_plays_from_the_cache(
    focus: Focus, remote: FakeEngine, played: Callable[[int], str]
) -> None:
    session_id = played(3)
    media = sum("/v1/media/" in asked.target for asked in remote.asked)
    silent(remote)
    done = focus("watch", session_id, "--no-audio", "--json")
    assert (done.code, done.err) == (ExitCode.OK, "")
    told = records(done.out)
    offline = next(record for record in told if record["type"] == "offline")
    assert (offline["kept_count"], offline["ready_count"]) == (3, 3)
    assert [record["segment_index"] for record in told if record["type"] == "now"] == [0, 1, 2]
    assert sum("/v1/media/" in asked.target for asked in remote.asked) == media


def test_a_session_that_the_engine_has_forgotten_plays_from_the_cache(
    focus: Focus, remote: FakeEngine, played: Callable[[int], str]
) -> None:
    session_id = played(3)
    del remote.sessions[session_id]
    done = focus("watch", session_id, "--no-audio", "--json")
    assert (done.code, done.err) == (ExitCode.OK, "")
    told = records(done.out)
    assert [record["segment_index"] for record in told if record["type"] == "now"] == [0, 1, 2]
    assert told[-1]["reason"] == "finished"
    assert focus("watch", "mfocus_ffffffffffff", "--no-audio").code == ExitCode.NOT_FOUND


def test_people_are_told(focus: Focus, remote: FakeEngine, played: Callable[[int], str]) -> None:
    session_id = played(1)
    silent(remote)
    assert "no engine: playing what is kept here, 1 of 1 segments" in focus("watch", session_id, "--no-audio").out


def test_it_is_exported_too(focus: Focus, remote: FakeEngine, played: Callable[[int], str], paths: Paths) -> None:
    session_id = played(2)
    silent(remote)
    file = paths.cache / "out.wav"
    done = focus("export", session_id, "--to", str(file))
    assert done.code == ExitCode.OK
    assert "no engine: writing what is kept here" in done.err
    assert soundfile.info(file).duration == pytest.approx(2 * SEGMENT_S - 0.1, abs=0.01)


def test_an_engine_of_this_machine_that_does_not_start_is_no_obstacle(
    focus: Focus, fake: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.media, fake.segment_s = flac(SEGMENT_S), SEGMENT_S
    session_id = focus("start", "--minutes", "2", "-q").out.strip()
    fake.make_ready(session_id, 1)
    assert focus("watch", session_id, "--no-audio").code == ExitCode.OK
    paths.engine_address.unlink()
    monkeypatch.setattr("focuscli.client.local.Launch.wait", _no_engine)
    monkeypatch.setattr("focuscli.client.local.Launch._spawn", lambda *_: None)
    done = focus("watch", session_id, "--no-audio")
    assert done.code == ExitCode.OK
    assert "no engine: playing what is kept here" in done.out
    assert focus("watch", "mfocus_000000000000", "--no-audio").code == ExitCode.ENGINE_UNREACHABLE
    assert focus("watch", "--no-audio").code == ExitCode.ENGINE_UNREACHABLE


def _no_engine(*_: object) -> None:
    from focuscli.errors import EngineUnreachable

    raise EngineUnreachable("the engine did not answer within 10 s")


def test_another_organizations_session_of_that_name_is_another(
    focus: Focus, remote: FakeEngine, played: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("focuscli.playback.supply.START_PATIENCE_S", 0.0)
    session_id = played(1)
    silent(remote)
    done = focus("watch", session_id, "--no-audio", "--organization", "org_other")
    assert done.code == ExitCode.ENGINE_UNREACHABLE


def test_nothing_is_kept_where_there_is_no_room(
    focus: Focus, remote: FakeEngine, played: Callable[[int], str], monkeypatch: pytest.MonkeyPatch, paths: Paths
) -> None:
    monkeypatch.setenv("FOCUS_CACHE", "0")
    played(1)
    assert not list(paths.cache.rglob("*segment*"))


def test_what_is_kept_is_private_and_holds_no_signature(
    focus: Focus, played: Callable[[int], str], paths: Paths
) -> None:
    played(2)
    kept = [file for file in paths.cache.rglob("*") if file.is_file()]
    assert len([file for file in kept if file.suffix == ".segment"]) == 1  # two of the same content are one
    assert all(file.stat().st_mode & 0o077 == 0 for file in kept)
    assert not any(b"signed" in file.read_bytes() or b"http" in file.read_bytes() for file in kept)
