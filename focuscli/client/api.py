"""The calls of the API, each once: what goes over the wire, and what comes back as our own types."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from focuscli.client.answer import Answer
from focuscli.client.refusal import object_of
from focuscli.client.retry import Retry
from focuscli.client.wire import Connected, Wire
from focuscli.clock import Clock
from focuscli.errors import EngineFailed, NothingRunning
from focuscli.model import Session
from focuscli.plain_text import printable

DEFAULT_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a session should be, in the words of the API; None leaves a field to the engine."""

    goal: str
    target_minutes: int
    custom_prompt: str | None = None
    intensity: str | None = None
    divergence: float | None = None
    engine_key: str | None = None
    seed: int | None = None
    modulation: str | None = None
    lease_s: int | None = None

    def body(self) -> dict[str, Any]:
        """The JSON body of the start call."""
        fields = {
            "goal": self.goal,
            "target_minutes": self.target_minutes,
            "custom_prompt": self.custom_prompt,
            "intensity": self.intensity,
            "divergence": self.divergence,
            "engine": self.engine_key,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def headers(self) -> dict[str, str]:
        """The wishes that are ours and travel beside the documented body."""
        fields = {"X-Focus-Seed": self.seed, "X-Focus-Modulation": self.modulation, "X-Focus-Lease": self.lease_s}
        return {name: str(value) for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Report:
    """A session as the engine reported it: checked and typed, beside the very object that came.

    `lease_s`: it ends where nobody asks for it within so long; None where it has no lease.
    """

    session: Session
    raw: dict[str, Any]
    lease_s: float | None = None

    @classmethod
    def of(cls, raw: dict[str, Any], host: str, lease_s: float | None = None) -> Self:
        """Check the object; raises EngineFailed naming what in it is not the contract's."""
        try:
            return cls(Session.from_wire(raw), raw, lease_s)
        except ValueError as exc:
            raise EngineFailed(f"the session that {host} sent is not as agreed: {printable(exc)}") from exc


class EngineClient(Connected):
    """One organization at one engine. Thread-safe as far as its wire is; close it, or use it as a context.

    Every call raises EngineUnreachable when nobody answers, EngineFailed for the engine's own failures and for
    nonsense, NotSignedIn, LimitReached, and UsageError where the engine finds the request invalid.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        key: str,
        organization: str,
        retry: Retry | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> None:
        super().__init__(wire)
        self._key = key
        self._organization = organization
        self._retry = retry or Retry()
        self._timeout_s = timeout_s

    @property
    def host(self) -> str:
        """Whom this asks, for people."""
        return self._wire.host

    @property
    def base_url(self) -> str:
        """The engine's origin, and path prefix where it has one."""
        return self._wire.base_url

    @property
    def organization(self) -> str:
        """The organization whose sessions these are."""
        return self._organization

    def start(self, wish: Wish) -> Report:
        """Start a session. May be repeated on the way: the engine sees one idempotency key."""
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
            **wish.headers(),
        }
        return self._session("POST", "/focus/sessions", headers, json.dumps(wish.body()).encode())

    def get(self, session_id: str) -> Report:
        """The session as it stands, with freshly signed media URLs; raises NotFound."""
        return self._session("GET", f"/focus/sessions/{part_of_path(session_id)}")

    def end(self, session_id: str) -> Report:
        """End the session; one that is over answers as it is. Raises NotFound."""
        return self._session("POST", f"/focus/sessions/{part_of_path(session_id)}/end")

    def sessions(self, *, status: str = "", limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
        """The newest sessions first, as objects without their segments."""
        only = f"status={part_of_path(status)}&" if status else ""
        found = self._object("GET", self._under(f"/focus/sessions?{only}limit={limit}&offset={offset}"))
        return self._items(found, "items")

    def newest_active(self) -> str:
        """The id of the newest active session; raises NothingRunning."""
        found = self.sessions(status="active", limit=1)
        if not found:
            raise NothingRunning("no session is running", hint="start one with: focus start")
        session_id = found[0].get("session_id")
        if not isinstance(session_id, str):
            raise EngineFailed(f"{self.host} sent a session without an id")
        return session_id

    def engines(self) -> list[dict[str, Any]]:
        """The music generators that can be asked for."""
        return self._items(self._object("GET", self._under("/engines")), "engines")

    def promote(self, session_id: str, segment_index: int, title: str | None = None) -> dict[str, Any]:
        """Keep a ready segment for good: its track, the same one every time. Raises NotFound."""
        path = f"/focus/sessions/{part_of_path(session_id)}/segments/{segment_index}/promote"
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        body = {} if title is None else {"title": title}
        return self._object("POST", self._under(path), headers, json.dumps(body).encode())

    def tracks(self, *, limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
        """The newest tracks first, without their URLs."""
        return self._items(self._object("GET", self._under(f"/tracks?limit={limit}&offset={offset}")), "items")

    def track(self, track_id: str) -> dict[str, Any]:
        """A track with a freshly signed URL; raises NotFound."""
        return self._object("GET", self._under(f"/tracks/{part_of_path(track_id)}"))

    def delete_track(self, track_id: str) -> dict[str, Any]:
        """Remove a track and its audio for good; raises NotFound."""
        return self._object("DELETE", self._under(f"/tracks/{part_of_path(track_id)}"))

    def usage(self) -> dict[str, Any]:
        """What the organization spent, in `windows`."""
        found = self._object("GET", self._under("/usage"))
        self._items(found, "windows")
        return found

    def health(self) -> dict[str, Any]:
        """How the engine says it is; needs no key, and sends none."""
        return object_of(self._ask_health(), self.host)

    def clock_ahead_s(self, clock: Clock) -> float | None:
        """How far the engine's clock is ahead of this one, to a second; None where it does not say what time it is."""
        from email.utils import parsedate_to_datetime

        before = clock.now()
        told = self._ask_health().headers.get("date", "")
        try:
            there = parsedate_to_datetime(told)
            return (there - before).total_seconds() - (clock.now() - before).total_seconds() / 2
        except (ValueError, TypeError):  # no date, or one without a time zone
            return None

    def _ask_health(self) -> Answer:
        return self._wire.exchange("GET", "/v1/health/details", {}, b"", self._timeout_s)

    def _under(self, path: str) -> str:
        return f"/v1/music/{part_of_path(self._organization)}{path}"

    def _session(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Report:
        answer = self._answer(method, self._under(path), headers, body)
        return Report.of(object_of(answer, self.host), self.host, _lease_s(answer))

    def _object(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> dict[str, Any]:
        return object_of(self._answer(method, path, headers, body), self.host)

    def _answer(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        signed = {"Accept": "application/json", **(headers or {}), "X-API-Key": self._key}
        return self._retry.ask(lambda: self._wire.exchange(method, path, signed, body, self._timeout_s))

    def _items(self, found: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        items = found.get(name)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise EngineFailed(f"{self.host} sent no list of {name}")
        return items


def _lease_s(answer: Answer) -> float | None:
    """What `X-Focus-Lease` says, a header of ours; None where it is missing or nonsense."""
    text = answer.headers.get("x-focus-lease", "")
    return float(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) else None


def part_of_path(text: str) -> str:
    """A word of ours or of the user's as one part of a path."""
    if text.isascii() and text.replace("_", "").replace("-", "").isalnum():
        return text
    from urllib.parse import quote

    return quote(text, safe="").replace(".", "%2E")
