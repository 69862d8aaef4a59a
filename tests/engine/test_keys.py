"""Keys of organizations and users: made once, checked in order, and blind to what is somebody else's."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.engine.key_form import Kind, digest, key_id_of, new_key
from tests.engine.rig import KEY, SESSIONS, START, Answer, Rig

KEYS = "/v1/engine/keys"


def create(rig: Rig, **wish: Any) -> dict[str, Any]:
    answer = rig.ask("POST", KEYS, {"organization_id": "org_team", **wish})
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


def sessions_of(organization: str) -> str:
    return f"/v1/music/{organization}/focus/sessions"


def test_a_key_has_the_documented_form_and_only_its_digest_is_kept(rig: Rig) -> None:
    made = create(rig, name="anna")
    assert re.fullmatch(r"fk_live_[a-z0-9]{8}_[A-Za-z0-9_-]{43}_[0-9a-f]{8}", made["key"])
    assert made["key"].split("_")[2] == made["key_id"]
    rig.clock.step(1)
    assert create(rig, organization_id="org_local")["key"].startswith("fk_local_")
    kept = b"".join(file.read_bytes() for file in rig.objects.root.parent.glob("engine.db*"))
    assert digest(made["key"].encode()) in kept
    assert made["key"].encode()[16:59] not in kept
    listed = rig.ask("GET", KEYS)
    assert made["key"].encode() not in listed.body
    assert [key["name"] for key in listed.json["keys"]] == ["anna", ""]


@given(st.sampled_from(Kind), st.integers(0, 68), st.characters(codec="latin-1"))
def test_a_mistyped_key_is_none(kind: Kind, at: int, other: str) -> None:
    key = new_key(kind)
    assert key_id_of(key.encode()) == key.split("_")[2]
    mistyped = key[:at] + other + key[at + 1 :]
    if mistyped != key:
        assert key_id_of(mistyped.encode("latin-1")) is None


@given(st.binary())
def test_what_is_no_key_has_no_id(noise: bytes) -> None:
    assert key_id_of(noise) is None


def test_a_key_opens_its_organization_and_shows_when_it_was_used(rig: Rig) -> None:
    made = create(rig)
    assert made["last_used_at"] is None
    rig.clock.step(60)
    answer = rig.ask("POST", sessions_of("org_team"), START, key=made["key"])
    assert answer.status == 202
    assert answer.headers["aitronos-organization"] == "org_team"
    (listed,) = rig.ask("GET", KEYS).json["keys"]
    assert listed["last_used_at"] == "2026-06-28T10:31:00Z"
    assert {k: v for k, v in listed.items() if k != "last_used_at"} == {
        k: v for k, v in made.items() if k not in {"key", "last_used_at"}
    }


def test_a_key_survives_the_engine(rig: Rig) -> None:
    made = create(rig)
    rig.parts.callers.reload()
    assert rig.ask("GET", sessions_of("org_team"), key=made["key"]).status == 200


def test_a_revoked_or_expired_key_opens_nothing(rig: Rig) -> None:
    lasting, brief = create(rig), create(rig, expires_in_seconds=60)
    mine = sessions_of("org_team")
    assert [rig.ask("GET", mine, key=made["key"]).status for made in (lasting, brief)] == [200, 200]
    rig.clock.step(60)
    expired = rig.ask("GET", mine, key=brief["key"])
    assert (expired.status, expired.error["code"]) == (401, "INVALID_API_KEY")
    first = rig.ask("POST", f"{KEYS}/{lasting['key_id']}/revoke")
    rig.clock.step(60)
    assert rig.ask("POST", f"{KEYS}/{lasting['key_id']}/revoke").json == first.json
    assert first.json["status"] == "revoked"
    revoked = rig.ask("GET", mine, key=lasting["key"])
    unknown = rig.ask("GET", mine, key=new_key(Kind.LIVE))
    assert without_trace(revoked) == without_trace(unknown)
    assert rig.ask("POST", f"{KEYS}/nothere1/revoke").status == 404
    assert {key["status"] for key in rig.ask("GET", KEYS).json["keys"]} == {"revoked", "expired"}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"organization_id": ""}, "organization_id"), ({"organization_id": "a/b"}, "organization_id"),
        ({"organization_id": 5}, "organization_id"), ({"user_id": "ü"}, "user_id"), ({"name": "x" * 257}, "name"),
        ({"capabilities": []}, "capabilities"), ({"capabilities": ["EVERYTHING"]}, "capabilities"),
        ({"expires_in_seconds": 0}, "expires_in_seconds"), ({"expires_in_seconds": "1"}, "expires_in_seconds"),
        ({"expires_in_seconds": 10**12}, "expires_in_seconds"), ({"admin": True}, "admin"), ([], "body"),
    ],
)  # fmt: skip
def test_a_wish_that_makes_no_sense_names_its_field(rig: Rig, wish: Any, field: str) -> None:
    answer = rig.ask("POST", KEYS, wish)
    assert (answer.status, answer.error["details"]) == (422, {"field": field})


def test_checks_come_in_the_documented_order(rig: Rig) -> None:
    weak = create(rig, capabilities=["MANAGE_ENGINE"])["key"]
    able = create(rig)["key"]
    nonsense = b"{"
    answers = [
        rig.ask("POST", sessions_of("org_team"), nonsense, key=None),
        rig.ask("POST", sessions_of("org_other"), nonsense, key=weak),
        rig.ask("POST", sessions_of("org_team"), nonsense, key=weak),
        rig.ask("POST", sessions_of("org_team"), nonsense, key=able),
    ]
    assert [(answer.status, answer.error["code"]) for answer in answers] == [
        (401, "AUTHENTICATION_REQUIRED"),
        (403, "ORGANIZATION_ACCESS_DENIED"),
        (403, "INSUFFICIENT_PERMISSIONS"),
        (422, "VALIDATION_ERROR"),
    ]
    assert answers[2].error["system_message"] == "USE_MUSIC_GENERATION capability required"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", KEYS), ("POST", KEYS), ("POST", KEYS + "/x/revoke"), ("POST", "/v1/engine/stop"),
     ("POST", "/v1/engine/signing-keys")],
)  # fmt: skip
def test_the_engine_is_kept_by_its_keeper_alone(rig: Rig, method: str, path: str) -> None:
    able = create(rig)["key"]
    refused = rig.ask(method, path, key=able)
    assert (refused.status, refused.error["system_message"]) == (403, "MANAGE_ENGINE capability required")
    assert rig.ask(method, path, key=None).status == 401
    assert not rig.parts.lifetime.stopping


def without_trace(answer: Answer, *ids: str) -> tuple[int, str, dict[str, str]]:
    """All of an answer that could tell something, with the ids that were asked for left out."""
    body = json.dumps({k: v for k, v in answer.error.items() if k != "trace_id"})
    for known in ids:
        body = body.replace(known, "ID")
    telling = {k: v for k, v in answer.headers.items() if k not in {"x-request-id", "freddy-processing-ms"}}
    telling["content-length"] = str(len(body))
    return answer.status, body, telling


CALLS = [("GET", ""), ("POST", "/end"), ("POST", "/segments/0/promote"), ("GET", "/nothing"), ("DELETE", "")]


@pytest.mark.parametrize(("method", "below"), CALLS)
def test_what_is_somebody_elses_is_as_if_it_were_not_there(rig: Rig, method: str, below: str) -> None:
    theirs = rig.start()["session_id"]
    rig.make_ready()
    missing = "mfocus_" + "0" * 12
    foreign = create(rig)
    colleague = create(rig, organization_id="org_local")
    for made in (foreign, colleague):
        mine = sessions_of(made["organization_id"])
        answers = [rig.ask(method, f"{mine}/{asked}{below}", key=made["key"]) for asked in (theirs, missing)]
        assert answers[0].status in {404, 405}
        assert without_trace(answers[0], theirs) == without_trace(answers[1], missing)
        assert rig.ask("GET", mine, key=made["key"]).json["items"] == []
    assert rig.get(theirs)["status"] == "active"


def test_an_organization_that_is_there_is_refused_as_one_that_is_not(rig: Rig) -> None:
    create(rig, organization_id="org_there")
    key = create(rig)["key"]
    there, missing = (rig.ask("GET", sessions_of(name), key=key) for name in ("org_there", "org_nowhere"))
    assert without_trace(there, "org_there") == without_trace(missing, "org_nowhere")
    assert there.status == 403


def test_an_idempotency_key_of_another_user_is_free(rig: Rig) -> None:
    key = create(rig, organization_id="org_local")["key"]
    again = {"Idempotency-Key": "same"}
    mine = rig.ask("POST", SESSIONS, START, key=KEY, headers=again).json["session_id"]
    theirs = rig.ask("POST", SESSIONS, {**START, "goal": "sleep"}, key=key, headers=again)
    assert theirs.status == 202
    assert theirs.json["session_id"] != mine
