"""Does anything that was ready get lost? The engine is killed with -9 again and again, under an observer's eyes.

    python -m focuscli.bench.durability --kills 200 --seed 1 --json
    python -m focuscli.bench.durability --kills 30 --store postgres   # the server is killed as well
    python -m focuscli.bench.durability --mutants --kills 30          # can it fail? --store as above

What must hold after every restart: a segment once seen ready is ready with the same digest, and its body, fetched
through its signed URL, has that digest; a session that was acknowledged exists; what ended stays ended, with nothing
new; a start that was repeated with its idempotency key made one session; tracks stay. At the end every active session
completes by itself, each segment was charged once, the database is sound, and no temporary file, stray object or
orphaned render process is left.
"""

import argparse
import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from focuscli.address import HELLO_PATH, Address, new_nonce, proves
from focuscli.paths import Paths

if TYPE_CHECKING:
    from focuscli.bench.cluster import Cluster

SESSIONS = "/v1/music/org_local/focus/sessions"
START_LIMIT_S = 30.0
COMPLETION_LIMIT_S = 90.0


class Refusal(Exception):
    """An answer that is an error; the text is status and body."""


class EngineProcess:
    """An auto-started engine in a folder of its own, as a client finds it."""

    def __init__(self, home: Path, *, mutant: str = "", prefix: Sequence[str] = (), **settings: str) -> None:
        """`settings` are environment variables, `mutant` names a planted bug, `prefix` is what runs the engine."""
        module = ["focuscli.bench.mutants", mutant] if mutant else ["focuscli.engine"]
        self._words = [*prefix, sys.executable, "-m", *module, "--auto"]
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
            self._words,
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
        url: str,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: str | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = 30.0,
    ) -> tuple[int, bytes]:
        """One request without any credentials of its own, over TLS if it says how; returns status and body."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if tls:
            connection: http.client.HTTPConnection
            connection = http.client.HTTPSConnection(host, port, timeout=timeout_s, context=tls)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
        try:
            connection.request(
                method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body, headers or {}
            )
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


KILLS = 20
QUICK_KILLS = 5
MUTANT_PATIENCE_S = 8.0


def digest_in(playback_url: str) -> str:
    """The SHA-256 that a media URL of this engine names."""
    return urlsplit(playback_url).path.rpartition("/")[2].removesuffix(".flac")


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """One row of figures; `python -m focuscli.bench.durability --kills N` kills more often."""
    return [_observe(QUICK_KILLS if quick else KILLS, seed=1)]


@contextmanager
def _place(store: str) -> "Iterator[tuple[Path, Cluster | None]]":
    """A folder for an engine, and a server for its sessions where they are not to be in a file there."""
    from focuscli.bench.cluster import cluster

    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="focus-durability-")))
        yield home, stack.enter_context(cluster(durable=True)) if store == "postgres" else None


def _observe(kills: int, seed: int, store: str = "sqlite") -> dict[str, Any]:
    from focuscli.bench.observer import Observer

    with _place(store) as (home, server):
        report = Observer(home, seed, server=server).run(kills)
    return {"ok": not report.violations, "store": store, **report.figures()}


def catch(mutant: str, kills: int, seed: int, store: str = "sqlite") -> list[str]:
    """What is found of a planted bug in at most so many kills; empty where it goes unnoticed."""
    from focuscli.bench.observer import Observer

    with _place(store) as (home, server):
        return Observer(home, seed, mutant=mutant, patience_s=MUTANT_PATIENCE_S, server=server).find(kills)


def _catch_all(kills: int, seed: int, store: str) -> dict[str, Any]:
    from focuscli.bench.mutants import MUTANTS

    found = {mutant: catch(mutant, kills, seed, store) for mutant in MUTANTS}
    return {"ok": all(found.values()), "store": store, **{mutant: told[:1] for mutant, told in found.items()}}


def main(arguments: list[str]) -> int:
    """The command; exit code 1 where anything was violated, or a planted bug was not found."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench.durability", description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite", help="what keeps the sessions")
    parser.add_argument("--mutants", action="store_true", help="plant bugs, and see whether they are found")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if options.mutants:
        figures = _catch_all(options.kills, options.seed, options.store)
    else:
        figures = _observe(options.kills, options.seed, options.store)
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:22} {value}" for name, value in figures.items()))
    return 0 if figures["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
