"""The plainest application that answers the poll of a session: what `polls` is measured beside.

    python -m focuscli.bench.poll_peer 7 h11 [sessions.db]

Starlette, msgspec and uvicorn, and what nobody can leave out: the key is looked up by its digest, and each of 30 URLs
is signed anew with the standard library's HMAC. With a file the session is read from SQLite in two statements. No
validation, no limits, no leases, no envelope, one caller. The first word is a listening socket.
"""

import hashlib
import hmac
import socket
import sqlite3
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/v1/music/org_local/focus/sessions/mfocus_000000000000"
KEY = "fk_live_peerpeer_0123456789012345678901234567890123456789012_00000000"
SEGMENTS = 30
TTL_S = 300
_SECRET = b"s" * 32
_CALLERS = {hashlib.sha256(KEY.encode()).hexdigest(): "org_local"}
_SCHEMA = """
CREATE TABLE session (session_id TEXT PRIMARY KEY, organization_id TEXT, status TEXT, goal TEXT, engine TEXT,
                      target_minutes INTEGER, total_segments INTEGER);
CREATE TABLE segment (session_id TEXT, segment_index INTEGER, sha256 TEXT, duration_s REAL, lufs REAL,
                      fade_in_ms INTEGER, fade_out_ms INTEGER, PRIMARY KEY (session_id, segment_index)) WITHOUT ROWID;
"""
_SESSION = """
SELECT status, goal, engine, target_minutes, total_segments FROM session
 WHERE session_id = ? AND organization_id = ?
"""
_READY = """
SELECT segment_index, sha256, duration_s, lufs, fade_in_ms, fade_out_ms FROM segment
 WHERE session_id = ? ORDER BY segment_index
"""

SegmentRow = tuple[int, str, float, float, int, int]
SessionRow = tuple[str, str, str, int, int]
_THE_SESSION: SessionRow = ("active", "focus", "procedural", 60, SEGMENTS)
_ITS_SEGMENTS: list[SegmentRow] = [(n, f"{n:064x}", 120.4, -14.0, 1500, 1500) for n in range(SEGMENTS)]


class Segment(msgspec.Struct):
    """One segment: six keys."""

    segment_index: int
    playback_url: str
    measured_duration_seconds: float
    target_lufs: float
    fade_in_ms: int
    fade_out_ms: int


class Session(msgspec.Struct):
    """The session: ten keys."""

    session_id: str
    status: str
    goal: str
    engine: str
    target_minutes: int
    total_segments: int
    ready_count: int
    segments: list[Segment]
    more_pending: bool
    next_ready_at: str | None


class Shelf:
    """Where the session comes from: from memory, or from a file."""

    def __init__(self, file: str = "") -> None:
        self._db = sqlite3.connect(file, isolation_level=None) if file else None

    def find(self, session_id: str, organization_id: str) -> tuple[SessionRow, Iterable[SegmentRow]]:
        """The session's row, and those of its segments."""
        if self._db is None:
            return _THE_SESSION, _ITS_SEGMENTS
        session: SessionRow = self._db.execute(_SESSION, (session_id, organization_id)).fetchone()
        return session, self._db.execute(_READY, (session_id,)).fetchall()


def write_shelf(file: Path) -> None:
    """A file with the session."""
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(_SCHEMA)
        session_id = PATH.rpartition("/")[2]
        db.execute("INSERT INTO session VALUES (?, 'org_local', ?, ?, ?, ?, ?)", (session_id, *_THE_SESSION))
        db.executemany(
            "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)", [(session_id, *row) for row in _ITS_SEGMENTS]
        )


def _signed(origin: str, path: str, expires: int) -> str:
    message = f"focus-media-v1\nGET\n{path}\n{expires}".encode()
    signature = urlsafe_b64encode(hmac.digest(_SECRET, message, "sha256")).rstrip(b"=").decode()
    return f"{origin}{path}?e={expires}&k=1&s={signature}"


def application(shelf: Shelf) -> Starlette:
    """One route, and nothing around it."""

    async def poll(request: Request) -> Response:
        organization_id = _CALLERS.get(hashlib.sha256(request.headers["x-api-key"].encode()).hexdigest())
        if organization_id is None or organization_id != request.path_params["organization_id"]:
            return Response(status_code=401)
        session_id = request.path_params["session_id"]
        (status, goal, engine, minutes, total), rows = shelf.find(session_id, organization_id)
        origin, expires = f"http://{request.headers['host']}", int(time.time()) + TTL_S
        folder = f"/v1/media/{organization_id}/{session_id}"
        segments = [
            Segment(
                index, _signed(origin, f"{folder}/{index}/{sha256}.flac", expires), duration_s, lufs, fade_in, fade_out
            )
            for index, sha256, duration_s, lufs, fade_in, fade_out in rows
        ]
        body = Session(session_id, status, goal, engine, minutes, total, len(segments), segments, False, None)
        return Response(msgspec.json.encode(body), media_type="application/json")

    return Starlette(routes=[Route("/v1/music/{organization_id}/focus/sessions/{session_id}", poll)])


@contextmanager
def serving(http: str, file: Path | None = None) -> Iterator[tuple[tuple[str, int], int]]:
    """The peer in a process of its own until the context is left: its address, and its process id."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        number = listener.fileno()
        words = [sys.executable, "-m", __spec__.name, str(number), http, *([str(file)] if file else [])]
        process = subprocess.Popen(words, pass_fds=[number])
        try:
            yield listener.getsockname()[:2], process.pid
        finally:
            process.terminate()
            process.wait()


def main(words: list[str]) -> None:
    """Serve at a socket that is open already."""
    number, http, *file = words
    options: dict[str, Any] = {"loop": "asyncio", "http": http, "ws": "none", "lifespan": "off", "access_log": False,
                               "log_config": None, "timeout_keep_alive": 75}  # fmt: skip
    server = uvicorn.Server(uvicorn.Config(application(Shelf(*file)), **options))
    server.run(sockets=[socket.socket(fileno=int(number))])


if __name__ == "__main__":
    main(sys.argv[1:])
