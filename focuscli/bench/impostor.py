"""An engine is killed with -9 and somebody else takes its port: does any client give the key to who sits there now?

    python -m focuscli.bench impostor --rounds 100

In turn the impostor knows nothing, answers with nonsense, or passes every challenge on to the engine that was started
meanwhile and answers with what that one says. Clients look for the engine as each command does, and start one.
"""

import argparse
import http.client
import itertools
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from focuscli.address import Address
from focuscli.bench.durability import EngineProcess
from focuscli.bench.tables import table
from focuscli.client.local import find_local

TRICKS = ("ignorant", "nonsense", "relay")
LOOKS = 3
"""Clients that come by in each round."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """How often."""
    parser.add_argument("--rounds", type=int, default=100)


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """A row a trick."""
    with tempfile.TemporaryDirectory(prefix="focus-impostor-") as home:
        rows = rounds(Path(home), 3 if options.quick else options.rounds)
    return rows, table(rows)


@dataclass(slots=True)
class Impostor:
    """Whoever sits on the port: what it was asked, and how it answers a challenge."""

    trick: str
    real_url: str = ""
    asked: int = 0
    heard: bytearray = field(default_factory=bytearray)

    def answer(self, target: str) -> bytes:
        """The body that it gives, whatever was asked."""
        if self.trick == "relay" and self.real_url:
            with suppress(OSError, http.client.HTTPException):
                return EngineProcess.fetch(self.real_url + target)[1]
        proof = {"ignorant": "", "nonsense": "ü" * 64, "relay": ""}[self.trick]
        return json.dumps({"proof": proof, "protocol": 1, "proto_min": 1, "proto_max": 1}).encode()


@contextmanager
def sitting(impostor: Impostor, port: int) -> Iterator[None]:
    """Answer on that port for as long as the context is open."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            impostor.asked += 1
            impostor.heard += f"{self.requestline}\n{self.headers}".encode() + self.rfile.read(length)
            body = impostor.answer(self.path)
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  # http.server asks for this name

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def rounds(home: Path, count: int) -> list[dict[str, Any]]:
    """So many rounds in all, the tricks in turn."""
    engine = EngineProcess(home, FOCUS_SLOTS="1")
    rows: dict[str, dict[str, Any]] = {
        trick: {"what": trick, "rounds": 0, "asked": 0, "believed": 0, "keys": 0} for trick in TRICKS
    }
    engine.spawn()
    engine.wait()
    for trick in itertools.islice(itertools.cycle(TRICKS), count):
        _add(rows[trick], *_one_round(engine, trick))
    engine.stop()
    return [row | {"ok": not row["keys"] and not row["believed"] and row["asked"] > 0} for row in rows.values()]


def _one_round(engine: EngineProcess, trick: str) -> tuple[Impostor, int, str]:
    """Kill the engine, sit on its port, let clients come by, before and after the next engine is there."""
    stale = Address.read(engine.paths.engine_address)
    assert stale is not None
    engine.kill()
    impostor, believed = Impostor(trick), 0
    with sitting(impostor, urlsplit(stale.url).port or 0):
        believed += _look(engine)
        engine.spawn()
        engine.wait()
        impostor.real_url = engine.url
        # who read the stale address just before, or is made to see it again, asks the impostor once more
        fresh = Address.read(engine.paths.engine_address)
        assert fresh is not None
        replace(fresh, url=stale.url).write(engine.paths.engine_address)
        believed += _look(engine)
        fresh.write(engine.paths.engine_address)
    return impostor, believed, engine.key


def _look(engine: EngineProcess) -> int:
    """How many of some clients took who answers there for the engine."""
    found = [find_local(engine.paths) for _ in range(LOOKS)]
    return sum(1 for one in found if one is not None and _gives_the_key(one.authority, one.key))


def _gives_the_key(authority: str, key: str) -> bool:
    """What every command does with an engine that it believes."""
    with suppress(OSError, http.client.HTTPException):
        EngineProcess.fetch(f"http://{authority}/v1/music/org_local/focus/sessions", headers={"X-API-Key": key})
    return True


def _add(row: dict[str, Any], impostor: Impostor, believed: int, key: str) -> None:
    row["rounds"] += 1
    row["asked"] += impostor.asked
    row["believed"] += believed
    row["keys"] += key.encode() in impostor.heard or b"x-api-key" in impostor.heard.lower()
