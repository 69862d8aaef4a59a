"""Does anything that was ready get lost? The engine is killed with -9 again and again, under an observer's eyes.

    python -m focuscli.bench.durability --kills 200 --seed 1 --json

What must hold after every restart: a segment once seen ready is ready with the same digest, and its body, fetched
through its signed URL, has that digest; a session that was acknowledged exists; what ended stays ended, with nothing
new; a start that was repeated with its idempotency key made one session. At the end every active session completes
by itself, the database is sound, and no temporary file, stray object or orphaned render process is left.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from focuscli.address import HELLO_PATH, Address, new_nonce, proves
from focuscli.paths import Paths

SESSIONS = "/v1/music/org_local/focus/sessions"
START_LIMIT_S = 30.0
COMPLETION_LIMIT_S = 90.0
ORPHAN_LIMIT_S = 3.0
MOST_ACTIVE = 3


class Refusal(Exception):
    """An answer that is an error; the text is status and body."""


class EngineProcess:
    """An auto-started engine in a folder of its own, as a client finds it."""

    def __init__(self, home: Path, **settings: str) -> None:
        self._environment = {**os.environ, "FOCUS_HOME": str(home), **settings}
        self.paths = Paths.find(self._environment)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def process_id(self) -> int:
        """The process, while it lives."""
        assert self._process is not None
        return self._process.pid

    def spawn(self) -> None:
        """Start it, and do not wait."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "focuscli.engine", "--auto"],
            cwd="/",
            env={"PYTHONPATH": str(Path(__file__).parents[2]), **self._environment},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # what it has to say is in its log
            start_new_session=True,
        )

    def wait(self) -> float:
        """Wait until it answers the hello; returns seconds. Raises Refusal where it does not."""
        began = time.monotonic()
        while time.monotonic() - began < START_LIMIT_S:
            address = Address.read(self.paths.engine_address)
            if address and address.pid == self.process_id and self._greets(address):
                return time.monotonic() - began
            if self._process and self._process.poll() is not None:
                break
            time.sleep(0.005)
        raise Refusal("the engine did not start")

    def _greets(self, address: Address) -> bool:
        self.url, nonce = address.url, new_nonce()
        answer = self.call("GET", f"{HELLO_PATH}?nonce={nonce}", key="")
        return proves(self.key, nonce, urlsplit(address.url).port or 0, answer["proof"])

    @property
    def key(self) -> str:
        """The engine's API key."""
        return self.paths.engine_key.read_text(encoding="ascii").strip()

    def kill(self) -> None:
        """SIGKILL, at this instant."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> tuple[int, float]:
        """SIGTERM; returns the exit code and the seconds it took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        return self._process.wait(), time.monotonic() - began

    def session_when(self, session_id: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The session as soon as something holds for it, asked for as a polling client does."""
        deadline = time.monotonic() + COMPLETION_LIMIT_S
        while not holds(session := self.call("GET", f"{SESSIONS}/{session_id}")):
            if time.monotonic() > deadline:
                raise Refusal(f"waited in vain, at last for {session}")
            time.sleep(0.02)
        return dict(session)

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, idempotency_key: str = ""
    ) -> Any:
        """One call, JSON in and out. Raises Refusal for an error, OSError or HTTPException where nobody answers."""
        headers = {"X-API-Key": self.key if key is None else key, "Idempotency-Key": idempotency_key}
        content = None if body is None else json.dumps(body)
        status, answer = self.fetch(self.url + path, method, {k: v for k, v in headers.items() if v}, content)
        if status >= 400:
            raise Refusal(f"{status} {answer[:500]!r}")
        return json.loads(answer)

    @staticmethod
    def fetch(
        url: str, method: str = "GET", headers: dict[str, str] | None = None, body: str | None = None
    ) -> tuple[int, bytes]:
        """One request without any credentials of its own; returns status and body."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request(
                method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body, headers or {}
            )
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


@dataclass(slots=True)
class Report:
    """The figures of one run; `violations` must be empty."""

    seed: int
    kills: int = 0
    kills_while_starting: int = 0
    sessions: int = 0
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

    def __init__(self, home: Path, seed: int) -> None:
        self.engine = EngineProcess(home, FOCUS_SEGMENT_SECONDS="5", FOCUS_SLOTS="2", FOCUS_LEASE="600")
        self.report = Report(seed)
        self._random = random.Random(seed)  # noqa: S311  # repeatable on purpose
        self._keys: dict[str, str | None] = {}
        self._seen: dict[str, dict[int, str]] = {}
        self._ended: dict[str, int] = {}

    def run(self, kills: int) -> Report:
        """So many kills, each at a random instant, then let everything complete."""
        for _ in range(kills):
            self._round()
        self._start()
        self._settle_starts()
        self._complete()
        code, _ = self.engine.stop()
        self._expect(code == 0, f"SIGTERM ended with {code}")
        self._inspect()
        self.report.sessions = len(self._seen)
        self.report.ready_segments = sum(map(len, self._seen.values()))
        return self.report

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
        self._look_at_everything()
        deadline = time.monotonic() + self._random.uniform(0.02, 2.5)
        while time.monotonic() < deadline:
            self._step()
        self._kill()

    def _start(self) -> None:
        self.engine.spawn()
        self.report.restart_s.append(self.engine.wait())

    def _kill(self) -> None:
        workers = _children(self.engine.process_id)
        if self._random.random() < 0.3:
            self._start_session_and_kill()
        else:
            self.engine.kill()
        deadline = time.monotonic() + ORPHAN_LIMIT_S
        while (alive := [pid for pid in workers if _alive(pid)]) and time.monotonic() < deadline:
            time.sleep(0.01)
        self._expect(not alive, f"orphaned render processes: {alive}")

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
        active = [session_id for session_id in self._seen if session_id not in self._ended]
        pending = [session_id for session_id in active if self._look(session_id)["more_pending"]]
        if len(pending) < MOST_ACTIVE:
            self._start_session(secrets.token_hex(8))
        elif self._random.random() < 0.002:
            self._end(self._random.choice(pending))

    def _end(self, session_id: str) -> None:
        ended = self.engine.call("POST", f"{SESSIONS}/{session_id}/end")
        self._expect(ended["status"] == "ended", f"{session_id} is {ended['status']} after its end")
        self._ended[session_id] = ended["ready_count"]

    def _look(self, session_id: str) -> dict[str, Any]:
        session: dict[str, Any] = self.engine.call("GET", f"{SESSIONS}/{session_id}")
        seen = self._seen[session_id]
        now = {item["segment_index"]: _digest(item["playback_url"]) for item in session["segments"]}
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

    def _look_at_everything(self) -> None:
        """Every body of every session, again: what was ready before the kill must be there now."""
        for session_id in self._seen:
            session = self._look(session_id)
            for item in self._random.sample(session["segments"], min(4, len(session["segments"]))):
                self._fetch(session_id, item)

    def _fetch(self, session_id: str, item: dict[str, Any]) -> None:
        status, body = self.engine.fetch(item["playback_url"])
        good = status == 200 and hashlib.sha256(body).hexdigest() == _digest(item["playback_url"])
        self._expect(good, f"{session_id}/{item['segment_index']} came with {status} and {len(body)} bytes")
        self.report.bodies_checked += 1

    def _complete(self) -> None:
        """Without any help, every active session becomes fully ready."""
        deadline = time.monotonic() + COMPLETION_LIMIT_S
        waiting = [session_id for session_id in self._seen if session_id not in self._ended]
        while waiting and time.monotonic() < deadline:
            waiting = [session_id for session_id in waiting if self._look(session_id)["more_pending"]]
            time.sleep(0.02)
        self._expect(not waiting, f"never completed: {waiting}")
        for session_id in self._seen:
            session = self._look(session_id)
            whole = session["ready_count"] == session["total_segments"] or session_id in self._ended
            self._expect(whole, f"{session_id} has {session['ready_count']} of {session['total_segments']}")
            for item in session["segments"]:
                self._fetch(session_id, item)

    def _inspect(self) -> None:
        """What lies on the disk after the last engine left."""
        data = self.engine.paths.engine_data
        with _database(data / "engine.db") as db:
            for check in ("integrity_check", "foreign_key_check"):
                found = [row for row in db.execute(f"PRAGMA {check}") if row != ("ok",)]
                self._expect(not found, f"{check}: {found}")
            keys = {key for (key,) in db.execute("SELECT object_key FROM segment WHERE state = 'ready'")}
        files = {str(file.relative_to(data / "objects")) for file in (data / "objects").rglob("*") if file.is_file()}
        self._expect(files == keys, f"strays: {files - keys}, missing: {keys - files}")
        self._expect(not self.engine.paths.engine_address.exists(), "the address was left behind")

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.report.violations.append(otherwise)


_START = {"goal": "focus", "target_minutes": 1}


def _digest(playback_url: str) -> str:
    return urlsplit(playback_url).path.rpartition("/")[2].removesuffix(".flac")


def _children(process_id: int) -> list[int]:
    """Direct children of a process; empty where there is no /proc to ask."""
    try:
        words = Path(f"/proc/{process_id}/task/{process_id}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [int(word) for word in words]


def _alive(process_id: int) -> bool:
    try:
        status = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return status != "Z"


@contextmanager
def _database(file: Path) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(file)
    try:
        yield db
    finally:
        db.close()


KILLS = 20
QUICK_KILLS = 5


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """One row of figures; `python -m focuscli.bench.durability --kills N` kills more often."""
    return [_observe(QUICK_KILLS if quick else KILLS, seed=1)]


def _observe(kills: int, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="focus-durability-") as home:
        report = Observer(Path(home), seed).run(kills)
    return {"ok": not report.violations, **report.figures()}


def main(arguments: list[str]) -> int:
    """The command; exit code 1 where anything was violated."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench.durability", description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    figures = _observe(options.kills, options.seed)
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:22} {value}" for name, value in figures.items()))
    return 0 if figures["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
