"""Tracks: a segment is promoted once, its audio is kept for good, and only its owner can see or remove it."""

import asyncio
from pathlib import Path

import pytest

from focuscli.clock import parse_wire_time
from focuscli.engine.library import Library
from focuscli.engine.parts import recover
from tests.engine.rig import GUEST_KEY, KEY, SESSIONS, Answer, Rig, ask, ask_on_loop, audio

TRACKS = "/v1/music/org_local/tracks"
TEN = ["id", "title", "engine", "mode", "measured_duration_seconds", "instrumental", "licence_class", "created_at",
       "playback_url", "stem_urls"]  # fmt: skip


def ready_session(rig: Rig, count: int = 2) -> str:
    session_id: str = rig.start()["session_id"]
    rig.make_ready(count)
    return session_id


def promote(rig: Rig, session_id: str, index: object = 0, body: object = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return rig.ask("POST", f"{SESSIONS}/{session_id}/segments/{index}/promote", body, headers=named)


def heard(rig: Rig, url: str) -> Answer:
    return ask(rig.parts.face, "GET", url.removeprefix("http://127.0.0.1:4711"))


def test_a_promoted_segment_is_a_track_with_ten_keys(rig: Rig) -> None:
    session_id = ready_session(rig)
    answer = promote(rig, session_id, 1, {"title": "Rain"})
    assert answer.status == 201
    track = answer.json
    assert list(track) == TEN
    assert track["id"].startswith("mtrack_")
    assert len(track["id"]) == len("mtrack_7c2a9f4e1b8d")
    fixed = ("title", "engine", "mode", "measured_duration_seconds", "instrumental", "licence_class", "stem_urls")
    assert [track[key] for key in fixed] == ["Rain", "procedural", "focus", 120.4, True, "commercial_cleared", []]
    assert parse_wire_time(track["created_at"]) == rig.clock.now()
    assert heard(rig, track["playback_url"]).body == audio(1)


def test_a_segment_becomes_one_track_whatever_is_asked_for_later(rig: Rig) -> None:
    session_id = ready_session(rig)
    first = promote(rig, session_id)
    again = promote(rig, session_id, 0, {"title": "Another"})
    assert (first.status, again.status) == (201, 200)
    assert {**first.json, "playback_url": None} == {**again.json, "playback_url": None}
    assert len(rig.ask("GET", TRACKS).json["items"]) == 1


@pytest.mark.parametrize("body", [None, {}, {"title": None}, b" "])
def test_a_title_is_optional(rig: Rig, body: object) -> None:
    assert promote(rig, ready_session(rig), 0, body).json["title"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [({"title": ""}, "title"), ({"title": " \n"}, "title"), ({"title": 5}, "title"), ({"title": "x" * 201}, "title"),
     ({"name": "x"}, "name"), ([], "body"), (b"{", "body")],
)  # fmt: skip
def test_a_wrong_title_is_named(rig: Rig, body: object, field: str) -> None:
    answer = promote(rig, ready_session(rig), 0, body)
    assert (answer.status, answer.error["details"]) == (422, {"field": field})


@pytest.mark.parametrize("index", [2, 29, 30, 10**12, -1, "x", "1.0", "١"])
def test_a_segment_that_is_not_ready_cannot_be_promoted(rig: Rig, index: object) -> None:
    session_id = ready_session(rig)
    answer = promote(rig, session_id, index)
    assert (answer.status, answer.error["code"]) == (404, "RESOURCE_NOT_FOUND")
    assert answer.error["details"]["session_id"] == session_id
    assert str(answer.error["details"]["segment_index"]) == str(index)


def test_a_missing_session_is_named(rig: Rig) -> None:
    assert promote(rig, "mfocus_000000000000").error["details"] == {"session_id": "mfocus_000000000000"}


def test_the_list_is_newest_first_and_without_urls(rig: Rig) -> None:
    session_id = ready_session(rig, 3)
    made = [promote(rig, session_id, index).json["id"] for index in range(3)]
    page = rig.ask("GET", TRACKS).json
    assert (page["limit"], page["offset"]) == (50, 0)
    assert [item["id"] for item in page["items"]] == made[::-1]
    assert {item["playback_url"] for item in page["items"]} == {None}
    assert list(page["items"][0]) == TEN
    assert [item["id"] for item in rig.ask("GET", f"{TRACKS}?limit=1&offset=1").json["items"]] == [made[1]]
    assert rig.ask("GET", f"{TRACKS}?limit=0").error["details"] == {"field": "limit"}


def test_a_track_outlives_its_session_its_retention_and_a_restart(rig: Rig, tmp_path: Path) -> None:
    session_id = ready_session(rig)
    track_id = promote(rig, session_id).json["id"]
    rig.ask("POST", f"{SESSIONS}/{session_id}/end")
    rig.clock.step(86_401)
    assert rig.parts.retention.apply() > 0
    assert rig.get(session_id)["segments"] == []
    recover(rig.file, rig.store, Library(rig.file), rig.objects)
    answer = rig.ask("GET", f"{TRACKS}/{track_id}")
    assert heard(rig, answer.json["playback_url"]).body == audio(0)
    assert promote(rig, session_id).status == 200  # it is a track already, though the segment has gone
    assert promote(rig, session_id, 1).status == 404
    assert len(list((tmp_path / "objects").rglob("*.flac"))) == 1


def test_a_deleted_track_is_gone_with_its_audio(rig: Rig, tmp_path: Path) -> None:
    track = promote(rig, ready_session(rig)).json
    answer = rig.ask("DELETE", f"{TRACKS}/{track['id']}")
    assert (answer.status, list(answer.json)) == (200, ["success", "id", "detail"])
    assert (answer.json["success"], answer.json["id"]) == (True, track["id"])
    assert not list((tmp_path / "objects" / "tracks").iterdir())
    assert heard(rig, track["playback_url"]).status == 404
    for method in ("GET", "DELETE"):
        gone = rig.ask(method, f"{TRACKS}/{track['id']}")
        assert (gone.status, gone.error["details"]) == (404, {"track_id": track["id"]})


def test_someone_elses_track_is_indistinguishable_from_a_missing_one(rig: Rig) -> None:
    track_id = promote(rig, ready_session(rig)).json["id"]
    for method in ("GET", "DELETE"):
        foreign = rig.ask(method, f"{TRACKS}/{track_id}", key=GUEST_KEY)
        missing = rig.ask(method, f"{TRACKS}/mtrack_000000000000", key=GUEST_KEY)
        assert (foreign.status, foreign.error["system_message"]) == (404, missing.error["system_message"])
    assert rig.ask("GET", TRACKS, key=GUEST_KEY).json["items"] == []
    assert rig.ask("GET", f"{TRACKS}/{track_id}").status == 200


def test_an_idempotency_key_stands_for_one_promotion(rig: Rig) -> None:
    session_id = ready_session(rig)
    first = promote(rig, session_id, 0, {"title": "a"}, Idempotency_Key="one")
    again = promote(rig, session_id, 0, {"title": "a"}, Idempotency_Key="one")
    assert (first.status, again.status) == (201, 200)
    assert first.json["id"] == again.json["id"]
    for index, title in ((1, "a"), (0, "b")):
        other = promote(rig, session_id, index, {"title": title}, Idempotency_Key="one")
        assert (other.status, other.error["details"]) == (422, {"field": "Idempotency-Key"})
    assert promote(rig, session_id, 0, {"title": "b"}, Idempotency_Key="two").json["id"] == first.json["id"]
    assert promote(rig, session_id, 1, {"title": "b"}, Idempotency_Key="two").status == 422


def test_start_and_promote_share_their_idempotency_keys(rig: Rig) -> None:
    session_id = ready_session(rig)
    body = {"goal": "relax", "target_minutes": 3}
    assert promote(rig, session_id, Idempotency_Key="track").status == 201
    assert rig.ask("POST", SESSIONS, body, headers={"Idempotency-Key": "track"}).status == 422
    assert rig.ask("POST", SESSIONS, body, headers={"Idempotency-Key": "session"}).status == 202
    assert promote(rig, session_id, 1, Idempotency_Key="session").status == 422


def test_two_who_promote_at_once_get_the_same_track(rig: Rig, tmp_path: Path) -> None:
    session_id = ready_session(rig)
    path = f"{SESSIONS}/{session_id}/segments/0/promote"

    async def both() -> list[Answer]:
        face = rig.parts.face
        return await asyncio.gather(*(ask_on_loop(face, "POST", path, {"X-API-Key": KEY}) for _ in range(4)))

    answers = asyncio.run(both())
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len(list((tmp_path / "objects" / "tracks").iterdir())) == 1


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_damaged_audio_never_becomes_a_track(rig: Rig, tmp_path: Path, harm: str) -> None:
    session_id = ready_session(rig)
    listing = rig.store.segment("org_local", session_id, 0)
    assert listing is not None
    file = rig.objects.path(listing.object_key)
    file.write_bytes(b"x" * file.stat().st_size) if harm == "changed" else file.unlink()
    answer = promote(rig, session_id)
    assert (answer.status, answer.error["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert not list((tmp_path / "objects" / "tracks").iterdir())
    assert rig.ask("GET", TRACKS).json["items"] == []


def test_a_damaged_track_is_never_served(rig: Rig) -> None:
    track = promote(rig, ready_session(rig)).json
    file = rig.objects.path(f"tracks/{track['id']}.flac")
    file.write_bytes(b"x" * file.stat().st_size)
    assert heard(rig, track["playback_url"]).status == 503
