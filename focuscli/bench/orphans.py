"""How long until nothing is left of whoever died? A client, a render process and an engine, killed in real time.

    python -m focuscli.bench.orphans --json

A client that held a lease is killed: its session ends. A render process is killed: its segment is rendered by another
one. Engine and client are killed: the render processes go by themselves, and once an engine runs again, the session
ends and nothing of it lies about.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from focuscli.bench.durability import SESSIONS, EngineProcess
from focuscli.bench.processes import alive, children

LIMIT_S = 120.0
LEASE_S = 30

_CLIENT = """
import http.client, json, sys, time
host, key, lease = sys.argv[1:]
def ask(method, path, body=None):
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request(method, path, body, {"X-API-Key": key, "X-Focus-Lease": lease})
    return json.loads(connection.getresponse().read())
session = ask("POST", "/v1/music/org_local/focus/sessions", json.dumps({"goal": "sleep", "target_minutes": 60}))
while True:
    ask("GET", "/v1/music/org_local/focus/sessions/" + session["session_id"])
    print(session["session_id"], flush=True)
    time.sleep(1)
"""


class Client:
    """A client in a process of its own, which starts a session with a lease and polls it each second."""

    def __init__(self, engine: EngineProcess) -> None:
        words = [sys.executable, "-c", _CLIENT, engine.url.removeprefix("http://"), engine.key, str(LEASE_S)]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.session_id = self._process.stdout.readline().strip()
        self._process.stdout.readline()  # it polled

    def kill(self) -> float:
        """SIGKILL; returns when, on the monotonic clock."""
        self._process.kill()
        self._process.communicate()
        return time.monotonic()


def _seconds_until(holds: Callable[[], bool], since: float) -> float:
    """How long it took; LIMIT_S and more where it did not happen within that."""
    while not holds() and time.monotonic() - since < 2 * LIMIT_S:
        time.sleep(0.1)
    return round(time.monotonic() - since, 1)


def _is_over(engine: EngineProcess, session_id: str) -> bool:
    """Asked for by the list, which prolongs nothing."""
    active = engine.call("GET", f"{SESSIONS}?status=active&limit=200")["items"]
    return session_id not in [item["session_id"] for item in active]


def _client_killed(engine: EngineProcess) -> float:
    client = Client(engine)
    killed = client.kill()
    return _seconds_until(lambda: _is_over(engine, client.session_id), killed + LEASE_S)


def _worker_killed(engine: EngineProcess) -> float:
    session_id = engine.call("POST", SESSIONS, {"goal": "focus", "target_minutes": 2})["session_id"]
    workers = children(engine.process_id)
    killed = time.monotonic()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    return _seconds_until(lambda: not engine.call("GET", f"{SESSIONS}/{session_id}")["more_pending"], killed)


def _engine_killed(engine: EngineProcess) -> dict[str, float]:
    client = Client(engine)
    workers = children(engine.process_id)
    killed = client.kill()
    engine.kill()
    workers_gone_s = _seconds_until(lambda: not any(map(alive, workers)), killed)
    engine.spawn()
    engine.wait()
    restarted = time.monotonic()
    over_s = _seconds_until(lambda: _is_over(engine, client.session_id), restarted + LEASE_S)
    left = [file for file in (engine.paths.engine_data / "objects").rglob("*.tmp") if file.is_file()]
    return {"workers gone s": workers_gone_s, "engine killed s": over_s, "files left": len(left)}


def measure(quick: bool = False) -> list[dict[str, Any]]:  # noqa: ARG001  # real time has no quick form
    """One row: seconds after the lease was over, or after the kill where there is no lease."""
    with tempfile.TemporaryDirectory(prefix="focus-orphans-") as home:
        engine = EngineProcess(Path(home), FOCUS_SEGMENT_SECONDS="20", FOCUS_SLOTS="1", FOCUS_RATE_LIMIT="0")
        engine.spawn()
        engine.wait()
        try:
            row: dict[str, Any] = {
                "client killed s": _client_killed(engine),
                "worker killed s": _worker_killed(engine),
                **_engine_killed(engine),
            }
        finally:
            engine.stop()
    ok = all(value <= LIMIT_S for name, value in row.items() if name.endswith(" s")) and not row["files left"]
    return [{"ok": ok and row["workers gone s"] <= 3.0, "limit s": LIMIT_S, "lease s": LEASE_S, **row}]


def main(arguments: list[str]) -> int:
    """The command; exit code 1 where something took too long, or was left."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench.orphans", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    (row,) = measure()
    print(json.dumps(row) if options.json else "\n".join(f"{name:16} {value}" for name, value in row.items()))
    return 0 if row["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
