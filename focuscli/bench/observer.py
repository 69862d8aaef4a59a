"""Watches an engine that is killed over and over, and holds it to everything that it has shown."""

import hashlib
import http.client
import json
import random
import secrets
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from os import kill
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from focuscli.bench.aftermath import DATABASE, PRICE_MICROCHF, inspect
from focuscli.bench.cluster import Cluster
from focuscli.bench.durability import COMPLETION_LIMIT_S, SESSIONS, EngineProcess, Refusal, digest_in
from focuscli.bench.processes import alive, children, end

ORPHAN_LIMIT_S = 3.0
MOST_ACTIVE = 3
MOST_LOOKED_AT = 24
_STRETCH = 4
"""Segments: more than are rendered at once."""
TRACKS = "/v1/music/org_local/tracks"
SETTINGS = {
    "FOCUS_SEGMENT_SECONDS": "5",
    "FOCUS_SLOTS": "2",
    "FOCUS_LEASE": "600",
    "FOCUS_RATE_LIMIT": "0",
    "FOCUS_PRICES": f"procedural={PRICE_MICROCHF / 1e6}",
}


@dataclass(slots=True)
class Report:
    """The figures of one run; `violations` must be empty."""

    seed: int
    kills: int = 0
    kills_while_starting: int = 0
    workers_killed: int = 0
    servers_killed: int = 0
    sessions: int = 0
    promoted: int = 0
    charged: int = 0
    ready_segments: int = 0
    bodies_checked: int = 0
    restart_s: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """For people and for `--json`."""
        result = asdict(self)
        restarts = result.pop("restart_s")
        result["restart_p50_s"] = round(statistics.median(restarts), 3) if restarts else None
        result["restart_max_s"] = round(max(restarts), 3) if restarts else None
        return result


class Observer:
    """Kills an engine and remembers what it has seen, to hold the engine to it."""

    def __init__(
        self,
        home: Path,
        seed: int,
        *,
        mutant: str = "",
        patience_s: float = COMPLETION_LIMIT_S,
        server: Cluster | None = None,
    ) -> None:
        """`mutant`: the engine has that planted bug (see `mutants`). No wait for more is longer than `patience_s`.

        `server` keeps the engine's database, and is killed with some of the engines.
        """
        self._server = server
        store = {"FOCUS_STORE": server.create(DATABASE)} if server else {}
        self.engine = EngineProcess(home, mutant=mutant, **SETTINGS, **store)
        self._patience_s = patience_s
        self.report = Report(seed)
        self._random = random.Random(seed)  # noqa: S311  # repeatable on purpose
        self._keys: dict[str, str | None] = {}
        self._seen: dict[str, dict[int, str]] = {}
        self._ended: dict[str, int] = {}
        self._tracks: dict[str, str] = {}
        self._bereaved: set[tuple[str, int]] = set()

    def run(self, kills: int) -> Report:
        """So many kills, each at a random instant, then let everything complete."""
        for _ in range(kills):
            self._round()
        self._start()
        self._settle_starts()
        self._complete()
        code, _ = self.engine.stop()
        self._expect(code == 0, f"SIGTERM ended with {code}")
        left = inspect(self.engine.paths, self._server, len(self._tracks))
        self.report.violations += left.violations
        self.report.charged = left.charged
        self.report.sessions = len(self._seen)
        self.report.promoted = len(self._tracks)
        self.report.ready_segments = sum(map(len, self._seen.values()))
        return self.report

    def find(self, kills: int) -> list[str]:
        """What is wrong with the engine, as soon as anything is; empty where so many kills show nothing."""
        try:
            for _ in range(kills):
                self._round()
                if self.report.violations:
                    break
            else:
                self._start()
                self._complete()
        except (Refusal, OSError, http.client.HTTPException) as exc:  # a broken engine need not answer
            self.report.violations.append(f"{type(exc).__name__}: {exc}")
        with suppress(AssertionError):
            workers = children(self.engine.process_id)
            self.engine.kill()
            end(workers)
        return self.report.violations

    def _round(self) -> None:
        self.report.kills += 1
        if self._random.random() < 0.2:
            self.report.kills_while_starting += 1
            self.engine.spawn()
            time.sleep(self._random.uniform(0.02, 0.5))
            self.engine.kill()
            return
        self._start()
        self._settle_starts()
        self._look_around()
        deadline = time.monotonic() + self._random.uniform(0.02, 2.5)
        while time.monotonic() < deadline:
            self._step()
        self._kill()

    def _start(self) -> None:
        self.engine.spawn()
        self.report.restart_s.append(self.engine.wait())

    def _kill(self) -> None:
        workers = children(self.engine.process_id)
        if self._random.random() < 0.3:
            self._start_session_and_kill()
        else:
            self.engine.kill()
        if self._server and self._random.random() < 0.3:
            self.report.servers_killed += 1
            self._server.stop("immediate")
            self._server.start()
        deadline = time.monotonic() + ORPHAN_LIMIT_S
        while (left := [pid for pid in workers if alive(pid)]) and time.monotonic() < deadline:
            time.sleep(0.01)
        self._expect(not left, f"orphaned render processes: {left}")
        end(left)

    def _start_session_and_kill(self) -> None:
        """Kill while a start is on its way: whether it was stored is known only after it was repeated."""
        key = secrets.token_hex(8)
        self._keys[key] = None
        parts = urlsplit(self.engine.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        headers = {"X-API-Key": self.engine.key, "Idempotency-Key": key}
        connection.request("POST", SESSIONS, json.dumps(_START), headers)
        time.sleep(self._random.uniform(0.0, 0.02))
        self.engine.kill()
        connection.close()

    def _settle_starts(self) -> None:
        """Repeat every start that was cut off; none may make a second session."""
        for key in [key for key, session_id in self._keys.items() if session_id is None]:
            self._start_session(key)
        made, expected = set(self._listed()), set(self._keys.values())
        self._expect(made >= expected, f"lost: {expected - made}")
        self._expect(made <= expected, f"made twice: {made - expected}")

    def _listed(self) -> Iterator[str]:
        offset = 0
        while items := self.engine.call("GET", f"{SESSIONS}?limit=200&offset={offset}")["items"]:
            yield from (item["session_id"] for item in items)
            offset += len(items)

    def _start_session(self, key: str) -> None:
        session = self.engine.call("POST", SESSIONS, _START, idempotency_key=key)
        known = self._keys.get(key)
        self._expect(known in {None, session["session_id"]}, f"{key} made {known} and {session['session_id']}")
        self._keys[key] = session["session_id"]
        self._seen.setdefault(session["session_id"], {})

    def _step(self) -> None:
        active = [self._look(session_id) for session_id in self._seen if session_id not in self._ended]
        standing = {session["session_id"]: session["ready_count"] for session in active if session["more_pending"]}
        pending = list(standing)
        if len(pending) < MOST_ACTIVE:
            self._start_session(secrets.token_hex(8))
            return
        dice = self._random.random()
        if dice < 0.01:
            self._end(self._random.choice(pending))
        elif dice < 0.05:
            self._promote(self._random.choice(pending))
        elif dice < 0.06:
            self._kill_a_worker(standing)

    def _promote(self, session_id: str) -> None:
        """Keep a segment for good; the same one again is the same track."""
        seen = self._seen[session_id]
        if not seen:
            return
        index = self._random.choice(sorted(seen))
        track = self.engine.call("POST", f"{SESSIONS}/{session_id}/segments/{index}/promote")
        digest = self._tracks.setdefault(track["id"], seen[index])
        self._expect(digest == seen[index], f"track {track['id']} is of {digest}, and {seen[index]} was promoted")

    def _kill_a_worker(self, standing: dict[str, int]) -> None:
        """Whatever it renders is rendered again; what has cost three of them would rightly be given up.

        So each session loses one at most in each stretch of its way, and no segment lies in three stretches.
        """
        places = {(session_id, ready_count // _STRETCH) for session_id, ready_count in standing.items()}
        if places & self._bereaved:
            return
        self._bereaved |= places
        with suppress(ProcessLookupError, IndexError):
            kill(self._random.choice(children(self.engine.process_id)), signal.SIGKILL)
            self.report.workers_killed += 1

    def _end(self, session_id: str) -> None:
        ended = self.engine.call("POST", f"{SESSIONS}/{session_id}/end")
        self._expect(ended["status"] == "ended", f"{session_id} is {ended['status']} after its end")
        self._ended[session_id] = ended["ready_count"]

    def _look(self, session_id: str) -> dict[str, Any]:
        session: dict[str, Any] = self.engine.call("GET", f"{SESSIONS}/{session_id}")
        seen = self._seen[session_id]
        now = {item["segment_index"]: digest_in(item["playback_url"]) for item in session["segments"]}
        for index, digest in seen.items():
            self._expect(now.get(index) == digest, f"{session_id}/{index} was {digest} and is {now.get(index)}")
        for item in session["segments"]:
            if item["segment_index"] not in seen:
                self._fetch(session_id, item)
        if session_id in self._ended:
            self._expect(session["status"] == "ended", f"{session_id} went back to {session['status']}")
            self._expect(len(now) == self._ended[session_id], f"{session_id} has {len(now)} after its end")
        seen.update(now)
        return session

    def _look_around(self) -> None:
        """What was ready before the kill must be there now: of many sessions by chance, and at the end of all."""
        for session_id in self._random.sample(sorted(self._seen), min(MOST_LOOKED_AT, len(self._seen))):
            session = self._look(session_id)
            for item in self._random.sample(session["segments"], min(4, len(session["segments"]))):
                self._fetch(session_id, item)
        for track_id in self._random.sample(sorted(self._tracks), min(4, len(self._tracks))):
            self._fetch_track(track_id)

    def _fetch_track(self, track_id: str) -> None:
        status, body = self.engine.fetch(self.engine.call("GET", f"{TRACKS}/{track_id}")["playback_url"])
        whole = status == 200 and hashlib.sha256(body).hexdigest() == self._tracks[track_id]
        self._expect(whole, f"{track_id} came with {status} and {len(body)} bytes")
        self.report.bodies_checked += 1

    def _fetch(self, session_id: str, item: dict[str, Any]) -> None:
        status, body = self.engine.fetch(item["playback_url"])
        good = status == 200 and hashlib.sha256(body).hexdigest() == digest_in(item["playback_url"])
        self._expect(good, f"{session_id}/{item['segment_index']} came with {status} and {len(body)} bytes")
        self.report.bodies_checked += 1

    def _complete(self) -> None:
        """Without any help, every active session becomes fully ready: so long as more does, it may take its time."""
        waiting = [session_id for session_id in self._seen if session_id not in self._ended]
        ready, since = -1, time.monotonic()
        while waiting and time.monotonic() - since < self._patience_s:
            looked = [self._look(session_id) for session_id in waiting]
            waiting = [session["session_id"] for session in looked if session["more_pending"]]
            if (now := sum(map(len, self._seen.values()))) > ready:
                ready, since = now, time.monotonic()
            time.sleep(0.02)
        self._expect(not waiting, f"never completed: {waiting}")
        for session_id in self._seen:
            session = self._look(session_id)
            whole = session["ready_count"] == session["total_segments"] or session_id in self._ended
            self._expect(whole, f"{session_id} has {session['ready_count']} of {session['total_segments']}")
            for item in session["segments"]:
                self._fetch(session_id, item)
        for track_id in self._tracks:
            self._fetch_track(track_id)

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.report.violations.append(otherwise)


_START = {"goal": "focus", "target_minutes": 1}
