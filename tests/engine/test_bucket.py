"""An engine whose audio is in a bucket: listeners fetch it there, and nothing is lost with it."""

import asyncio
import json
import logging
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from focuscli.bench.answering import answering
from focuscli.engine.bucket import MARGIN_S, Bucket
from focuscli.engine.credentials_life import RENEWED_S, credentials_end_in_s
from focuscli.engine.library import Library
from focuscli.engine.objects import UNFINISHED_S, LocalObjects, ObjectsAway
from focuscli.engine.open_objects import check_objects, chosen_objects, objects_at
from focuscli.engine.parts import recover
from focuscli.engine.retention import Retention
from focuscli.engine.store import MAX_FAILURES
from focuscli.engine.strays import Strays
from focuscli.errors import Conflict, MediaRefused
from focuscli.model import Segment
from focuscli.playback.fetch import MediaFetcher
from tests.engine.rig import HOST, KEY, SESSIONS, START, Rig, ask, ask_on_loop, audio, result
from tests.fakes.bucket import BUCKET, KEY_ID, SECRET, BucketServer, bucket_server

BODY = audio(0)
_numbers = count()


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with bucket_server() as server:
        yield server


@pytest.fixture
def bucket(server: BucketServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketServer]:
    """The bucket as an engine finds it in its environment."""
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    server.asked.clear()
    yield server
    server.away, server.ahead = False, timedelta(0)


@pytest.fixture
def url(bucket: BucketServer) -> str:
    """A prefix of its own."""
    return f"s3://{BUCKET}/engine-{next(_numbers)}"


@pytest.fixture
def linking(url: str, tmp_path: Path) -> Iterator[Rig]:
    """An engine that sends listeners to its bucket."""
    objects = Bucket(url)
    rig = Rig(tmp_path, objects=objects, links=objects)
    yield rig
    rig.file.close()


@pytest.fixture
def streaming(url: str, tmp_path: Path) -> Iterator[Rig]:
    """An engine that alone can reach its bucket."""
    rig = Rig(tmp_path, objects=Bucket(url))
    yield rig
    rig.file.close()


def ready(rig: Rig, count: int = 1) -> str:
    session_id: str = rig.start()["session_id"]
    rig.make_ready(count)
    return session_id


def first_url(rig: Rig, session_id: str) -> str:
    url: str = rig.get(session_id)["segments"][0]["playback_url"]
    return url


def lasting_s(url: str) -> int:
    return int(parse_qs(urlsplit(url).query)["X-Amz-Expires"][0])


def signer(url: str) -> str:
    return parse_qs(urlsplit(url).query)["X-Amz-Credential"][0].partition("/")[0]


def test_a_listener_fetches_from_the_bucket_whole_and_in_parts(linking: Rig, bucket: BucketServer) -> None:
    url = first_url(linking, ready(linking))
    assert url.startswith(f"{bucket.url}/{BUCKET}/engine-")
    assert lasting_s(url) == 300
    whole = requests.get(url, timeout=10)
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, BODY, "audio/flac")
    part = requests.get(url, headers={"Range": "bytes=10-19"}, timeout=10)
    assert (part.status_code, part.content) == (206, BODY[10:20])
    assert requests.get(url.replace("00000.1", "00001.1"), timeout=10).status_code == 403, "and nothing else with it"


def test_each_answer_has_urls_of_its_own_and_is_kept_nowhere(linking: Rig) -> None:
    session_id = ready(linking, 3)
    answer = linking.ask("GET", f"{SESSIONS}/{session_id}")
    assert answer.headers["cache-control"] == "no-store"
    assert [len(segment) for segment in answer.json["segments"]] == [6, 6, 6]


def test_a_url_that_has_ended_is_refused_and_a_new_one_is_not(
    linking: Rig, bucket: BucketServer, tmp_path: Path
) -> None:
    session_id = ready(linking)
    fetcher = MediaFetcher(tmp_path / "cache", bucket.url)
    old = Segment(**linking.get(session_id)["segments"][0])
    bucket.ahead = timedelta(seconds=302)
    with pytest.raises(MediaRefused):
        fetcher.fetch(session_id, old)
    bucket.ahead = timedelta(0)
    fresh = Segment(**linking.get(session_id)["segments"][0])
    assert fetcher.fetch(session_id, fresh).read_bytes() == BODY
    fetched = [asked for asked in bucket.asked if asked.presigned]
    assert len(fetched) == 2
    assert all("x-api-key" not in asked.headers and "authorization" not in asked.headers for asked in fetched)


def test_no_url_outlives_the_credentials_it_was_signed_with(linking: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = ready(linking)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "for a while")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", (datetime.now(UTC) + timedelta(seconds=100)).isoformat())
    assert 60 <= lasting_s(first_url(linking, session_id)) <= 100 - MARGIN_S
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", (datetime.now(UTC) + timedelta(seconds=20)).isoformat())
    answer = linking.ask("GET", f"{SESSIONS}/{session_id}")
    assert (answer.status, answer.error["code"], answer.headers["retry-after"]) == (503, "SERVICE_UNAVAILABLE", "1")
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    assert lasting_s(first_url(linking, session_id)) == 300


def test_credentials_that_renew_themselves_are_good_for_as_long_as_is_counted_on(
    bucket: BucketServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The container's, by its endpoint: what has less than `RENEWED_S` left is fetched anew before it signs."""
    given: list[timedelta] = []
    lives = iter([timedelta(seconds=RENEWED_S - 10), timedelta(seconds=RENEWED_S + 60), timedelta(hours=6)])

    def answer(_: str) -> bytes:
        given.append(next(lives))
        ends = (datetime.now(UTC) + given[-1]).strftime("%Y-%m-%dT%H:%M:%SZ")
        keys = {"AccessKeyId": f"AKIA{len(given)}", "SecretAccessKey": SECRET, "Token": "t", "Expiration": ends}
        return json.dumps(keys).encode()

    with answering(answer) as endpoint:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        (tmp_path / "token").write_text("token")
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{endpoint}/credentials")
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(tmp_path / "token"))
        objects = Bucket(f"s3://{BUCKET}/container")
        signed = objects.links(["tracks/mtrack_00.flac"], 900.0)
        deadline = time.monotonic() + 10.0
        while signer(signed[-1]) != "AKIA2" and time.monotonic() < deadline:  # it asks once in 0.1 s at most
            signed += objects.links(["tracks/mtrack_00.flac"], 900.0)
        signed += objects.links(["tracks/mtrack_00.flac"], 900.0)
    assert [signer(signed[0]), *map(signer, signed[-2:])] == ["AKIA1", "AKIA2", "AKIA2"]
    assert {lasting_s(url) for url in signed} == {RENEWED_S - MARGIN_S}


def test_a_session_whose_bucket_is_away_is_still_there_and_nothing_starts(linking: Rig, bucket: BucketServer) -> None:
    """Attempts that end so are no failures, however many, and rendering goes on when the bucket is back."""

    async def test() -> None:
        rig = linking
        rendering = asyncio.create_task(rig.parts.dispatcher.run())
        headers = {"X-API-Key": KEY}
        started = await ask_on_loop(rig.parts.face, "POST", SESSIONS, headers, json.dumps(START).encode())
        bucket.away = True
        for _ in range(MAX_FAILURES + 1):
            spec, future = await rig.executor.submitted.get()
            assert SECRET not in spec.to_json()
            with pytest.raises(ObjectsAway) as refused:
                await asyncio.to_thread(result, rig.objects, spec)
            released = released_by(rig)
            future.set_exception(refused.value)
            assert await released is None, "no failure is counted"
            await asyncio.to_thread(rig.parts.reopen)
            assert not rig.parts.room.is_left()
            answer = await ask_on_loop(rig.parts.face, "POST", SESSIONS, headers, json.dumps(START).encode())
            assert (answer.status, answer.headers["retry-after"]) == (503, "1")
            health = await ask_on_loop(rig.parts.face, "GET", "/v1/health/details")
            assert health.json["status"] == "unhealthy"
            bucket.away = False
            await asyncio.to_thread(rig.parts.reopen)
            assert rig.parts.room.is_left()
            bucket.away = True
            rig.parts.dispatcher.wake()
        bucket.away = False
        spec, future = await rig.executor.submitted.get()
        future.set_result(await asyncio.to_thread(result, rig.objects, spec))
        await rig.executor.submitted.get()  # the next one is wanted once this one is ready
        session = await ask_on_loop(rig.parts.face, "GET", f"{SESSIONS}/{started.json['session_id']}", headers)
        assert session.json["ready_count"] == 1
        rendering.cancel()
        await rig.parts.dispatcher.close()

    asyncio.run(asyncio.wait_for(test(), 60))


def released_by(rig: Rig) -> "asyncio.Future[str | None]":
    """The failure with which the next claim is given back, None where there is none."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[str | None] = loop.create_future()
    release = rig.store.release

    def releasing(claim: object, failure: str | None = None) -> bool:
        held = release(claim, failure)  # type: ignore[arg-type]
        rig.store.release = release  # type: ignore[method-assign]
        loop.call_soon_threadsafe(told.set_result, failure)
        return held

    rig.store.release = releasing  # type: ignore[method-assign, assignment]
    return told


def test_the_engine_serves_where_it_alone_reaches_the_bucket(streaming: Rig) -> None:
    url = first_url(streaming, ready(streaming)).removeprefix(f"http://{HOST}")
    assert url.startswith("/v1/media/")
    face = streaming.parts.face
    assert ask(face, "GET", url).body == BODY
    part = ask(face, "GET", url, {"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, BODY[10:20])
    assert ask(face, "HEAD", url).headers["content-length"] == str(len(BODY))


def test_what_cannot_be_read_for_a_while_is_not_lost(streaming: Rig, bucket: BucketServer) -> None:
    session_id = ready(streaming)
    url = first_url(streaming, session_id).removeprefix(f"http://{HOST}")
    bucket.away = True
    answer = ask(streaming.parts.face, "GET", url)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    bucket.away = False
    assert ask(streaming.parts.face, "GET", url).body == BODY


def test_what_is_gone_from_the_bucket_is_rendered_again(streaming: Rig) -> None:
    session_id = ready(streaming)
    url = first_url(streaming, session_id).removeprefix(f"http://{HOST}")
    (key,) = streaming.objects.survey()
    streaming.objects.remove(key)
    assert ask(streaming.parts.face, "GET", url).status == 503
    streaming.make_ready()
    assert ask(streaming.parts.face, "GET", url).body == BODY


def test_an_upload_that_comes_too_late_is_never_listed_and_goes(linking: Rig) -> None:
    session_id = linking.start()["session_id"]
    first = linking.store.claim("slow", 1.0)
    linking.clock.step(2.0)
    second = linking.store.claim("quick", 60.0)
    assert first is not None
    assert second is not None
    late, quick = linking.place(first), linking.place(second)
    assert linking.store.finish(second, quick)
    assert not linking.store.finish(first, late)
    assert quick.object_key in first_url(linking, session_id)
    ahead = Bucket(linking.objects.location, lambda: datetime.now(UTC) + timedelta(hours=2))
    assert recover(linking.file, linking.store, Library(linking.file), ahead).segments == 0
    assert linking.objects.survey().keys() == {quick.object_key}


def test_what_could_not_be_removed_is_swept_an_hour_later(linking: Rig, bucket: BucketServer) -> None:
    session_id = ready(linking, 2)
    linking.ask("POST", f"{SESSIONS}/{session_id}/end")
    linking.clock.step(linking.terms.retention_s + 1)
    bucket.away = True
    with pytest.raises(ObjectsAway):
        linking.parts.retention.apply()
    bucket.away = False
    assert linking.parts.strays.sweep() == 0
    ahead = Bucket(linking.objects.location, lambda: datetime.now(UTC) + timedelta(seconds=UNFINISHED_S + 60))
    assert Strays(linking.store, Library(linking.file), ahead).sweep() == 2
    assert linking.objects.survey() == {}


def test_the_quota_holds_in_a_bucket(linking: Rig) -> None:
    session_id = ready(linking, 3)
    linking.ask("POST", f"{SESSIONS}/{session_id}/end")
    retention = Retention(linking.store, linking.objects, linking.clock, retention_s=1e6, quota_bytes=2 * len(BODY))
    assert retention.apply() == 1
    assert len(linking.objects.survey()) == 2


def test_a_track_outlives_its_session_in_the_bucket(linking: Rig) -> None:
    session_id = ready(linking, 2)
    track = linking.ask("POST", f"{SESSIONS}/{session_id}/segments/1/promote").json
    linking.ask("POST", f"{SESSIONS}/{session_id}/end")
    linking.clock.step(linking.terms.retention_s + 1)
    assert linking.parts.retention.apply() == 2
    assert list(linking.objects.survey()) == [f"tracks/{track['id']}.flac"]
    assert requests.get(track["playback_url"], timeout=10).content == audio(1)
    assert linking.ask("DELETE", f"/v1/music/org_local/tracks/{track['id']}").status == 200
    assert linking.objects.survey() == {}


def test_a_promotion_of_what_is_away_makes_no_track(linking: Rig, bucket: BucketServer) -> None:
    session_id = ready(linking)
    bucket.away = True
    assert linking.ask("POST", f"{SESSIONS}/{session_id}/segments/0/promote").status == 503
    bucket.away = False
    assert linking.get(session_id)["ready_count"] == 1, "nor is the segment given up"
    assert linking.ask("POST", f"{SESSIONS}/{session_id}/segments/0/promote").status == 201


def test_recovery_takes_only_what_the_bucket_has_whole(linking: Rig) -> None:
    session_id = ready(linking, 3)
    objects = linking.objects
    objects.remove(f"{session_id}/00001.1.flac")
    recovered = recover(linking.file, linking.store, Library(linking.file), objects)
    assert recovered.segments == 1
    assert linking.get(session_id)["ready_count"] == 1


def test_a_prefix_has_one_deployment(url: str) -> None:
    Bucket(url).check("focus_1")
    Bucket(url).check("focus_1")
    with pytest.raises(Conflict, match="another deployment") as refusal:
        Bucket(url).check("focus_2")
    assert "prefix of its own" in (refusal.value.hint or "")


def test_a_sweep_touches_nothing_that_is_not_ours(url: str, bucket: BucketServer) -> None:
    import obstore
    from obstore.store import from_url

    theirs = from_url(url, client_options={"allow_http": True})  # type: ignore[typeddict-item]
    obstore.put(theirs, "holiday/pictures.zip", b"mine")
    old = Bucket(url, lambda: datetime.now(UTC) + timedelta(days=9))
    old.check("focus_1")
    assert old.keep_only([]) == 0
    assert [key.rpartition("/")[2] for key in bucket.keys(url.rpartition("/")[2])] == ["deployment", "pictures.zip"]


def test_a_bucket_that_is_not_there_is_named(bucket: BucketServer) -> None:
    with pytest.raises(Conflict, match="there is no bucket s3://another/x"):
        Bucket("s3://another/x").check("focus_1")


@pytest.mark.parametrize("wrong", [{"AWS_SECRET_ACCESS_KEY": "wrong-secret"}, {"AWS_ACCESS_KEY_ID": "AKIAWRONG"}])
def test_credentials_that_are_refused_are_told_of_and_never_told(
    url: str, wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Conflict, match="refuses the engine: access denied") as refusal:
        Bucket(url).check("focus_1")
    told = f"{refusal.value.message} {refusal.value.hint} {caplog.text}"
    assert not any(secret in told for secret in (KEY_ID, SECRET, *wrong.values()))


def test_a_bucket_that_nobody_answers_for_is_away(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(ObjectsAway):
        Bucket(url).check("focus_1")


@pytest.mark.parametrize(
    ("environment", "expected_s"),
    [
        ({"AWS_ACCESS_KEY_ID": "A"}, math.inf),
        ({"AWS_ACCESS_KEY_ID": "A", "AWS_CREDENTIAL_EXPIRATION": "2026-06-28T10:30:00Z"}, math.inf),
        ({"AWS_ACCESS_KEY_ID": "A", "AWS_SESSION_TOKEN": "t"}, math.inf),
        (
            {"AWS_SESSION_TOKEN": "t", "AWS_ACCESS_KEY_ID": "A", "AWS_CREDENTIAL_EXPIRATION": "2026-06-28T10:31:40Z"},
            100,
        ),
        ({"AWS_SESSION_TOKEN": "t", "AWS_ACCESS_KEY_ID": "A", "AWS_CREDENTIAL_EXPIRATION": "2026-06-28T10:31:40"}, 100),
        ({}, RENEWED_S),
    ],
)
def test_the_life_of_credentials_is_known(environment: dict[str, str], expected_s: float) -> None:
    now = datetime(2026, 6, 28, 10, 30, tzinfo=UTC)
    assert credentials_end_in_s("s3", environment, now) == expected_s
    assert credentials_end_in_s("gs", environment, now) == math.inf


def test_credentials_that_end_at_no_time_sign_nothing() -> None:
    environment = {"AWS_ACCESS_KEY_ID": "A", "AWS_SESSION_TOKEN": "t", "AWS_CREDENTIAL_EXPIRATION": "soon"}
    with pytest.raises(ObjectsAway, match="AWS_CREDENTIAL_EXPIRATION"):
        credentials_end_in_s("s3", environment, datetime.now(UTC))


def test_an_engine_begins_with_a_bucket_that_answers(url: str, bucket: BucketServer) -> None:
    objects = Bucket(url)
    check_objects(objects, objects, "focus_1")
    bucket.away = True
    with pytest.raises(Conflict, match="the engine cannot begin") as refusal:
        check_objects(objects, objects, "focus_1")
    assert "nothing is lost" in (refusal.value.hint or "")


def test_an_engine_does_not_begin_with_credentials_that_cannot_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "focus")
    monkeypatch.setenv("AZURE_STORAGE_SAS_KEY", "sv=2023-11-03&sig=a-secret-signature")
    there = Bucket("az://listeners/team")
    with pytest.raises(Conflict, match="no URLs can be signed") as refusal:
        check_objects(LocalObjects(tmp_path), there, "focus_1")
    assert "media_from engine" in (refusal.value.hint or "")
    assert "a-secret" not in refusal.value.message


def test_settings_choose_the_objects(bucket: BucketServer, tmp_path: Path) -> None:
    own, links = chosen_objects("", "bucket", tmp_path)
    assert (own.location, links) == (str(tmp_path), None)
    shared, links = chosen_objects(f"file://{tmp_path}/a%20b", "bucket", tmp_path)
    assert (shared.location, links) == (f"{tmp_path}/a b", None)
    there, links = chosen_objects("s3://listeners/x", "bucket", tmp_path)
    assert links is there
    assert chosen_objects("s3://listeners/x", "engine", tmp_path)[1] is None
    assert isinstance(objects_at(there.location), Bucket)
    assert isinstance(objects_at(own.location), LocalObjects)


def test_without_the_extra_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "focuscli.engine.bucket", None)
    with pytest.raises(Conflict) as refusal:
        objects_at("s3://listeners/x")
    assert refusal.value.hint == 'install it: pip install "focus-sessions[team]"'


def test_an_engine_with_a_folder_of_its_own_loads_nothing_for_buckets() -> None:
    code = "import sys, focuscli.engine.running, focuscli.engine.render_job; print('obstore' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "False"
