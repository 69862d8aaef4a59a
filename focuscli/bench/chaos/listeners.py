"""Listeners of a team's engines, asking now one and now the other, who hold both to everything that they have shown."""

import hashlib
import http.client
import json
import secrets
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from focuscli.bench.durability import EngineProcess, digest_in

START = {"goal": "focus", "engine": "paced"}
SEED = {"X-Focus-Seed": "7"}
"""All sessions are the same piece, so that what any of their segments must be is known beforehand."""

POLL_S = 0.4
PATIENCE_S = 3.0
"""An engine that says nothing for so long is left for the other one."""

_LATER = frozenset({429, 503})


class Away(Exception):
    """Nobody answers there just now, or not yet."""


@dataclass(slots=True)
class Heard:
    """What all listeners saw together; `violations` must be empty. To be touched with the lock held."""

    started: dict[str, str] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    digests: dict[tuple[str, int], str] = field(default_factory=dict)
    bodies: int = 0
    refusals: int = 0
    violations: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note what does not hold."""
        if not holds:
            with self.lock:
                self.violations.append(otherwise)


class Listener(threading.Thread):
    """Starts a session, listens until it is complete, and starts the next one, until it is told to start no more."""

    def __init__(
        self, urls: list[str], sessions: str, key: str, tls: ssl.SSLContext, minutes: int, heard: Heard
    ) -> None:
        """`urls` are the engines', `sessions` the path of an organization's sessions, `minutes` how long they are."""
        super().__init__(daemon=True)
        self._urls, self._sessions, self._tls, self._heard = urls, sessions, tls, heard
        self._headers = {"X-API-Key": key}
        self._start = json.dumps({**START, "target_minutes": minutes})
        self.last, self._given_up = threading.Event(), threading.Event()

    def run(self) -> None:
        """One session after the other."""
        while not self.last.is_set() and not self._given_up.is_set():
            self._listen()

    def give_up(self) -> None:
        """Wait for nothing more."""
        self._given_up.set()
        self.join()

    def _listen(self) -> None:
        key = secrets.token_hex(8)
        headers = {**SEED, "Idempotency-Key": key}
        session_id = self._asked(lambda: self._call("POST", self._sessions, headers, self._start)["session_id"])
        if session_id is None:
            return
        with self._heard.lock:
            self._heard.started[key] = session_id
        shown: dict[int, str] = {}
        fetched: set[int] = set()
        while not self._given_up.is_set():
            if self._asked(lambda: self._look(session_id, shown, fetched)):
                return
            self._given_up.wait(POLL_S)

    def _asked(self, ask: Callable[[], Any]) -> Any:
        """What one of them answers in the end; None where it was given up."""
        while not self._given_up.is_set():
            try:
                return ask()
            except Away:
                with self._heard.lock:
                    self._heard.refusals += 1
                self._given_up.wait(POLL_S / 2)
        return None

    def _look(self, session_id: str, shown: dict[int, str], fetched: set[int]) -> bool:
        """Whether nothing more will come: then the session is complete, and every segment of it was fetched whole."""
        session = self._call("GET", f"{self._sessions}/{session_id}", {})
        urls = {item["segment_index"]: item["playback_url"] for item in session["segments"]}
        now = {index: digest_in(url) for index, url in urls.items()}
        for index, digest in shown.items():
            self._heard.expect(now.get(index) == digest, f"{session_id}/{index} was {digest} and is {now.get(index)}")
        shown.update(now)
        for index in urls.keys() - fetched:
            self._fetch(session_id, index, urls[index])
            fetched.add(index)
        if session["more_pending"]:
            return False
        whole = len(fetched) == session["total_segments"]
        self._heard.expect(whole, f"{session_id} makes no more than {len(fetched)} of {session['total_segments']}")
        with self._heard.lock:
            self._heard.digests |= {(session_id, index): digest for index, digest in shown.items()}
            self._heard.complete |= {session_id} if whole else set()
        return True

    def _fetch(self, session_id: str, index: int, url: str) -> None:
        status, body = self._request("GET", url, {})
        whole = status == 200 and hashlib.sha256(body).hexdigest() == digest_in(url)
        self._heard.expect(whole, f"{session_id}/{index} came with {status} and {len(body)} bytes")
        with self._heard.lock:
            self._heard.bodies += 1

    def _call(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> Any:
        self._urls.append(self._urls.pop(0))  # the other one's turn
        status, answer = self._request(method, self._urls[0] + path, {**self._headers, **headers}, body)
        self._heard.expect(status < 300, f"{method} {path}: {status} {answer[:300]!r}")
        if status >= 300:
            raise Away
        return json.loads(answer)

    def _request(self, method: str, url: str, headers: dict[str, str], body: str | None = None) -> tuple[int, bytes]:
        """Raises Away where nobody answers, or says that he cannot now."""
        try:
            status, answer = EngineProcess.fetch(url, method, headers, body, tls=self._tls, timeout_s=PATIENCE_S)
        except (OSError, http.client.HTTPException) as exc:
            raise Away from exc
        if status in _LATER:
            raise Away
        return status, answer
