"""An engine in this process: a clock that tests move, an executor that tests turn, and calls without a port."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from focuscli.bench.stepped import SteppedClock
from focuscli.bench.terms import plain_terms
from focuscli.engine.database import Database
from focuscli.engine.doors import PublicDoor
from focuscli.engine.face import Face
from focuscli.engine.keys import CAPABILITIES, USE_MUSIC_GENERATION, Caller, FixedCallers
from focuscli.engine.objects import Links, LocalObjects, Objects, object_key
from focuscli.engine.parts import Parts, put_together
from focuscli.engine.rate_limits import Rates
from focuscli.engine.render_job import RenderSpec
from focuscli.engine.rendering import Rendering
from focuscli.engine.spending import Budget
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.store import Claim, Owner, ReadySegment

PORT = 4711
HOST = f"127.0.0.1:{PORT}"
KEY = "k" * 43
GUEST_KEY = "g" * 43
LISTENER_KEY = "l" * 43
LOCAL = Owner("org_local", "user_local")
SESSIONS = "/v1/music/org_local/focus/sessions"
START = {"goal": "focus", "target_minutes": 60}


class TurnedExecutor(Executor):
    """Keeps what was submitted until a test runs it, fails it, or leaves it."""

    def __init__(self) -> None:
        self.submitted: asyncio.Queue[tuple[RenderSpec, Future[str]]] = asyncio.Queue()
        self.closed = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        assert not self.closed
        future: Future[Any] = Future()
        self.submitted.put_nowait((RenderSpec.from_json(args[0]), future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.closed = True


@dataclass
class Answer:
    """What came back over ASGI."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        assert self.json.keys() == {"success", "error"}
        assert self.json["success"] is False
        error: dict[str, Any] = self.json["error"]
        return error


def ask(
    face: Face,
    method: str,
    url: str,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    host: str | None = HOST,
) -> Answer:
    """One request, answered in this thread."""
    return asyncio.run(ask_on_loop(face, method, url, headers, body, host))


async def ask_on_loop(
    face: Face,
    method: str,
    url: str,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    host: str | None = HOST,
    *,
    cut_off: bool = False,
) -> Answer:
    """One request on the running event loop; `cut_off`: the client leaves before its body is whole."""
    pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
    if host is not None:
        pairs.insert(0, ("Host", host))
    path, _, query = url.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", PORT),
    }
    blocks = [body[start : start + 4096] for start in range(0, len(body), 4096)] or [b""]
    messages = [{"type": "http.request", "body": block, "more_body": True} for block in blocks]
    messages[-1]["more_body"] = cut_off
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await face(scope, receive, send)
    if not sent:
        return Answer(0, {}, b"")
    answer_headers = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], answer_headers, b"".join(message.get("body", b"") for message in sent[1:]))


class Rig:
    """An engine whose segments become ready when a test says so."""

    def __init__(
        self,
        folder: Path,
        *,
        slots: int = 1,
        segment_s: int = 120,
        idle_exit_s: float | None = None,
        render_limit_s: float = 600.0,
        rates: Rates = Rates(),  # noqa: B008  # frozen
        budget: Budget | None = None,
        objects: Objects | None = None,
        links: Links | None = None,
        database: Database | None = None,
    ) -> None:
        self.links = links
        self.clock = SteppedClock()
        self.file: Database = database or SqliteFile(folder / "engine.db")
        self.store = SqlStore(self.file, self.clock, budget)
        self.objects: Any = objects or LocalObjects(folder / "objects")
        self.executor, self.slots = TurnedExecutor(), slots
        self.terms = replace(
            plain_terms(folder, self.clock, key=KEY, port=PORT, owner="rig"),
            segment_s=segment_s,
            idle_exit_s=idle_exit_s,
            rates=rates,
            render_limit_s=render_limit_s,
            budget=budget or Budget(),
        )
        self.objects.check(self.terms.signing_ring.deployment)
        callers = {
            KEY: Caller(LOCAL, CAPABILITIES),
            GUEST_KEY: Caller(Owner("org_local", "user_guest")),
            LISTENER_KEY: Caller(LOCAL, frozenset({f"NOT_{USE_MUSIC_GENERATION}"})),
        }
        self._callers = callers
        self.parts = self._put_together()

    def open_public_door(self, door: PublicDoor | None) -> None:
        """Be an engine that has a public door as well."""
        self.terms = replace(self.terms, public=door)
        self.parts = self._put_together()

    def _put_together(self) -> Parts:
        return put_together(
            self.terms,
            store=self.store,
            database=self.file,
            objects=self.objects,
            rendering=Rendering(self.executor, lambda: self.slots),
            job=lambda spec: spec,
            callers=FixedCallers(self._callers),
            clock=self.clock,
            links=self.links,
        )

    def ask(
        self, method: str, url: str, body: Any = None, *, key: str | None = KEY, headers: Mapping[str, str] = {}
    ) -> Answer:
        """A call with the key; `body` is JSON unless it is bytes."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        auth = {"X-API-Key": key} if key else {}
        return ask(self.parts.face, method, url, {**auth, **headers}, content)

    def start(self, **fields: Any) -> dict[str, Any]:
        """A session that was just started."""
        answer = self.ask("POST", SESSIONS, {**START, **fields})
        assert answer.status == 202, answer.body
        session: dict[str, Any] = answer.json
        return session

    def get(self, session_id: str) -> dict[str, Any]:
        """The session as a client sees it."""
        answer = self.ask("GET", f"{SESSIONS}/{session_id}")
        assert answer.status == 200, answer.body
        session: dict[str, Any] = answer.json
        return session

    def make_ready(self, count: int = 1) -> list[Claim]:
        """Render the most urgent segments, as a worker would; every session has a listener who wants all of it."""
        for session in self.store.active():
            self.store.attend(session.session_id, session.total_segments)
        claims = []
        for _ in range(count):
            claim = self.store.claim("rig", 60.0)
            assert claim is not None
            assert self.store.finish(claim, self.place(claim))
            claims.append(claim)
        return claims

    def place(self, claim: Claim) -> ReadySegment:
        """The audio of a claim, in the objects."""
        key = object_key(claim.session_id, claim.segment_index, claim.attempt)
        return place(self.objects, key, claim.segment_index)


def audio(segment_index: int) -> bytes:
    """What stands for a segment's audio: the same for the same index."""
    return hashlib.sha256(b"%d" % segment_index).digest() * 64


def place(objects: Objects, key: str, segment_index: int) -> ReadySegment:
    """Put a segment's audio under a name."""
    placed = objects.place(key, lambda file: file.write_bytes(audio(segment_index)) and None)
    return ReadySegment(segment_index, key, placed.sha256, placed.size_bytes, 120.4, -14.0, 1500, 1500)


def result(objects: Objects, spec: RenderSpec) -> str:
    """What a render process answers after it did its job."""
    return msgspec.json.encode(place(objects, spec.object_key, spec.segment_index)).decode()
