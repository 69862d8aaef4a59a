"""The three calls of a focus session, key for key as the wire contract has them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from focuscli.clock import parse_wire_time
from focuscli.engine.store import EndReason
from focuscli.model import Modulation, Session, SessionStatus, total_segments
from focuscli.music.timeline import Piece
from tests.engine.rig import GUEST_KEY, KEY, LISTENER_KEY, LOCAL, SESSIONS, START, Rig

TEN = [
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
SIX = ["segment_index", "playback_url", "measured_duration_seconds", "target_lufs", "fade_in_ms", "fade_out_ms"]


def test_a_start_answers_an_active_session_with_ten_keys(rig: Rig) -> None:
    answer = rig.ask("POST", SESSIONS, START)
    assert answer.status == 202
    session = answer.json
    assert list(session) == TEN
    assert session["session_id"].startswith("mfocus_")
    assert len(session["session_id"]) == len("mfocus_7c2a9f4e1b8d")
    assert {key: session[key] for key in TEN[1:9]} == {
        "status": "active",
        "goal": "focus",
        "engine": "procedural",
        "target_minutes": 60,
        "total_segments": 30,
        "ready_count": 0,
        "segments": [],
        "more_pending": True,
    }
    assert parse_wire_time(session["next_ready_at"]) >= rig.clock.now()
    Session.from_wire(session)


@pytest.mark.parametrize(("minutes", "segments"), [(1, 1), (2, 1), (3, 2), (60, 30), (1440, 720)])
def test_segments_are_planned_two_minutes_each(rig: Rig, minutes: int, segments: int) -> None:
    assert rig.start(target_minutes=minutes)["total_segments"] == segments == total_segments(minutes)


def test_a_get_answers_what_is_ready_with_six_keys_a_segment(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready(2)
    session = rig.get(session_id)
    assert list(session) == TEN
    assert session["ready_count"] == 2
    assert session["more_pending"] is True
    assert [list(segment) for segment in session["segments"]] == [SIX, SIX]
    assert [segment["segment_index"] for segment in session["segments"]] == [0, 1]
    segment = session["segments"][1]
    assert segment["measured_duration_seconds"] == 120.4
    assert (segment["target_lufs"], segment["fade_in_ms"], segment["fade_out_ms"]) == (-14.0, 1500, 1500)
    assert segment["playback_url"].startswith("http://127.0.0.1:4711/v1/media/org_local/")
    assert Session.from_wire(session).ready_count == 2


def test_every_get_mints_urls_anew(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready()
    first = rig.get(session_id)["segments"][0]["playback_url"]
    rig.clock.step(10)
    second = rig.get(session_id)["segments"][0]["playback_url"]
    assert first != second
    assert first.partition("?")[0] == second.partition("?")[0]


def test_a_fully_rendered_session_stays_active_and_expects_nothing(rig: Rig) -> None:
    session_id = rig.start(target_minutes=4)["session_id"]
    rig.make_ready(2)
    session = rig.get(session_id)
    assert (session["status"], session["more_pending"], session["next_ready_at"]) == ("active", False, None)


def test_the_end_counts_what_is_ready_and_lists_nothing(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready(5)
    answer = rig.ask("POST", f"{SESSIONS}/{session_id}/end")
    assert answer.status == 200
    ended = answer.json
    assert list(ended) == TEN
    assert (ended["status"], ended["ready_count"], ended["segments"]) == ("ended", 5, [])
    assert (ended["more_pending"], ended["next_ready_at"]) == (False, None)
    again = rig.ask("POST", f"{SESSIONS}/{session_id}/end")
    assert (again.status, again.json) == (200, ended)
    listed = rig.get(session_id)
    assert len(listed["segments"]) == 5
    assert listed | {"segments": []} == ended


def test_nothing_becomes_ready_after_the_end(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready()
    claim = rig.store.claim("rig", 60.0)
    assert claim is not None
    rig.ask("POST", f"{SESSIONS}/{session_id}/end")
    assert not rig.store.finish(claim, rig.place(claim))
    assert rig.get(session_id)["ready_count"] == 1


def test_a_capped_session_stays_capped(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.store.end(session_id, SessionStatus.STOPPED_CAP, EndReason.CAP, 0.0)
    answer = rig.ask("POST", f"{SESSIONS}/{session_id}/end")
    assert (answer.status, answer.json["status"], answer.json["more_pending"]) == (200, "stopped_cap", False)


def test_the_list_is_newest_first_and_without_segments(rig: Rig) -> None:
    first, second = rig.start()["session_id"], rig.start(goal="sleep")["session_id"]
    rig.make_ready()
    rig.ask("POST", f"{SESSIONS}/{first}/end")
    answer = rig.ask("GET", SESSIONS)
    assert answer.status == 200
    assert (answer.json["limit"], answer.json["offset"]) == (50, 0)
    assert [item["session_id"] for item in answer.json["items"]] == [second, first]
    assert list(answer.json["items"][0]) == [key for key in TEN if key != "segments"]
    active = rig.ask("GET", f"{SESSIONS}?status=active&limit=1&offset=0").json
    assert [item["session_id"] for item in active["items"]] == [second]
    assert rig.ask("GET", f"{SESSIONS}?offset=2").json["items"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("offset=-1", "offset"),
        ("status=up", "status"),
    ],
)
def test_a_bad_list_query_is_named(quiet_rig: Rig, query: str, field: str) -> None:
    answer = quiet_rig.ask("GET", f"{SESSIONS}?{query}")
    assert (answer.status, answer.error["details"]) == (422, {"field": field})


GOOD_STARTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"goal": "relax"}, {"goal": "relax"}),
    ({"goal": "sleep", "intensity": "low"}, {"intensity": "low"}),
    ({"goal": "energize", "intensity": "high", "divergence": 1.0}, {"intensity": "high", "divergence": 1.0}),
    ({"divergence": 1}, {"divergence": 1.0}),
    ({"divergence": 0}, {"divergence": 0.0}),
    ({"goal": "custom_prompt", "custom_prompt": "rain, piano"}, {"prompt": "rain, piano"}),
    ({"goal": "custom_prompt", "custom_prompt": "é" * 2000}, {"prompt": "é" * 2000}),
    ({"custom_prompt": "ignored"}, {"prompt": ""}),
    ({"custom_prompt": "x" * 2001}, {"prompt": ""}),
    ({"custom_prompt": None, "intensity": None, "divergence": None, "engine": None}, {"intensity": "medium"}),
    ({"engine": "procedural"}, {}),
    ({"target_minutes": 1}, {"duration_s": 60}),
    ({"target_minutes": 1440}, {"duration_s": 86_400}),
]


@pytest.mark.parametrize(("fields", "expected"), GOOD_STARTS)
def test_a_good_start_is_understood(rig: Rig, fields: dict[str, Any], expected: dict[str, Any]) -> None:
    rig.start(**fields)
    claim = rig.store.claim("rig", 60.0)
    assert claim is not None
    piece = Piece.from_json(claim.piece)
    assert {name: getattr(piece, name) for name in expected} == expected


BAD_STARTS: list[tuple[Any, str]] = [
    ({"target_minutes": 60}, "goal"),
    ({**START, "goal": None}, "goal"),
    ({**START, "goal": "party"}, "goal"),
    ({**START, "goal": 1}, "goal"),
    ({**START, "goal": ["focus"]}, "goal"),
    ({"goal": "focus"}, "target_minutes"),
    ({**START, "target_minutes": None}, "target_minutes"),
    ({**START, "target_minutes": 0}, "target_minutes"),
    ({**START, "target_minutes": -1}, "target_minutes"),
    ({**START, "target_minutes": 1441}, "target_minutes"),
    ({**START, "target_minutes": 60.0}, "target_minutes"),
    ({**START, "target_minutes": "60"}, "target_minutes"),
    ({**START, "target_minutes": True}, "target_minutes"),
    ({**START, "target_minutes": 10**30}, "target_minutes"),
    ({**START, "goal": "custom_prompt"}, "custom_prompt"),
    ({**START, "goal": "custom_prompt", "custom_prompt": None}, "custom_prompt"),
    ({**START, "goal": "custom_prompt", "custom_prompt": " \t\n"}, "custom_prompt"),
    ({**START, "goal": "custom_prompt", "custom_prompt": "x" * 2001}, "custom_prompt"),
    ({**START, "custom_prompt": 5}, "custom_prompt"),
    ({**START, "intensity": "extreme"}, "intensity"),
    ({**START, "intensity": 1}, "intensity"),
    ({**START, "divergence": 1.01}, "divergence"),
    ({**START, "divergence": -0.1}, "divergence"),
    ({**START, "divergence": "0.5"}, "divergence"),
    ({**START, "divergence": False}, "divergence"),
    ({**START, "engine": "unknown"}, "engine"),
    ({**START, "engine": ""}, "engine"),
    ({**START, "minutes": 3}, "minutes"),
    ([], "body"),
    ("focus", "body"),
    (b"", "body"),
    (b"{", "body"),
    (b'{"goal": "focus", "target_minutes": 60, "divergence": NaN}', "body"),
    (b'{"goal": "focus", "target_minutes": 60, "divergence": 1e999}', "body"),
    (b'{"goal": "focus", "target_minutes": 60, "custom_prompt": "\\ud800"}', "body"),
    (b"\xff\xfe", "body"),
    (b"[" * 60_000, "body"),
]


@pytest.mark.parametrize(("body", "field"), BAD_STARTS, ids=lambda value: str(value)[:60])
def test_a_bad_start_is_refused_and_the_field_named(quiet_rig: Rig, body: Any, field: str) -> None:
    answer = quiet_rig.ask("POST", SESSIONS, body)
    assert answer.status == 422
    error = answer.error
    assert (error["code"], error["type"], error["message"]) == (
        "VALIDATION_ERROR",
        "validation_error",
        "The request contains invalid parameters.",
    )
    assert error["details"] == {"field": field}
    assert quiet_rig.ask("GET", SESSIONS).json["items"] == []


def test_a_missing_prompt_is_said_in_the_documented_words(rig: Rig) -> None:
    answer = rig.ask("POST", SESSIONS, {**START, "goal": "custom_prompt"})
    assert answer.error["system_message"] == "custom_prompt is required when goal is custom_prompt"


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_a_seed_can_be_fixed(rig: Rig, seed: int) -> None:
    answer = rig.ask("POST", SESSIONS, START, headers={"X-Focus-Seed": str(seed)})
    assert answer.status == 202
    claim = rig.store.claim("rig", 60.0)
    assert claim is not None
    assert Piece.from_json(claim.piece).seed == seed


@pytest.mark.parametrize("seed", ["", "-1", "1.0", "x", str(2**63), "9" * 30, "१"])
def test_a_bad_seed_is_refused(quiet_rig: Rig, seed: str) -> None:
    answer = quiet_rig.ask("POST", SESSIONS, START, headers={"X-Focus-Seed": seed.encode().decode("latin-1")})
    assert (answer.status, answer.error["details"]) == (422, {"field": "X-Focus-Seed"})


@pytest.mark.parametrize("modulation", [None, *Modulation])
def test_a_modulation_can_be_asked_for(rig: Rig, modulation: Modulation | None) -> None:
    headers = {} if modulation is None else {"X-Focus-Modulation": modulation.value}
    answer = rig.ask("POST", SESSIONS, START, headers=headers)
    assert answer.status == 202
    assert len(answer.json) == 10
    claim = rig.store.claim("rig", 60.0)
    assert claim is not None
    assert Piece.from_json(claim.piece).modulation is modulation


@pytest.mark.parametrize("modulation", ["", "LOW", "0.3", "deep", "low, high", "null"])
def test_an_unknown_modulation_is_refused(quiet_rig: Rig, modulation: str) -> None:
    answer = quiet_rig.ask("POST", SESSIONS, START, headers={"X-Focus-Modulation": modulation})
    assert (answer.status, answer.error["details"]) == (422, {"field": "X-Focus-Modulation"})
    assert "off, low, medium, high" in answer.error["system_message"]
    assert quiet_rig.ask("GET", SESSIONS).json["items"] == []


def test_the_same_idempotency_key_with_another_modulation_is_refused(rig: Rig) -> None:
    key = {"Idempotency-Key": "modulated"}
    assert rig.ask("POST", SESSIONS, START, headers=key).status == 202
    assert rig.ask("POST", SESSIONS, START, headers={**key, "X-Focus-Modulation": "low"}).status == 422


def test_seeds_differ_where_none_is_given(rig: Rig) -> None:
    rig.start(target_minutes=1)
    rig.start(target_minutes=1)
    pieces = [rig.store.claim("rig", 60.0), rig.store.claim("rig", 60.0)]
    assert len({Piece.from_json(claim.piece).seed for claim in pieces if claim}) == 2


def test_the_same_idempotency_key_answers_the_same_session(rig: Rig) -> None:
    retry = {"Idempotency-Key": "one"}
    first = rig.ask("POST", SESSIONS, START, headers=retry)
    spelled_otherwise = json.dumps({"target_minutes": 60, "goal": "focus", "divergence": None}).encode()
    second = rig.ask("POST", SESSIONS, spelled_otherwise, headers=retry)
    assert (first.status, second.status) == (202, 202)
    assert first.json["session_id"] == second.json["session_id"]
    other = rig.ask("POST", SESSIONS, {**START, "target_minutes": 61}, headers=retry)
    assert (other.status, other.error["details"]) == (422, {"field": "Idempotency-Key"})
    guest = rig.ask("POST", SESSIONS, START, headers=retry, key=GUEST_KEY)
    assert guest.json["session_id"] != first.json["session_id"]
    assert rig.ask("POST", SESSIONS, START, headers={"Idempotency-Key": "x" * 256}).status == 422


def test_next_ready_at_is_never_past_and_never_far(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    for _ in range(3):
        rig.clock.step(3600.3)
        moment = parse_wire_time(rig.get(session_id)["next_ready_at"])
        assert 0 <= (moment - rig.clock.now()).total_seconds() < 60
    assert moment.tzinfo == UTC
    assert isinstance(moment, datetime)


@pytest.mark.parametrize("call", ["GET /{}", "POST /{}/end"])
@pytest.mark.parametrize("missing", ["mfocus_000000000000", "nonsense", "a%2Fb", "..", "'; DROP TABLE session"])
def test_a_session_that_is_not_there_is_named(quiet_rig: Rig, call: str, missing: str) -> None:
    method, _, path = call.format(missing).partition(" ")
    answer = quiet_rig.ask(method, SESSIONS + path)
    assert answer.status == 404
    error = answer.error
    assert (error["code"], error["type"]) == ("RESOURCE_NOT_FOUND", "client_error")
    assert (error["message"], error["system_message"]) == (
        "The requested resource was not found.",
        "Focus session not found",
    )
    assert error["details"] == {"session_id": missing}


def test_someone_elses_session_is_indistinguishable_from_a_missing_one(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    for method, suffix in (("GET", ""), ("POST", "/end")):
        foreign = rig.ask(method, f"{SESSIONS}/{session_id}{suffix}", key=GUEST_KEY)
        missing = rig.ask(method, f"{SESSIONS}/mfocus_000000000000{suffix}", key=GUEST_KEY)
        assert foreign.status == missing.status == 404
        changing = {"details", "trace_id", "timestamp"}
        assert {key: value for key, value in foreign.error.items() if key not in changing} == {
            key: value for key, value in missing.error.items() if key not in changing
        }
    assert rig.get(session_id)["status"] == "active"


def test_a_failed_rendering_leaves_what_is_ready_and_expects_nothing(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready(2)
    for _ in range(3):
        claim = rig.store.claim("rig", 60.0)
        assert claim is not None
        rig.store.release(claim, "broken")
        rig.clock.step(1)
    session = rig.get(session_id)
    assert (session["status"], session["ready_count"], session["more_pending"]) == ("active", 2, False)
    assert session["next_ready_at"] is None


def test_what_runs_for_too_long_times_out(rig: Rig) -> None:
    short, long = rig.start(target_minutes=60)["session_id"], rig.start(target_minutes=1440)["session_id"]
    assert rig.parts.sessions.sweep() == 0
    rig.clock.step(12 * 3600 - 1)
    assert rig.parts.sessions.sweep() == 0
    rig.clock.step(2)
    assert rig.parts.sessions.sweep() == 1
    assert rig.get(short)["status"] == "ended"
    assert rig.get(long)["status"] == "active"
    ended = rig.store.session(LOCAL, short)
    assert ended is not None
    assert ended.end_reason is EndReason.TIMEOUT
    rig.clock.step(36 * 3600)
    assert rig.parts.sessions.sweep() == 1


def test_a_jump_of_the_wall_clock_times_nobody_out(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.parts.sessions.sweep()
    rig.clock.wall += 86_400
    assert rig.parts.sessions.sweep() == 0
    assert rig.get(session_id)["status"] == "active"


def test_an_ended_session_can_be_heard_for_a_day_and_then_its_audio_goes(rig: Rig) -> None:
    ended, active = rig.start()["session_id"], rig.start()["session_id"]
    rig.make_ready(4)
    rig.ask("POST", f"{SESSIONS}/{ended}/end")
    before = set(rig.store.object_keys())
    rig.clock.step(86_399)
    assert rig.parts.retention.apply() == 0
    assert rig.get(ended)["ready_count"] > 0
    rig.clock.step(2)
    assert rig.parts.retention.apply() > 0
    expired = before - set(rig.objects.survey())
    assert {key.split("/")[0] for key in expired} == {ended}
    assert rig.parts.retention.apply() == 0
    assert (rig.get(ended)["status"], rig.get(ended)["ready_count"], rig.get(ended)["segments"]) == ("ended", 0, [])
    assert set(rig.store.object_keys()) == before - expired
    assert rig.get(active)["ready_count"] > 0


def test_a_listener_without_the_capability_may_not_start(rig: Rig) -> None:
    answer = rig.ask("POST", SESSIONS, {"goal": "nonsense"}, key=LISTENER_KEY)
    assert answer.status == 403
    assert answer.error["code"] == "INSUFFICIENT_PERMISSIONS"
    assert answer.error["system_message"] == "USE_MUSIC_GENERATION capability required"
    assert rig.ask("POST", SESSIONS, {"goal": "nonsense"}, key=KEY).status == 422
