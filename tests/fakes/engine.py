"""An engine without music, on a real loopback port: it obeys the wire contract, and its callers see every refusal."""

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from focuscli.address import Address, proof
from focuscli.paths import Paths, write_private

SEGMENT_S = 120.4
STARTS_WITH = {"goal", "target_minutes", "custom_prompt", "intensity", "divergence", "engine"}


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def carried_a_key(self) -> bool:
        return "x-api-key" in self.headers or "authorization" in self.headers


@dataclass(frozen=True)
class Reply:
    """What is answered; `delay` is waited for before it goes out."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: threading.Event | None = None


def envelope(status: int, code: str, system_message: str, **details: Any) -> Reply:
    """The error envelope of the contract, with all eight keys."""
    kind = {401: "authentication_error", 403: "authorization_error", 422: "validation_error", 429: "rate_limit_error"}
    error = {
        "code": code,
        "message": "The request was refused.",
        "system_message": system_message,
        "type": kind.get(status, "server_error" if status >= 500 else "client_error"),
        "status": status,
        "details": details,
        "trace_id": "req_jkl012mno",
        "timestamp": "2026-06-28T10:30:00Z",
    }
    return Reply(status, {"success": False, "error": error})


class FakeEngine:
    """Sessions become ready when the test says so (`make_ready`); answers can be put in front (`answers`)."""

    def __init__(self, key: str = "fk_local_test", organization: str = "org_local", prefix: str = "") -> None:
        self.key = key
        self.organization = organization
        self.prefix = prefix
        self.asked: list[Asked] = []
        self.answers: list[Reply] = []
        self.sessions: dict[str, dict[str, Any]] = {}
        self.by_idempotency_key: dict[str, str] = {}
        self.tracks: dict[str, dict[str, Any]] = {}
        self.by_segment: dict[tuple[str, int], str] = {}
        self.on_stop: Callable[[], None] = lambda: None
        self.health = "healthy"
        self.knows_the_key = True
        self.hello: dict[str, Any] = {"protocol": 1, "version": "0.1.0", "active_sessions": 0}
        self.media = b""
        self.segment_s = SEGMENT_S
        self._server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        assert self._server is not None
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    @contextmanager
    def listening(self) -> Iterator["FakeEngine"]:
        """Answer on a port of its own for as long as the context is open."""
        engine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle(self) -> None:
                with suppress(ConnectionError):  # a client may leave before it has read all
                    super().handle()

            def do_GET(self) -> None:
                engine._serve(self)

            do_POST = do_DELETE = do_GET  # noqa: N815  # http.server asks for these names

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def announce(self, paths: Paths, *, protocol: int = 1, version: str = "0.1.0") -> None:
        """Be found as this machine's engine."""
        self.hello |= {"protocol": protocol, "version": version}
        write_private(paths.engine_key, self.key)
        Address(self.url, 4711, version, protocol, "2026-01-01T00:00:00Z").write(paths.engine_address)

    def begin(self, goal: str, minutes: int) -> str:
        """A session is there that nobody asked for over the wire; returns its id."""
        total = max(1, -(-minutes * 60 // 120))
        session = {
            "session_id": f"mfocus_{uuid.uuid4().hex[:12]}",
            "status": "active",
            "goal": goal,
            "engine": "local",
            "target_minutes": minutes,
            "total_segments": total,
            "ready_count": 0,
            "segments": [],
            "more_pending": True,
            "next_ready_at": "2026-06-28T10:30:00Z",
        }
        self.sessions[str(session["session_id"])] = session
        return str(session["session_id"])

    def make_ready(self, session_id: str, count: int) -> None:
        """So many of its segments can be fetched."""
        session = self.sessions[session_id]
        session["ready_count"] = count
        session["more_pending"] = session["status"] == "active" and count < session["total_segments"]
        session["next_ready_at"] = "2026-06-28T10:30:00Z" if session["more_pending"] else None

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        asked = Asked(
            handler.command,
            handler.path,
            {name.lower(): value for name, value in handler.headers.items()},
            handler.rfile.read(length),
        )
        self.asked.append(asked)
        reply = self.answers.pop(0) if self.answers and "/hello" not in asked.target else self._reply(asked)
        if reply.delay is not None:
            reply.delay.wait(10)
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        handler.send_response(reply.status)
        for name, value in {
            "x-request-id": "req_jkl012mno",
            "content-type": "application/json",
            **reply.headers,
        }.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _reply(self, asked: Asked) -> Reply:  # noqa: PLR0911  # a line a rule of the contract
        parts = urlsplit(asked.target)
        path = parts.path.removeprefix(self.prefix)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if path == "/hello":
            key = self.key if self.knows_the_key else "another key"
            return Reply(200, {"proof": proof(key, query["nonce"], self.port), **self.hello})
        if path == "/v1/health/details":
            return Reply(200, {"status": self.health, "components": []})
        if path.startswith("/v1/media/"):
            return Reply(200, self.media, {"content-type": "audio/flac"})
        if not asked.carried_a_key:
            return envelope(401, "AUTHENTICATION_REQUIRED", "Missing or invalid authorization header")
        if asked.headers.get("x-api-key") != self.key:
            return envelope(401, "INVALID_API_KEY", "The API key is not known")
        if path == "/v1/engine/stop" and query.get("when") == "idle" and self.hello["active_sessions"]:
            return Reply(200, {"status": "busy"})
        if path == "/v1/engine/stop":
            self.on_stop()
            return Reply(202, {"status": "stopping"})
        inside = re.fullmatch(rf"/v1/music/{re.escape(self.organization)}/(.*)", path)
        if inside is None:
            return envelope(403, "ORGANIZATION_ACCESS_DENIED", "You are not a member of this organization")
        return self._in_organization(asked, inside[1], query)

    def _in_organization(self, asked: Asked, path: str, query: Mapping[str, str]) -> Reply:  # noqa: PLR0911
        match [asked.method, *path.split("/")]:
            case ["POST", "focus", "sessions"]:
                return self._start(asked)
            case ["GET", "focus", "sessions"]:
                return self._list(query)
            case ["POST", "focus", "sessions", session_id, "segments", index, "promote"] if session_id in self.sessions:
                return self._promote(asked, session_id, int(index))
            case ["GET", "focus", "sessions", session_id] if session_id in self.sessions:
                return Reply(200, self._with_segments(self.sessions[session_id]))
            case ["POST", "focus", "sessions", session_id, "end"] if session_id in self.sessions:
                return self._end(self.sessions[session_id])
            case ["GET" | "POST", "focus", "sessions", session_id, *_]:
                return envelope(404, "RESOURCE_NOT_FOUND", "Focus session not found", session_id=session_id)
        return self._beside_sessions(asked, path, query)

    def _beside_sessions(self, asked: Asked, path: str, query: Mapping[str, str]) -> Reply:  # noqa: PLR0911
        match [asked.method, *path.split("/")]:
            case ["GET", "engines"]:
                return Reply(200, {"engines": [{"engine_key": "local", "default": True}]})
            case ["GET", "usage"]:
                return Reply(200, self._usage())
            case ["GET", "tracks"]:
                listed = [{**track, "playback_url": None} for track in reversed(self.tracks.values())]
                return Reply(200, self._page(listed, query))
            case ["GET", "tracks", track_id] if track_id in self.tracks:
                return Reply(200, self.tracks[track_id])
            case ["DELETE", "tracks", track_id] if track_id in self.tracks:
                del self.tracks[track_id]
                return Reply(200, {"success": True, "id": track_id, "detail": "Track deleted"})
            case [_, "tracks", track_id]:
                return envelope(404, "RESOURCE_NOT_FOUND", "Track not found", track_id=track_id)
        return envelope(404, "RESOURCE_NOT_FOUND", "No such route")

    def _start(self, asked: Asked) -> Reply:
        body = json.loads(asked.body)
        for name in body:
            if name not in STARTS_WITH:
                return envelope(422, "VALIDATION_ERROR", f"{name} is not a known field", field=name)
        if body.get("engine") not in (None, "local"):
            return envelope(422, "VALIDATION_ERROR", "engine is not enabled", field="engine")
        again = self.by_idempotency_key.get(asked.headers.get("idempotency-key", ""))
        if again is not None:
            return Reply(202, self.sessions[again])
        session = self.sessions[self.begin(body["goal"], body["target_minutes"])]
        self.by_idempotency_key[asked.headers.get("idempotency-key", "")] = session["session_id"]
        return Reply(202, session)

    def _list(self, query: Mapping[str, str]) -> Reply:
        found = reversed(self.sessions.values())
        items = [
            {name: value for name, value in session.items() if name != "segments"}
            for session in found
            if session["status"] == query.get("status", session["status"])
        ]
        return Reply(200, self._page(items, query))

    def _page(self, items: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
        limit, offset = int(query.get("limit", 50)), int(query.get("offset", 0))
        return {"items": items[offset : offset + limit], "limit": limit, "offset": offset}

    def _promote(self, asked: Asked, session_id: str, index: int) -> Reply:
        if index >= self.sessions[session_id]["ready_count"]:
            return envelope(
                404, "RESOURCE_NOT_FOUND", "Focus segment not found", session_id=session_id, segment_index=index
            )
        known = self.by_segment.get((session_id, index))
        if known in self.tracks:
            return Reply(200, self.tracks[known])
        track_id = f"mtrack_{uuid.uuid4().hex[:12]}"
        self.by_segment[session_id, index] = track_id
        self.tracks[track_id] = {
            "id": track_id,
            "title": json.loads(asked.body or b"{}").get("title"),
            "engine": "local",
            "mode": "focus",
            "measured_duration_seconds": self.segment_s,
            "instrumental": True,
            "licence_class": "commercial_cleared",
            "created_at": "2026-06-28T10:30:00Z",
            "playback_url": f"{self.url}/v1/media/{track_id}.flac?e=1&s=signed",
            "stem_urls": [],
        }
        return Reply(201, self.tracks[track_id])

    def _usage(self) -> dict[str, Any]:
        windows = [
            {
                "window": window,
                "window_start": "2026-06-22T00:00:00Z",
                "cost_chf": 0.06,
                "limit_chf": 5.0 if window == "day" else None,
                "by_engine": [{"engine": "local", "track_count": 3, "cost_chf": 0.06}],
            }
            for window in ("day", "week", "month")
        ]
        return {"organization_id": self.organization, "windows": windows}

    def _end(self, session: dict[str, Any]) -> Reply:
        if session["status"] == "active":
            session |= {"status": "ended", "more_pending": False, "next_ready_at": None}
        return Reply(200, session)

    def _with_segments(self, session: dict[str, Any]) -> dict[str, Any]:
        segments = [
            {
                "segment_index": index,
                "playback_url": f"{self.url}/v1/media/{index}.flac?e=1&s=signed",
                "measured_duration_seconds": self.segment_s,
                "target_lufs": -14.0,
                "fade_in_ms": 100,
                "fade_out_ms": 100,
            }
            for index in range(session["ready_count"])
        ]
        return session | {"segments": segments}
