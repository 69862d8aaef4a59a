"""One engine without processes, in a folder of its own: its sessions seen through the store, or through HTTP."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from focuscli.bench.stepped import SteppedClock
from focuscli.bench.terms import plain_terms
from focuscli.engine.database import Database
from focuscli.engine.disk import Disk
from focuscli.engine.envelope import ApiError
from focuscli.engine.keys import Caller, FixedCallers
from focuscli.engine.library import Library
from focuscli.engine.looking import Looking
from focuscli.engine.objects import LocalObjects, measure, object_key
from focuscli.engine.parts import put_together, recover
from focuscli.engine.promotion import Promotion
from focuscli.engine.rendering import Rendering
from focuscli.engine.spending import Budget, Usage
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.start_request import Extension, StartRequest
from focuscli.engine.store import Claim, EndReason, Owner, ReadySegment
from focuscli.model import Goal, Intensity, SessionStatus

OWNER = Owner("org_local", "user_local")
KEY = "k" * 43
ENGINE = "procedural"
PORT = 4711
SESSIONS = "/v1/music/org_local/focus/sessions"
RENDER_LEASE_S = 60.0
SEGMENT_S = 120
IDLE_S = 900.0


Open = Callable[[Path], Database]
"""Opens the database of a world, again after a crash."""


def of_sqlite(folder: Path) -> Database:
    """A file, of which nobody asks that it lasts."""
    return SqliteFile(folder / "engine.db", durable=False)


class Unsynced(Disk):
    """A disk that nobody unplugs: what matters here is order, and not that it lasts."""

    def sync(self, path: Path) -> None:
        """Wait for nothing."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a session looks: its status and end, and the digests of what is listed."""

    status: SessionStatus
    end_reason: EndReason | None
    ended_at: float | None
    digests: tuple[str, ...]


class StoreWorld:
    """The rules and the store, called directly. What is rendered is the object's own name."""

    def __init__(self, folder: Path, store_type: type[SqlStore] = SqlStore, opened: Open = of_sqlite) -> None:
        self.clock = SteppedClock()
        self._folder, self._store_type, self._opened = folder, store_type, opened
        self._objects = LocalObjects(folder / "objects", Unsynced())
        self._objects.root.mkdir(parents=True)
        self._open()

    def _open(self) -> None:
        self._database = self._opened(self._folder)
        budget = Budget({ENGINE: 1})
        self.store = self._store_type(self._database, self.clock, budget)
        self._library = Library(self._database)
        self._usage = Usage(self._database, budget, self.clock)
        self._parts = put_together(
            replace(
                plain_terms(self._folder, self.clock, key=KEY, port=PORT, owner="world"),
                segment_s=SEGMENT_S,
                lease_s=RENDER_LEASE_S,
                session_idle_s=IDLE_S,
                quota_bytes=1 << 40,
                budget=budget,
            ),
            store=self.store,
            database=self._database,
            objects=self._objects,
            rendering=Rendering(Executor(), lambda: 1),
            job=lambda spec: spec,
            callers=FixedCallers({KEY: Caller(OWNER)}),
            clock=self.clock,
        )
        recover(self._database, self.store, self._library, self._objects)
        self.sessions = self._parts.sessions
        self._promotion = Promotion(
            self.store,
            self._library,
            self._objects,
            self.clock,
            self._parts.dispatcher.wake,
            Looking(near=self._database.near),
        )

    def start(self, minutes: int, lease_s: int | None) -> str:
        """A new session's id."""
        request = StartRequest(Goal.FOCUS, minutes, "", Intensity.MEDIUM, 0.0, ENGINE)
        return self.sessions.start(OWNER, request, Extension(seed=1, lease_s=lease_s), None).session_id

    def poll(self, session_id: str) -> tuple[SessionStatus, tuple[str, ...]]:
        """Ask for a session as a client does; its status and the digests that were listed."""
        found = self.sessions.listing(OWNER, session_id)
        assert found is not None
        session, segments = found
        if self.sessions.is_due(session):
            self.sessions.attend(session)
        return session.status, tuple(segment.sha256 for segment in segments)

    def end(self, session_id: str) -> SessionStatus:
        """End it, without looking first whether it is over, as one of two that do so at once; its status then."""
        self.store.end(session_id, SessionStatus.ENDED, EndReason.CLIENT, self.clock.wall)
        return self.look(session_id).status

    def promote(self, session_id: str, index: int) -> bool:
        """Promote a segment; False where it is not ready."""
        try:
            asyncio.run(self._promotion.promote(OWNER, session_id, index, None, None))
        except ApiError:
            return False
        return True

    def charged(self) -> int:
        """How many segments were charged."""
        return sum(engine.microchf for engine in self._usage.windows(OWNER.organization_id)[2].by_engine)

    def look(self, session_id: str) -> Sight:
        """The session as it is stored, which is no poll."""
        found = self.store.listing(OWNER, session_id)
        assert found is not None
        session, segments = found
        digests = tuple(segment.sha256 for segment in segments)
        return Sight(session.status, session.end_reason, session.ended_at, digests)

    def cap(self, session_id: str) -> bool:
        """Let it stop at a cap."""
        return self.store.end(session_id, SessionStatus.STOPPED_CAP, EndReason.CAP, self.clock.wall)

    def claim(self) -> Claim | None:
        """As the dispatcher does."""
        return self.store.claim(self._database.owner, RENDER_LEASE_S)

    def render(self, claim: Claim) -> ReadySegment:
        """As a renderer does: the audio is in the objects then."""
        key = object_key(claim.session_id, claim.segment_index, claim.attempt)
        placed = self._objects.place(key, lambda file: _write(file, key))
        return ReadySegment(claim.segment_index, key, placed.sha256, placed.size_bytes, 120.4, -14.0, 1500, 1500)

    def rot(self, session_id: str, index: int) -> bool:
        """A ready segment's audio turns out damaged; False where there is none."""
        segment = self.store.segment(OWNER.organization_id, session_id, index)
        if segment is not None:
            self._objects.remove(segment.object_key)
            self.store.lose(segment)
        return segment is not None

    def sweep(self) -> None:
        """As the upkeep does."""
        self.sessions.sweep()

    def crash(self) -> None:
        """The engine dies, and the next one recovers."""
        self._database.close()
        self._open()

    def tracks(self) -> int:
        """How many tracks there are; raises AssertionError where one of them is not whole."""
        tracks = self._library.tracks(OWNER, 1000, 0)
        for track in tracks:
            placed = measure(self._objects.path(track.object_key))
            assert (placed.sha256, placed.size_bytes) == (track.sha256, track.size_bytes), f"{track} is not whole"
        return len(tracks)

    def close(self) -> None:
        """Give the file back."""
        self._database.close()


class HttpWorld(StoreWorld):
    """The same, seen by a client through the web face."""

    def __init__(self, folder: Path, store_type: type[SqlStore] = SqlStore, opened: Open = of_sqlite) -> None:
        self._loop = asyncio.new_event_loop()
        super().__init__(folder, store_type, opened)

    def _ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._parts.face)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{PORT}") as client:
                return await client.request(method, path, json=body, headers={"X-API-Key": KEY, **headers})

        answer = self._loop.run_until_complete(ask())
        return answer.status_code, answer.json()

    def start(self, minutes: int, lease_s: int | None) -> str:
        """A new session's id."""
        headers = {} if lease_s is None else {"X-Focus-Lease": str(lease_s)}
        status, session = self._ask("POST", SESSIONS, {"goal": "focus", "target_minutes": minutes}, **headers)
        assert status == 202, session
        return str(session["session_id"])

    def poll(self, session_id: str) -> tuple[SessionStatus, tuple[str, ...]]:
        """Ask for a session; its status and the digests that were listed."""
        status, session = self._ask("GET", f"{SESSIONS}/{session_id}")
        assert status == 200, session
        assert [item["segment_index"] for item in session["segments"]] == list(range(session["ready_count"]))
        paths = (urlsplit(item["playback_url"]).path for item in session["segments"])
        digests = tuple(path.rpartition("/")[2].removesuffix(".flac") for path in paths)
        return SessionStatus(session["status"]), digests

    def end(self, session_id: str) -> SessionStatus:
        """End it; the status that was answered."""
        status, session = self._ask("POST", f"{SESSIONS}/{session_id}/end")
        assert status == 200, session
        assert session["segments"] == []
        assert session["more_pending"] is False
        return SessionStatus(session["status"])

    def promote(self, session_id: str, index: int) -> bool:
        """Promote a segment; False where it is not ready."""
        status, _ = self._ask("POST", f"{SESSIONS}/{session_id}/segments/{index}/promote")
        assert status in {200, 201, 404}
        return status != 404

    def charged(self) -> int:
        """How many segments were charged."""
        _, usage = self._ask("GET", "/v1/music/org_local/usage")
        month = next(window for window in usage["windows"] if window["window"] == "month")
        return sum(engine["track_count"] for engine in month["by_engine"])

    def close(self) -> None:
        """Give the file and the loop back."""
        super().close()
        with suppress(RuntimeError):
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()


def digest(key: str) -> str:
    """Of what is rendered under a name."""
    return hashlib.sha256(key.encode()).hexdigest()


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="ascii")
