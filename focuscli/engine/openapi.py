"""The API as an OpenAPI document, made from the types of its bodies; what the engine serves is kept beside this file.

python -m focuscli.engine.openapi            # print it
python -m focuscli.engine.openapi --write    # write the copy anew
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from focuscli.engine import engine_wire, siblings, wire
from focuscli.engine.envelope import Envelope
from focuscli.engine.resource import DEFAULT_PAGE, IDEMPOTENCY_KEY, LARGEST_OFFSET, LONGEST_PAGE
from focuscli.engine.start_request import LARGEST_SEED, LEASE_S
from focuscli.model import Modulation, SessionStatus

FILE = Path(__file__).with_name("openapi.json")
AUDIO = "audio/flac"

_ORGANIZATION = "/v1/music/{organization_id}"
_SESSIONS = _ORGANIZATION + "/focus/sessions"
_SESSION = _SESSIONS + "/{session_id}"

_ERRORS = {
    400: "The session is not active.",
    401: "No key, or one that is not known.",
    403: "The key has no right to this organization or call, a web page asks, or the signature is not valid.",
    404: "Not there, or someone else's.",
    413: "The body is too long.",
    416: "The body has nothing of the range.",
    421: "The Host header names another server.",
    422: "A field, header or parameter makes no sense; `details.field` names it.",
    429: "The key asks too often; `Retry-After` says when to come back.",
    500: "A bug of the engine.",
    503: "Not now: shutting down, store locked, disk full, or audio being made again.",
}
_ALWAYS = (403, 421, 500, 503)

_COMMON_HEADERS = {
    "x-request-id": ("The error's `trace_id`.", "string"),
    "freddy-processing-ms": ("Milliseconds from request to answer.", "integer"),
    "freddy-api-version": ("The version of this API.", "string"),
    "aitronos-organization": ("The organization that answers.", "string"),
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `answers` maps success statuses to bodies; `links` names what can follow.

    `refusals` are bodies of errors that its endpoint has beside the envelope.
    """

    method: str
    path: str
    name: str
    summary: str
    answers: Mapping[int, Any]
    errors: tuple[int, ...] = ()
    parameters: tuple[dict[str, Any], ...] = ()
    body: tuple[type, ...] = ()
    body_required: bool = False
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    key: bool = True
    refusals: tuple[type, ...] = ()


def _parameter(place: str, name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"in": place, "name": name, "required": place == "path", "description": description, "schema": schema}


_IDEMPOTENCY_KEY = _parameter(
    "header",
    "Idempotency-Key",
    {"type": "string", "pattern": IDEMPOTENCY_KEY},
    "Names this request: repeated with it, it is done once. With another request: 422.",
)
_START_HEADERS = (
    _IDEMPOTENCY_KEY,
    _parameter(
        "header",
        "X-Focus-Seed",
        {"type": "integer", "minimum": 0, "maximum": LARGEST_SEED},
        "The same seed gives the same music.",
    ),
    _parameter(
        "header",
        "X-Focus-Modulation",
        {"type": "string", "enum": [str(depth) for depth in Modulation]},
        "How deep the sound dips sixteen times a second.",
    ),
    _parameter(
        "header",
        "X-Focus-Lease",
        {"type": "integer", "minimum": LEASE_S[0], "maximum": LEASE_S[1]},
        "The session ends when nobody asks for it for so many seconds.",
    ),
)
_PAGE = (
    _parameter(
        "query",
        "limit",
        {"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE, "default": DEFAULT_PAGE},
        "How many at most.",
    ),
    _parameter(
        "query",
        "offset",
        {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0},
        "How many of the newest to leave out.",
    ),
)
_STATUS = _parameter(
    "query", "status", {"type": "string", "enum": [str(status) for status in SessionStatus]}, "Only these."
)
_WHEN = _parameter(
    "query", "when", {"type": "string", "enum": ["now", "idle"], "default": "now"}, "Whether to wait for idleness."
)
_NONCE = {
    "in": "query",
    "name": "nonce",
    "required": True,
    "description": "What the proof shall be made of.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
}
_OF_SESSION = {"session_id": "$response.body#/session_id"}
_OF_TRACK = {"track_id": "$response.body#/id"}
_AFTER_START = {
    "getFocusSession": _OF_SESSION,
    "endFocusSession": _OF_SESSION,
    "promoteSegment": {**_OF_SESSION, "segment_index": "0"},
}
_AFTER_PROMOTE = {"getTrack": _OF_TRACK, "deleteTrack": _OF_TRACK}

OPERATIONS = (
    Operation("POST", _SESSIONS, "startFocusSession", "Start a session; its segments are made from now on.",
              {202: wire.SessionBody}, (413, 422), _START_HEADERS, (wire.StartBody, wire.PromptStartBody),
              body_required=True, links=_AFTER_START),
    Operation("GET", _SESSIONS, "listFocusSessions", "The caller's sessions, newest first, without segments.",
              {200: wire.SessionPage}, (422,), (_STATUS, *_PAGE),
              links={"getFocusSession": {"session_id": "$response.body#/items/0/session_id"}}),
    Operation("GET", _SESSION, "getFocusSession", "A session with freshly signed URLs of what is ready.",
              {200: wire.SessionBody}, (404,), links={**_AFTER_START, "getFocusSession": _OF_SESSION}),
    Operation("POST", _SESSION + "/end", "endFocusSession", "End a session; one that is over answers as it is.",
              {200: wire.SessionBody}, (404,), links={"getFocusSession": _OF_SESSION, "endFocusSession": _OF_SESSION}),
    Operation("POST", _SESSION + "/segments/{segment_index}/promote", "promoteSegment",
              "Keep a ready segment for good: 201 the first time, 200 with the same track afterwards.",
              {201: wire.TrackBody, 200: wire.TrackBody}, (404, 413, 422), (_IDEMPOTENCY_KEY,), (wire.PromoteBody,),
              links=_AFTER_PROMOTE),
    Operation("GET", _ORGANIZATION + "/tracks", "listTracks", "The caller's tracks, newest first, without URLs.",
              {200: wire.TrackPage}, (422,), _PAGE, links={"getTrack": {"track_id": "$response.body#/items/0/id"}}),
    Operation("GET", _ORGANIZATION + "/tracks/{track_id}", "getTrack", "A track with a freshly signed URL.",
              {200: wire.TrackBody}, (404,), links={"deleteTrack": _OF_TRACK}),
    Operation("DELETE", _ORGANIZATION + "/tracks/{track_id}", "deleteTrack", "Remove a track and its audio for good.",
              {200: wire.DeletedBody}, (404,), links={"getTrack": _OF_TRACK}),
    Operation("GET", _ORGANIZATION + "/usage", "getUsage", "What the organization spent, and its caps.",
              {200: wire.UsageBody}),
    Operation("GET", _ORGANIZATION + "/engines", "listEngines", "The music generators that can be asked for.",
              {200: wire.EnginesBody}),
    Operation("POST", "/v1/sessions/{session_id}/end", "endAgentHumanSession", "End a session, as AgentHuman does.",
              {200: siblings.AgentHumanAnswer}, (404,),
              refusals=(siblings.AgentHumanUnauthorized, siblings.AgentHumanRefusal)),
    Operation("POST", "/v1/sessions/{session_id}/stop", "stopEmoggSession", "Stop a session, as Emogg does.",
              {200: siblings.EmoggSession}, (400, 404), refusals=(siblings.EmoggRefusal,)),
    Operation("GET", "/v1/media/{path}", "getMedia", "Audio behind a signed URL, whole or one range of it.",
              {200: AUDIO, 206: AUDIO}, (404, 416), key=False),
    Operation("GET", "/v1/health", "getHealth", "This process answers.", {200: engine_wire.AliveBody}, key=False),
    Operation("GET", "/v1/health/", "getHealthToo", "This process answers.", {200: engine_wire.AliveBody}, key=False),
    Operation("GET", "/v1/health/details", "getHealthDetails", "Each component, and the worst of them.",
              {200: engine_wire.HealthBody}, key=False),
    Operation("GET", "/v1/health/ready", "getReadiness", "Whether a proxy should send anybody here; 503 where not.",
              {200: engine_wire.HealthBody}, key=False),
    Operation("GET", "/v1/openapi.json", "getOpenapi", "This document.", {200: dict[str, Any]}, key=False),
    Operation("POST", "/v1/engine/stop", "stopEngine", "The engine leaves, or only if it has no active session.",
              {202: engine_wire.StoppingBody, 200: engine_wire.BusyBody}, (422,), (_WHEN,)),
    Operation("GET", "/v1/engine/keys", "listKeys", "Every key that was ever made, without its secret.",
              {200: engine_wire.KeysBody}, links={"revokeKey": {"key_id": "$response.body#/keys/0/key_id"}}),
    Operation("POST", "/v1/engine/keys", "createKey", "Make a key; its secret is in this answer alone.",
              {201: engine_wire.KeyBody}, (413, 422), body=(engine_wire.KeyWish,),
              links={"revokeKey": {"key_id": "$response.body#/key_id"}}),
    Operation("POST", "/v1/engine/keys/{key_id}/revoke", "revokeKey", "Let nobody in with that key any more.",
              {200: engine_wire.KeyBody}, (404,)),
    Operation("POST", "/v1/engine/signing-keys", "changeSigningKey", "Sign media URLs with a new key from now on.",
              {201: engine_wire.SigningKeyBody}, (429,)),
    Operation("GET", "/hello", "hello", "Who answers here, with the proof that it holds the key.",
              {200: engine_wire.HelloBody}, (422,), (_NONCE,), key=False),
)  # fmt: skip

_PATH_PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "organization_id": ({"type": "string", "minLength": 1}, "The caller's organization."),
    "session_id": ({"type": "string", "pattern": "^mfocus_[0-9a-f]{12}$"}, "A focus session."),
    "segment_index": ({"type": "integer", "minimum": 0}, "A segment of it, from 0."),
    "track_id": ({"type": "string", "pattern": "^mtrack_[0-9a-f]{12}$"}, "A track."),
    "key_id": ({"type": "string", "pattern": "^[a-z0-9]{8}$"}, "The public part of a key."),
    "path": ({"type": "string", "minLength": 1}, "The rest of a signed URL."),
}


def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    bodies = [Envelope, *(kind for operation in OPERATIONS for kind in _bodies(operation))]
    schemas, components = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    by_body = dict(zip(map(str, bodies), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, by_body)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "focus sessions",
            "version": "2025-01-01",
            "description": "Endless music for a purpose, made in segments ahead of the listener.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "headers": {
                name: {"description": description, "required": True, "schema": {"type": kind}}
                for name, (description, kind) in _COMMON_HEADERS.items()
            },
            "responses": {f"Error{status}": _error(status, by_body[str(Envelope)]) for status in _ERRORS},
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _bodies(operation: Operation) -> Iterable[Any]:
    yield from (answer for answer in operation.answers.values() if answer != AUDIO)
    yield from operation.body
    yield from operation.refusals


def _described(operation: Operation, by_body: Mapping[str, Any]) -> dict[str, Any]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    of_path = [_parameter("path", name, *_PATH_PARAMETERS[name]) for name in names]
    errors = {*operation.errors, *_ALWAYS, *((401, 429) if operation.key else ())}
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "security": [{"apiKey": []}, {"bearer": []}] if operation.key else [],
        "parameters": [*of_path, *operation.parameters],
        "responses": {
            **{str(status): _success(operation, answer, by_body) for status, answer in operation.answers.items()},
            **{str(status): _refusal(operation, status, by_body) for status in sorted(errors)},
        },
    }
    if operation.body:
        schemas = [by_body[str(body)] for body in operation.body]
        content = {"application/json": {"schema": {"anyOf": schemas} if len(schemas) > 1 else schemas[0]}}
        described["requestBody"] = {"required": operation.body_required, "content": content}
    return described


def _success(operation: Operation, answer: Any, by_body: Mapping[str, Any]) -> dict[str, Any]:
    media = {AUDIO: {}} if answer == AUDIO else {"application/json": {"schema": by_body[str(answer)]}}
    response: dict[str, Any] = {"description": operation.summary, "headers": _headers(), "content": media}
    if operation.links:
        response["links"] = {name: _link(name, given) for name, given in operation.links.items()}
    return response


def _refusal(operation: Operation, status: int, by_body: Mapping[str, Any]) -> dict[str, Any]:
    if not operation.refusals:
        return {"$ref": f"#/components/responses/Error{status}"}
    return _error(status, {"anyOf": [by_body[str(body)] for body in (Envelope, *operation.refusals)]})


def _link(name: str, given: Mapping[str, str]) -> dict[str, Any]:
    return {"operationId": name, "parameters": dict(given)}


def _error(status: int, envelope: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": _ERRORS[status],
        "headers": _headers(),
        "content": {"application/json": {"schema": envelope}},
    }


def _headers() -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in _COMMON_HEADERS}


def text() -> str:
    """The document as it is kept."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Print the document, or write the kept copy anew."""
    if arguments == ["--write"]:
        FILE.write_text(text(), encoding="utf-8")
    else:
        sys.stdout.write(text())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
