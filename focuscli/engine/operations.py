"""Every call of the API: its path, what it takes, what it answers, and what can follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from focuscli.engine import engine_wire, siblings, wire
from focuscli.engine.resource import DEFAULT_PAGE, IDEMPOTENCY_KEY, LARGEST_OFFSET, LONGEST_PAGE
from focuscli.engine.start_request import LARGEST_SEED, LEASE_S
from focuscli.model import Modulation, SessionStatus

AUDIO = "audio/flac"

_ORGANIZATION = "/v1/music/{organization_id}"
_SESSIONS = _ORGANIZATION + "/focus/sessions"
_SESSION = _SESSIONS + "/{session_id}"


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

    @property
    def path_parameters(self) -> list[dict[str, Any]]:
        """What stands for something in its path, in order."""
        names = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        return [_parameter("path", name, *_PATH_PARAMETERS[name]) for name in names]


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
