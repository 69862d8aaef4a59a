"""How many polls of a session the engine answers, how fast while it renders, and what it costs to be there.

    python -m focuscli.bench polls

The session has 30 ready segments, so that each answer holds 30 freshly signed URLs. The load comes from this process
over epoll, on keep-alive connections; what counts is the engine's own processor time a request, because the machine's
cores are shared with the load. In turn with it the plainest applications that can answer such a poll are asked
(`poll_peer`), so that a slow machine, or a slow hour, is not taken for a slow engine.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from focuscli.bench import poll_peer
from focuscli.bench.clients import Clients
from focuscli.bench.durability import SESSIONS, EngineProcess
from focuscli.bench.processes import children
from focuscli.bench.spent import processor_s

POLLS_A_S = 3000
PEER_S = 230e-6
"""What a poll costs the peer without a database, on h11, on the machine and in the hour of which the mark speaks."""
P99_MS = 50.0
START_S = 0.5
MEMORY_MIB = 60.0
SEGMENTS = 30
_ROUNDS = 20
SETTINGS = {"FOCUS_SEGMENT_SECONDS": "10", "FOCUS_RATE_LIMIT": "10000000", "FOCUS_IDLE_EXIT": "600"}


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """One row a promise."""
    rows = [_cold_start(2 if quick else 7)]
    with tempfile.TemporaryDirectory(prefix="focus-polls-") as home:
        engine = EngineProcess(Path(home), FOCUS_SLOTS="2", **SETTINGS)
        engine.spawn()
        engine.wait()
        rows.append(_memory(engine))
        session_id = _thirty_segments(engine)
        rows.append(_capacity(engine, session_id, 500 if quick else 12_000))
        rows.append(_idle_clients(engine, session_id, *((50, 0.2) if quick else (1000, 30.0))))
        rows.append(_latency(engine, session_id, 1.0 if quick else 20.0))
        engine.stop()
    return rows


def _row(what: str, figure: float, unit: str, mark: float, *, ok: bool, beside: str) -> dict[str, Any]:
    return {"what": what, "figure": round(figure, 3), "unit": unit, "mark": mark, "ok": ok, "beside": beside}


def _cold_start(times: int) -> dict[str, Any]:
    """From the start of the process to its first answer, in fresh folders."""
    took = []
    for _ in range(times):
        with tempfile.TemporaryDirectory(prefix="focus-polls-") as home:
            engine = EngineProcess(Path(home), **SETTINGS)
            engine.spawn()
            took.append(engine.wait())
            engine.stop()
    middle = statistics.median(took)
    beside = f"best {min(took):.3f}, worst {max(took):.3f} of {times}"
    return _row("cold start to first answer", middle, "s", START_S, ok=middle <= START_S, beside=beside)


def _memory(engine: EngineProcess) -> dict[str, Any]:
    """Of the engine that serves; its render processes hold numpy and the note bank besides."""
    workers = _workers(engine.process_id)
    used = _resident_mib(engine.process_id)
    beside = f"render processes {', '.join(f'{_resident_mib(pid):.0f}' for pid in workers)} MiB"
    return _row("idle memory", used, "MiB", MEMORY_MIB, ok=used <= MEMORY_MIB, beside=beside)


def _thirty_segments(engine: EngineProcess) -> str:
    started = engine.call("POST", SESSIONS, {"goal": "focus", "target_minutes": 5})
    engine.session_when(started["session_id"], lambda session: session["ready_count"] == SEGMENTS)
    return str(started["session_id"])


def _request(engine: EngineProcess, session_id: str) -> bytes:
    host = urlsplit(engine.url).netloc
    return f"GET {SESSIONS}/{session_id} HTTP/1.1\r\nHost: {host}\r\nX-API-Key: {engine.key}\r\n\r\n".encode()


def clients_of(engine: EngineProcess, session_id: str, count: int, *, port: int | None = None) -> Clients:
    """So many that poll a session, at the engine or at another port of its machine."""
    parts = urlsplit(engine.url)
    return Clients((parts.hostname or "", port or parts.port or 0), _request(engine, session_id), count)


class _Asked:
    """One that is asked as fast as it answers, over 16 connections."""

    def __init__(self, clients: Clients, process_id: int) -> None:
        self.clients, self._process_id = clients, process_id
        self.costs_s: list[float] = []
        self.rates: list[float] = []

    def ask(self, polls: int) -> None:
        """One round: what a poll costs in processor time, and how many a second it was."""
        cpu_s, began = processor_s(self._process_id), time.perf_counter()
        self.clients.closed_loop(polls)
        self.rates.append(polls / (time.perf_counter() - began))
        self.costs_s.append((processor_s(self._process_id) - cpu_s) / polls)


@contextmanager
def _peer(http: str, file: Path | None) -> Iterator[_Asked]:
    with poll_peer.serving(http, file) as ((host, port), process_id):
        words = f"GET {poll_peer.PATH} HTTP/1.1\r\nHost: {host}:{port}\r\nX-API-Key: {poll_peer.KEY}\r\n\r\n"
        with closing(Clients((host, port), words.encode(), 16)) as clients:
            yield _Asked(clients, process_id)


def _capacity(engine: EngineProcess, session_id: str, polls: int) -> dict[str, Any]:
    """As fast as it goes, in rounds: the engine, then each peer. The middle of the rounds' ratios counts."""
    with ExitStack() as stack:
        file = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="focus-polls-"))) / "peer.db"
        poll_peer.write_shelf(file)
        ours = _Asked(stack.enter_context(closing(clients_of(engine, session_id, 16))), engine.process_id)
        plain, stored = (stack.enter_context(_peer(*kind)) for kind in (("h11", None), ("httptools", file)))
        for asked in (ours, plain, stored):
            asked.clients.closed_loop(polls // _ROUNDS)
        for _ in range(_ROUNDS):
            for asked in (ours, plain, stored):
                asked.ask(polls // _ROUNDS)
        failures = sum(asked.clients.failures for asked in (ours, plain, stored))
    ratio, beside_stored = (_ratio(ours, peer) for peer in (plain, stored))
    a_core = 1.0 / (PEER_S * ratio)
    here = ", ".join(f"{statistics.median(one.costs_s) * 1e6:.0f}" for one in (ours, plain, stored))
    clock = f"{max(ours.rates):.0f}/s on the clock beside the load, load average {os.getloadavg()[0]:.0f}"
    beside = (
        f"{here} µs for ours, the plain peer, one with SQLite: {ratio:.2f} and {beside_stored:.2f} times theirs; "
        f"here and now {1.0 / min(ours.costs_s):.0f}/s of a core, {clock}; {failures} failures"
    )
    what = f"polls of one core on which the plain peer takes {PEER_S * 1e6:.0f} µs"
    return _row(what, a_core, "/s", POLLS_A_S, ok=a_core >= POLLS_A_S and not failures, beside=beside)


def _ratio(one: _Asked, other: _Asked) -> float:
    return statistics.median(a / b for a, b in zip(one.costs_s, other.costs_s, strict=True))


def _idle_clients(engine: EngineProcess, session_id: str, count: int, idle_s: float) -> dict[str, Any]:
    """Each asks, is quiet, and asks again on the same connection."""
    before = _resident_mib(engine.process_id)
    with closing(clients_of(engine, session_id, count)) as clients:
        clients.closed_loop(count)
        time.sleep(idle_s)
        clients.closed_loop(count)
        grown = _resident_mib(engine.process_id) - before
        lost = clients.failures
    beside = f"{count} clients, quiet for {idle_s:g} s; {grown:.0f} MiB more"
    return _row("idle clients that were reset", lost, "", 0, ok=lost == 0, beside=beside)


def _latency(engine: EngineProcess, session_id: str, seconds: float) -> dict[str, Any]:
    """200 polls a second from 50 clients, timed from when each was due, while both slots render."""
    rendering = engine.call("POST", SESSIONS, {"goal": "energize", "target_minutes": 1440})
    with closing(clients_of(engine, session_id, 50)) as clients:
        clients.closed_loop(50)
        late_s = sorted(clients.paced(200.0, seconds))
        failures = clients.failures
    made = engine.call("GET", f"{SESSIONS}/{rendering['session_id']}")
    engine.call("POST", f"{SESSIONS}/{rendering['session_id']}/end")
    middle, p99 = (late_s[int(len(late_s) * share)] * 1000 for share in (0.5, 0.99))
    still = "still rendering" if made["more_pending"] else "rendering was over"
    beside = f"p50 {middle:.1f} ms of {len(late_s)}; {made['ready_count']} segments made meanwhile, {still}"
    ok = p99 <= P99_MS and not failures and made["more_pending"]
    return _row("p99 at 200 polls/s, both cores rendering", p99, "ms", P99_MS, ok=ok, beside=beside)


def _resident_mib(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _workers(process_id: int) -> list[int]:
    """Its render processes."""
    return [
        child for child in children(process_id) if "spawn" in Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8")
    ]
