"""What a client may expect of an engine: the same calls against the fake, over both wires, and against the real one."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest

from focuscli.client.api import EngineClient, Wish
from focuscli.client.keeper import keeper_of
from focuscli.client.local import Launch, client_of
from focuscli.client.remote import RemoteWire
from focuscli.client.retry import Retry
from focuscli.client.spawn import spawn
from focuscli.client.wire import LoopbackWire
from focuscli.errors import NotFound, NothingRunning, NotSignedIn, UsageError
from focuscli.paths import Paths
from tests.fakes.engine import FakeEngine

ONCE = Retry(attempts=1)
TEN_KEYS = [
    "session_id",
    "status",
    "goal",
    "engine",
    "target_minutes",
    "total_segments",
    "ready_count",
    "segments",
    "more_pending",
    "next_ready_at",
]


FAKES: dict[int, FakeEngine] = {}
"""The fake behind a client, by the client's identity."""


def _fake_here(stack: ExitStack) -> EngineClient:
    fake = stack.enter_context(FakeEngine().listening())
    wire = LoopbackWire(fake.url.removeprefix("http://"))
    client = EngineClient(wire, key=fake.key, organization=fake.organization)
    FAKES[id(client)] = fake
    return client


def _fake_there(stack: ExitStack) -> EngineClient:
    fake = stack.enter_context(FakeEngine(organization="org_abc123", prefix="/music/api").listening())
    client = EngineClient(RemoteWire(fake.url), key=fake.key, organization=fake.organization)
    FAKES[id(client)] = fake
    return client


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineClient]:
    """The real engine in its own process, once for all of this file."""
    environment = os.environ | {"FOCUS_HOME": str(tmp_path_factory.mktemp("real"))}
    children: list[subprocess.Popen[bytes]] = []

    def spawned(log_file: str, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        children.append(spawn(log_file, environment))
        return children[-1]

    launched = Launch(Paths.find(environment), environment, limit_s=60, spawn=spawned)
    engine = launched.wait(lambda _: None)
    with client_of(engine) as client, keeper_of(engine) as keeper:
        yield client
        assert keeper.stop()
    for child in children:
        assert child.wait(20) == 0


@pytest.fixture(params=["fake over loopback", "fake over httpx", "real"])
def client(request: pytest.FixtureRequest) -> Iterator[EngineClient]:
    if request.param == "real":
        client: EngineClient = request.getfixturevalue("real")
        yield client
        for session in client.sessions(status="active"):
            client.end(session["session_id"])
        return
    with ExitStack() as stack:
        yield stack.enter_context((_fake_here if "loopback" in request.param else _fake_there)(stack))


def test_a_session_is_started_seen_and_ended_with_the_same_ten_keys(client: EngineClient) -> None:
    started = client.start(Wish("sleep", 90))
    seen = client.get(started.session.session_id)
    ended = client.end(started.session.session_id)
    assert [list(report.raw) for report in (started, seen, ended)] == [TEN_KEYS] * 3
    assert (started.session.total_segments, started.session.ready_count) == (45, 0)
    assert [report.session.status for report in (started, seen, ended)] == ["active", "active", "ended"]


def test_ending_twice_gives_the_same_object(client: EngineClient) -> None:
    session_id = client.start(Wish("focus", 1)).session.session_id
    assert client.end(session_id).raw == client.end(session_id).raw


def test_the_newest_active_session_is_found(client: EngineClient) -> None:
    with pytest.raises(NothingRunning):
        client.newest_active()
    older, newer = (client.start(Wish("relax", 5)).session.session_id for _ in range(2))
    assert client.newest_active() == newer
    client.end(newer)
    assert client.newest_active() == older
    client.end(older)
    assert [item["session_id"] for item in client.sessions(limit=2)] == [newer, older]


@pytest.mark.parametrize("session_id", ["mfocus_000000000000", "../../health", "a b/c?d", "é"])
def test_a_session_that_is_not_there_is_not_found(client: EngineClient, session_id: str) -> None:
    for call in (client.get, client.end):
        with pytest.raises(NotFound) as caught:
            call(session_id)
        assert caught.value.request_id


def test_a_wrong_field_is_named(client: EngineClient) -> None:
    with pytest.raises(UsageError, match="engine"):
        client.start(Wish("focus", 5, engine_key="nonesuch"))


def test_the_wrong_key_is_refused(client: EngineClient) -> None:
    stranger = EngineClient(client._wire, key="fk_local_wrong", organization=client.organization, retry=ONCE)
    with pytest.raises(NotSignedIn):
        stranger.sessions()


def test_another_organization_is_refused(client: EngineClient) -> None:
    stranger = EngineClient(client._wire, key=client._key, organization="org_other", retry=ONCE)
    with pytest.raises((NotSignedIn, NotFound)):
        stranger.sessions()


def test_it_says_how_it_is_and_what_it_can_make(client: EngineClient) -> None:
    assert client.health()["status"] in {"healthy", "degraded"}
    assert all("engine_key" in engine for engine in client.engines())


def ready_session(client: EngineClient) -> str:
    """A session of one segment, which is ready."""
    report = client.start(Wish("sleep", 1))
    session_id = report.session.session_id
    fake = FAKES.get(id(client))
    if fake is not None:
        fake.make_ready(session_id, 1)
    deadline = time.monotonic() + 60
    while client.get(session_id).session.ready_count == 0 and time.monotonic() < deadline:
        time.sleep(0.02)  # the real one renders in a process of its own
    return session_id


TRACK_KEYS = ["id", "title", "engine", "mode", "measured_duration_seconds", "instrumental", "licence_class",
              "created_at", "playback_url", "stem_urls"]  # fmt: skip


def test_a_segment_is_promoted_listed_seen_and_deleted(client: EngineClient) -> None:
    session_id = ready_session(client)
    track = client.promote(session_id, 0, "Rain")
    assert list(track) == TRACK_KEYS
    assert client.promote(session_id, 0, "Other")["id"] == track["id"]
    assert [(item["id"], item["playback_url"]) for item in client.tracks()] == [(track["id"], None)]
    assert client.tracks(offset=1) == []
    assert {**client.track(track["id"]), "playback_url": None} == {**track, "playback_url": None}
    assert client.delete_track(track["id"])["id"] == track["id"]
    for call in (client.track, client.delete_track):
        with pytest.raises(NotFound):
            call(track["id"])
    with pytest.raises(NotFound):
        client.promote(session_id, 1)


def test_usage_tells_of_three_windows(client: EngineClient) -> None:
    found = client.usage()
    assert found["organization_id"] == client.organization
    assert [window["window"] for window in found["windows"]] == ["day", "week", "month"]
    assert {"window_start", "cost_chf", "limit_chf", "by_engine"} < found["windows"][0].keys()
