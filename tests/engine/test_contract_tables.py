"""Every row of the wire contract's tables, as data: what is asked, and what must come back to the letter."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from focuscli.engine.rate_limits import Rates
from focuscli.engine.spending import Budget, Window
from focuscli.engine.store import EndReason, StoreUnavailable
from focuscli.model import SessionStatus
from tests.engine.rig import GUEST_KEY, KEY, LISTENER_KEY, LOCAL, SESSIONS, START, Answer, Rig

MUSIC = "/v1/music/org_local"
MISSING = "mfocus_000000000000"


# The error table: HTTP, code, type, message, system_message and details ("..." where the contract leaves it open).


def no_key(rig: Rig) -> Answer:
    return rig.ask("POST", SESSIONS, START, key=None)


def unknown_key(rig: Rig) -> Answer:
    return rig.ask("POST", SESSIONS, START, key="unknown")


def no_capability(rig: Rig) -> Answer:
    return rig.ask("POST", SESSIONS, START, key=LISTENER_KEY)


def other_organization(rig: Rig) -> Answer:
    return rig.ask("POST", SESSIONS.replace("org_local", "org_abc123"), START)


def missing_session(rig: Rig) -> Answer:
    return rig.ask("GET", f"{SESSIONS}/{MISSING}")


def wrong_method(rig: Rig) -> Answer:
    return rig.ask("PUT", SESSIONS, START)


def long_body(rig: Rig) -> Answer:
    return rig.ask("POST", SESSIONS, b" " * 100_000)


def no_prompt(rig: Rig) -> Answer:
    return rig.ask("POST", SESSIONS, {**START, "goal": "custom_prompt"})


def too_often(rig: Rig) -> Answer:
    while (answer := rig.ask("GET", SESSIONS)).status == 200:
        pass
    return answer


def broken(rig: Rig) -> Answer:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    rig.store.listing = fail  # type: ignore[method-assign, assignment]
    return rig.ask("GET", f"{SESSIONS}/{MISSING}")


def locked(rig: Rig) -> Answer:
    def fail(*_: object) -> None:
        raise StoreUnavailable("database is locked")

    rig.store.listing = fail  # type: ignore[method-assign, assignment]
    return rig.ask("GET", f"{SESSIONS}/{MISSING}")


def leaving(rig: Rig) -> Answer:
    rig.parts.lifetime.stop()
    return rig.ask("GET", SESSIONS)


Cause = Callable[[Rig], Answer]
ERRORS: list[tuple[Cause, int, str, str, Any, Any, Any]] = [
    (no_key, 401, "AUTHENTICATION_REQUIRED", "authentication_error",
     "Authentication required. Please provide a valid API key.", "Missing or invalid authorization header", {}),
    (unknown_key, 401, "INVALID_API_KEY", "authentication_error", ..., ..., ...),
    (no_capability, 403, "INSUFFICIENT_PERMISSIONS", "authorization_error",
     "You do not have permission to access this resource.", "USE_MUSIC_GENERATION capability required", {}),
    (other_organization, 403, "ORGANIZATION_ACCESS_DENIED", "authorization_error", ..., ..., ...),
    (missing_session, 404, "RESOURCE_NOT_FOUND", "client_error", "The requested resource was not found.",
     "Focus session not found", {"session_id": MISSING}),
    (wrong_method, 405, "METHOD_NOT_ALLOWED", "client_error", ..., ..., ...),
    (long_body, 413, "PAYLOAD_TOO_LARGE", "client_error", ..., ..., ...),
    (no_prompt, 422, "VALIDATION_ERROR", "validation_error", "The request contains invalid parameters.",
     "custom_prompt is required when goal is custom_prompt", {"field": "custom_prompt"}),
    (too_often, 429, "RATE_LIMIT_EXCEEDED", "rate_limit_error", ..., ..., ...),
    (broken, 500, "INTERNAL_SERVER_ERROR", "server_error", ..., ..., ...),
    (locked, 503, "SERVICE_UNAVAILABLE", "server_error", ..., ..., ...),
    (leaving, 503, "SERVICE_UNAVAILABLE", "server_error", ..., ..., ...),
]  # fmt: skip
INNER = ["code", "message", "system_message", "type", "status", "details", "trace_id", "timestamp"]


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Rig]:
    """An engine with a limit of rate, which a few requests reach."""
    rig = Rig(tmp_path, rates=Rates(3))
    yield rig
    rig.file.close()


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row[0].__name__)
def test_every_error_of_the_table(strict: Rig, row: tuple[Cause, int, str, str, Any, Any, Any]) -> None:
    cause, status, code, kind, message, system_message, details = row
    answer = cause(strict)
    error = answer.error
    assert list(error) == INNER
    assert (answer.status, error["status"], error["code"], error["type"]) == (status, status, code, kind)
    for found, expected in zip(
        (error["message"], error["system_message"], error["details"]), (message, system_message, details), strict=True
    ):
        assert found == expected or expected is ...
    assert error["message"]
    assert error["system_message"]
    assert isinstance(error["details"], dict)
    assert error["trace_id"] == answer.headers["x-request-id"]
    assert error["timestamp"] == "2026-06-28T10:30:00Z"
    assert b"secret" not in answer.body
    if status in {429, 503}:
        assert int(answer.headers["retry-after"]) >= 1


# Section 1: the headers of every response, success or not.

HEADERS = ["x-request-id", "freddy-processing-ms", "freddy-api-version", "aitronos-organization"]
LIMITS = ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
          "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]  # fmt: skip
CALLS = [("GET", "/v1/health"), ("GET", SESSIONS), ("GET", "/nothing"), ("PUT", SESSIONS), ("GET", f"{MUSIC}/usage"),
         ("GET", f"{MUSIC}/tracks/mtrack_0"), ("GET", f"{MUSIC}/engines")]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CALLS, ids=lambda value: value)
def test_every_response_has_the_headers(quiet_rig: Rig, method: str, path: str) -> None:
    headers = quiet_rig.ask(method, path).headers
    assert set(HEADERS) <= set(headers)
    assert headers["freddy-api-version"] == "2025-01-01"
    assert headers["aitronos-organization"] == "org_local"


def test_answers_to_a_key_tell_its_limits(strict: Rig) -> None:
    assert set(LIMITS) <= set(strict.ask("GET", SESSIONS).headers)


# Section 2: the fields of a start. Field, what is good (and what it becomes in the answer), what is not.

FIELDS: list[tuple[str, list[Any], list[Any]]] = [
    ("goal", ["focus", "relax", "sleep", "energize"], [..., None, "", "Focus", 1, ["focus"]]),
    ("target_minutes", [1, 60, 1440], [..., None, 0, -1, 1441, "60", 60.0, 60.5, True]),
    ("custom_prompt", [..., None, "ignored for other goals", "", "x" * 3000], [7, ["x"], False]),
    ("intensity", [..., None, "low", "medium", "high"], ["", "HIGH", 1]),
    ("divergence", [..., None, 0, 0.0, 0.5, 1, 1.0], [-0.01, 1.01, "0.5", True]),
    ("engine", [..., None, "procedural"], ["", "unknown", 1]),
    ("unknown_field", [...], [None, 1, "x"]),
]
PROMPTS = (["x", "x" * 2000, "雨"], [..., None, "", "  \t", "x" * 2001, 5])


def with_field(name: str, value: Any, start: dict[str, Any]) -> dict[str, Any]:
    """The start with a field set, or (...) left out."""
    changed = {**start, name: value}
    return {key: given for key, given in changed.items() if given is not ...}


ROWS = [(name, value, START) for name, good, _ in FIELDS for value in good]
PROMPTED = {**START, "goal": "custom_prompt"}


@pytest.mark.parametrize(
    ("name", "value", "start"), [*ROWS, *(("custom_prompt", value, PROMPTED) for value in PROMPTS[0])]
)
def test_every_good_field_is_taken(rig: Rig, name: str, value: Any, start: dict[str, Any]) -> None:
    answer = rig.ask("POST", SESSIONS, with_field(name, value, start))
    assert answer.status == 202, answer.body
    if name in {"goal", "target_minutes"}:
        assert answer.json[name] == value
    assert answer.json["engine"] == "procedural"


BAD_ROWS = [(name, value, START) for name, _, bad in FIELDS for value in bad]


@pytest.mark.parametrize(
    ("name", "value", "start"), [*BAD_ROWS, *(("custom_prompt", value, PROMPTED) for value in PROMPTS[1])]
)
def test_every_bad_field_is_refused_and_named(quiet_rig: Rig, name: str, value: Any, start: dict[str, Any]) -> None:
    answer = quiet_rig.ask("POST", SESSIONS, with_field(name, value, start))
    assert (answer.status, answer.error["details"]) == (422, {"field": name})


# Section 3: the calls around a session. Call, status, keys of the answer, keys of what it lists.

TRACK = ["id", "title", "engine", "mode", "measured_duration_seconds", "instrumental", "licence_class", "created_at",
         "playback_url", "stem_urls"]  # fmt: skip
ENGINE = ["engine_key", "display_name", "description", "max_duration_seconds", "supports_vocals", "supports_lyrics",
          "supports_stems", "supported_languages", "licence_class", "commercial_use", "requires_attribution",
          "default"]  # fmt: skip
SESSION = ["session_id", "status", "goal", "engine", "target_minutes", "total_segments", "ready_count", "segments",
           "more_pending", "next_ready_at"]  # fmt: skip
SEGMENT = ["segment_index", "playback_url", "measured_duration_seconds", "target_lufs", "fade_in_ms", "fade_out_ms"]
WINDOW = ["window", "window_start", "cost_chf", "limit_chf", "by_engine"]
AROUND: list[tuple[str, str, int, list[str], str, list[str]]] = [
    ("POST", SESSIONS, 202, SESSION, "", []),
    ("GET", f"{SESSIONS}/{{session}}", 200, SESSION, "segments", SEGMENT),
    ("POST", f"{SESSIONS}/{{session}}/end", 200, SESSION, "", []),
    ("GET", SESSIONS, 200, ["items", "limit", "offset"], "items", [key for key in SESSION if key != "segments"]),
    ("GET", f"{MUSIC}/engines", 200, ["engines"], "engines", ENGINE),
    ("POST", f"{SESSIONS}/{{session}}/segments/1/promote", 201, TRACK, "", []),
    ("POST", f"{SESSIONS}/{{session}}/segments/0/promote", 200, TRACK, "", []),
    ("GET", f"{MUSIC}/tracks", 200, ["items", "limit", "offset"], "items", TRACK),
    ("GET", f"{MUSIC}/tracks/{{track}}", 200, TRACK, "", []),
    ("DELETE", f"{MUSIC}/tracks/{{track}}", 200, ["success", "id", "detail"], "", []),
    ("GET", f"{MUSIC}/usage", 200, ["organization_id", "windows"], "windows", WINDOW),
]


@pytest.mark.parametrize("row", AROUND, ids=lambda row: f"{row[0]} {row[1]}")
def test_every_call_answers_with_its_keys(rig: Rig, row: tuple[str, str, int, list[str], str, list[str]]) -> None:
    method, path, status, keys, listed, keys_listed = row
    session_id = rig.start()["session_id"]
    rig.make_ready(2)
    track_id = rig.ask("POST", f"{SESSIONS}/{session_id}/segments/0/promote").json["id"]
    body = START if (method, path) == ("POST", SESSIONS) else None
    answer = rig.ask(method, path.format(session=session_id, track=track_id), body)
    assert (answer.status, list(answer.json)) == (status, keys)
    assert answer.headers["cache-control"] == "no-store"
    if listed:
        assert answer.json[listed]
        assert all(list(item) == keys_listed for item in answer.json[listed])


# Section 4: the life of a session. From where, what happens, where it is then, and why.

ENDED, CAPPED = SessionStatus.ENDED, SessionStatus.STOPPED_CAP
LIFE: list[tuple[str, list[str], str, str]] = [
    ("nothing happens", [], "active", ""),
    ("end", ["end"], "ended", "client"),
    ("end twice", ["end", "end"], "ended", "client"),
    ("cap", ["cap"], "stopped_cap", "cap"),
    ("end after cap", ["cap", "end"], "stopped_cap", "cap"),
    ("cap after end", ["end", "cap"], "ended", "client"),
    ("time-out", ["timeout"], "ended", "timeout"),
    ("orphaned", ["orphan"], "ended", "orphan"),
    ("time-out after cap", ["cap", "timeout"], "stopped_cap", "cap"),
    ("orphaned after end", ["end", "orphan"], "ended", "client"),
    ("shutdown", ["shutdown"], "ended", "shutdown"),
]


@pytest.mark.parametrize("row", LIFE, ids=lambda row: row[0])
def test_the_first_terminal_status_wins(rig: Rig, row: tuple[str, list[str], str, str]) -> None:
    _, happenings, status, reason = row
    session_id = rig.start()["session_id"]
    for happening in happenings:
        if happening == "end":
            assert rig.ask("POST", f"{SESSIONS}/{session_id}/end").status == 200
        else:
            rig.store.end(session_id, CAPPED if happening == "cap" else ENDED, EndReason(happening), 2000.0)
    assert rig.get(session_id)["status"] == status
    stored = rig.store.session(LOCAL, session_id)
    assert stored is not None
    assert (stored.end_reason or "") == reason
    assert (stored.ended_at is None) is (status == "active")


def test_a_cap_that_is_reached_is_a_terminal_status_of_its_own(tmp_path: Path) -> None:
    rig = Rig(tmp_path, budget=Budget({"procedural": 10}, {Window.DAY: 5}))
    answer = rig.ask("POST", SESSIONS, START)
    assert (answer.status, answer.json["status"], answer.json["more_pending"]) == (202, "stopped_cap", False)
    rig.file.close()


# Section 4: the sibling APIs. Call, credentials, whose session and how it stands, status, keys or body.

BOTH: list[tuple[str, str | None, str, int, Any]] = [
    ("end", KEY, "active", 200, ["success", "session"]),
    ("end", KEY, "ended", 200, ["success", "session"]),
    ("end", KEY, "missing", 404, ["success", "error"]),
    ("end", GUEST_KEY, "active", 404, ["success", "error"]),
    ("end", None, "active", 401, {"error": "API key required"}),
    ("stop", KEY, "active", 200, ["_id", "name", "type", "state", "timestamp", "duration", "config", "sources", "meta",
                                  "product", "user", "version"]),
    ("stop", KEY, "ended", 400, ["error", "status", "message"]),
    ("stop", KEY, "missing", 404, ["error", "status", "message"]),
    ("stop", GUEST_KEY, "active", 404, ["error", "status", "message"]),
    ("stop", None, "active", 401, ["error", "status", "message"]),
]  # fmt: skip


@pytest.mark.parametrize("row", BOTH, ids=lambda row: f"{row[0]} {row[2]} {'' if row[1] == KEY else row[1]}")
def test_the_sibling_apis_answer_in_their_own_words(rig: Rig, row: tuple[str, str | None, str, int, Any]) -> None:
    call, key, standing, status, expected = row
    session_id = rig.start()["session_id"] if standing != "missing" else MISSING
    if standing == "ended":
        rig.ask("POST", f"{SESSIONS}/{session_id}/end")
    answer = rig.ask("POST", f"/v1/sessions/{session_id}/{call}", key=key)
    assert answer.status == status
    assert (answer.json if isinstance(expected, dict) else list(answer.json)) == expected
    if status == 200:
        assert rig.get(session_id)["status"] == "ended"
