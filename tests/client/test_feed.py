"""A feed asks on behalf of playback, and holds the session's lease while playback has nothing to ask."""

import queue
from collections.abc import Mapping
from typing import Any

from focuscli.client.answer import Answer
from focuscli.client.api import EngineClient, Wish
from focuscli.client.feed import RENEWALS, Feed
from focuscli.client.retry import Retry
from focuscli.errors import EngineUnreachable

SESSION = (
    b'{"session_id": "mfocus_1", "status": "active", "goal": "focus", "engine": "procedural", "target_minutes": 60,'
    b' "total_segments": 30, "ready_count": 0, "segments": [], "more_pending": true, "next_ready_at": null}'
)


class Wire:
    """An engine that answers with or without a lease, or not at all."""

    host, base_url = "engine", "http://engine"

    def __init__(self, lease: str | None) -> None:
        self.lease = lease
        self.gone = False
        self.asked: queue.Queue[Mapping[str, str]] = queue.Queue()

    def exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Answer:
        self.asked.put(headers)
        if self.gone:
            raise EngineUnreachable("gone")
        return Answer(200, {"x-focus-lease": self.lease} if self.lease is not None else {}, SESSION)

    def close(self) -> None:
        """Nothing is open."""


class Turns:
    """Stands for the feed's wait: every turn is asked for by the test."""

    def __init__(self) -> None:
        self.waited: queue.Queue[float] = queue.Queue()
        self.closed: queue.Queue[bool] = queue.Queue()

    def __call__(self, seconds: float) -> bool:
        self.waited.put(seconds)
        return self.closed.get(timeout=30)


def feed(wire: Wire, turns: Turns) -> Feed:
    client = EngineClient(wire, key="k", organization="org_local", retry=Retry(attempts=1))
    return Feed(client, "mfocus_1", turns)


def test_a_lease_is_renewed_four_times_before_it_would_be_over() -> None:
    wire, turns = Wire("60"), Turns()
    held = feed(wire, turns)
    held.get()
    wire.asked.get(timeout=30)
    for _ in range(3):
        assert turns.waited.get(timeout=30) == 60 / RENEWALS
        turns.closed.put(False)
        wire.asked.get(timeout=30)
    turns.closed.put(True)
    assert held._holder is not None
    held._holder.join(30)
    assert not held._holder.is_alive()
    assert wire.asked.empty()


def test_an_engine_that_is_gone_for_a_while_is_asked_again() -> None:
    wire, turns = Wire("60"), Turns()
    held = feed(wire, turns)
    held.get()
    wire.gone = True
    turns.closed.put(False)
    turns.closed.put(False)
    for _ in range(3):
        wire.asked.get(timeout=30)
    turns.closed.put(True)
    assert held._holder is not None
    held._holder.join(30)


def test_what_is_over_is_held_no_longer() -> None:
    wire, turns = Wire("60"), Turns()
    held = feed(wire, turns)
    held.get()
    wire.lease = None
    turns.closed.put(False)
    assert held._holder is not None
    held._holder.join(30)
    assert not held._holder.is_alive()


def test_without_a_lease_nobody_asks_more_than_playback() -> None:
    for nonsense in (None, "", "soon", "-5", "0", "9" * 30):
        wire = Wire(nonsense)
        held = feed(wire, Turns())
        held.get()
        assert held._holder is None


def test_a_lease_that_is_wished_for_travels_in_its_header() -> None:
    wire = Wire("300")
    client: Any = EngineClient(wire, key="k", organization="org_local")
    assert client.start(Wish("focus", 60, lease_s=300)).lease_s == 300.0
    assert wire.asked.get()["X-Focus-Lease"] == "300"
    client.start(Wish("focus", 60))
    assert "X-Focus-Lease" not in wire.asked.get()
