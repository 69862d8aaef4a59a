"""A tool that was written for AgentHuman or for Emogg ends our sessions, in its own words."""

import re
from typing import Any

import pytest

from focuscli.engine.store import EndReason, StoreUnavailable
from focuscli.model import SessionStatus
from tests.engine.rig import GUEST_KEY, KEY, LISTENER_KEY, LOCAL, Answer, Rig

MISSING = "mfocus_000000000000"
MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def agenthuman(rig: Rig, session_id: str, key: str | None = KEY) -> Answer:
    return rig.ask("POST", f"/v1/sessions/{session_id}/end", key=None, headers={"x-api-key": key} if key else {})


def emogg(rig: Rig, session_id: str, key: str | None = KEY) -> Answer:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return rig.ask("POST", f"/v1/sessions/{session_id}/stop", key=None, headers=headers)


def end_reason(rig: Rig, session_id: str) -> EndReason | None:
    session = rig.store.session(LOCAL, session_id)
    assert session is not None
    return session.end_reason


def test_agenthuman_ends_a_session_once_and_is_told_the_same_again(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.clock.step(90.5)
    answer = agenthuman(rig, session_id)
    assert answer.status == 200
    assert answer.json == {
        "success": True,
        "session": {
            "session_id": session_id,
            "status": "ended",
            "started_at": "2026-06-28T10:30:00Z",
            "ended_at": "2026-06-28T10:31:30Z",
        },
    }
    rig.clock.step(60)
    assert agenthuman(rig, session_id).json == answer.json
    assert rig.get(session_id)["status"] == "ended"
    assert end_reason(rig, session_id) is EndReason.CLIENT


def test_what_stopped_at_its_cap_is_ended_to_agenthuman_and_stays_capped_to_us(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.store.end(session_id, SessionStatus.STOPPED_CAP, EndReason.CAP, rig.clock.wall)
    assert agenthuman(rig, session_id).json["session"]["status"] == "ended"
    assert rig.get(session_id)["status"] == "stopped_cap"


def test_emogg_stops_a_session_and_gets_the_object(rig: Rig) -> None:
    session_id = rig.start(goal="sleep", target_minutes=90)["session_id"]
    rig.clock.step(10)
    rig.make_ready(1)
    rig.clock.step(110.25)
    answer = emogg(rig, session_id)
    assert answer.status == 200
    assert answer.json == {
        "_id": session_id,
        "name": "sleep, 90 minutes",
        "type": "focus",
        "state": "finished",
        "timestamp": "2026-06-28T10:30:00.000Z",
        "duration": 120.25,
        "config": {"goal": "sleep", "target_minutes": 90, "engine": "procedural"},
        "sources": [],
        "meta": {
            "expires": "2026-06-28T22:30:00.000Z",
            "healthCheck": "2026-06-28T10:30:10.000Z",
            "workerState": "stopped",
        },
        "product": "focus",
        "user": "user_local",
        "version": 1,
    }
    assert all(MILLISECONDS.fullmatch(answer.json["meta"][name]) for name in ("expires", "healthCheck"))
    assert end_reason(rig, session_id) is EndReason.CLIENT


def test_a_session_whose_worker_never_spoke_has_no_health_check(rig: Rig) -> None:
    assert emogg(rig, rig.start()["session_id"]).json["meta"]["healthCheck"] is None


def test_emogg_cannot_stop_what_is_over(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    assert emogg(rig, session_id).status == 200
    answer = emogg(rig, session_id)
    assert (answer.status, answer.json) == (400, {"error": True, "status": 400, "message": "Session is not active"})


@pytest.mark.parametrize("key", [KEY, GUEST_KEY], ids=["missing", "someone else's"])
def test_what_is_not_there_and_what_is_not_yours_are_the_same(rig: Rig, key: str) -> None:
    session_id = MISSING if key == KEY else rig.start()["session_id"]
    human = agenthuman(rig, session_id, key)
    assert human.status == 404
    assert human.json["success"] is False
    assert human.json["error"].keys() == {"message", "suggestion"}
    stopped = emogg(rig, session_id, key)
    assert (stopped.status, stopped.json) == (404, {"error": True, "status": 404, "message": "Session not found"})


def test_without_credentials_each_says_so_in_its_own_words(quiet_rig: Rig) -> None:
    human = agenthuman(quiet_rig, MISSING, None)
    assert (human.status, human.json) == (401, {"error": "API key required"})
    stopped = emogg(quiet_rig, MISSING, None)
    assert stopped.status == 401
    assert stopped.json.keys() == {"error", "status", "message"}
    assert (stopped.json["error"], stopped.json["status"]) == (True, 401)


@pytest.mark.parametrize(("key", "status"), [("x" * 43, 401), (LISTENER_KEY, 403)])
def test_other_refusals_have_the_shape_too(quiet_rig: Rig, key: str, status: int) -> None:
    human, stopped = agenthuman(quiet_rig, MISSING, key), emogg(quiet_rig, MISSING, key)
    assert human.status == stopped.status == status
    assert isinstance(human.json["error"], str if status == 401 else dict)
    assert stopped.json.keys() == {"error", "status", "message"}


def test_a_store_that_refuses_is_told_in_the_same_shapes(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise StoreUnavailable("locked")

    session_id = rig.start()["session_id"]
    monkeypatch.setattr(rig.store, "session", refuse)
    human, stopped = agenthuman(rig, session_id), emogg(rig, session_id)
    assert (human.status, human.json["success"], human.headers["retry-after"]) == (503, False, "1")
    assert (stopped.status, stopped.json["error"]) == (503, True)


def test_both_headers_are_good_for_both(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    bearer = {"Authorization": f"Bearer {KEY}"}
    assert rig.ask("POST", f"/v1/sessions/{session_id}/end", key=None, headers=bearer).status == 200
    assert rig.ask("POST", f"/v1/sessions/{session_id}/stop").status == 400


def test_the_segment_in_flight_is_dropped_by_either(rig: Rig) -> None:
    for stop in (agenthuman, emogg):
        session_id = rig.start()["session_id"]
        claim = rig.store.claim("rig", 60.0)
        assert claim is not None
        assert stop(rig, session_id).status == 200
        assert not rig.store.finish(claim, rig.place(claim))
