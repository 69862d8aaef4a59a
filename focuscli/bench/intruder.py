"""Web pages, wrong names and another user of this machine try to get at a running engine: does anyone get anywhere?

    python -m focuscli.bench intruder

Over a real socket: every form of Host and Origin that is not this engine's. As root, a child becomes another user and
makes twenty attempts at the engine's files, socket and process; each must fail.
"""

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import pwd
import signal
import socket
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from focuscli.bench.durability import SESSIONS, EngineProcess
from focuscli.bench.tables import table

NOBODY = 65534


def add_options(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    parser.set_defaults()


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:  # noqa: ARG001
    """A row for the names, and one for the other user."""
    with tempfile.TemporaryDirectory(prefix="focus-intruder-") as home:
        Path(home).chmod(0o755)  # the way to the engine's own folders is open: they must hold by themselves
        engine = EngineProcess(Path(home), FOCUS_SLOTS="1", FOCUS_SEGMENT_SECONDS="5")
        engine.spawn()
        engine.wait()
        session_id = engine.call("POST", SESSIONS, {"goal": "sleep", "target_minutes": 1})["session_id"]
        engine.session_when(session_id, lambda session: session["ready_count"] > 0)
        try:
            rows = [names(engine, session_id), another_user(engine, session_id)]
        finally:
            engine.stop()
    return rows, table(rows)


def foreign_names(port: int) -> list[tuple[bytes, ...]]:
    """Header lines of requests that must be refused: none, empty and doubled names, and everything but ours."""
    ours = b"Host: 127.0.0.1:%d" % port
    hosts = [
        b"", b" ", b"127.0.0.1", b"localhost", b"[::1]", b"127.0.0.1:%d" % (port + 1), b"127.0.0.1:", b"127.0.0.1:0",
        b"127.0.0.2:%d" % port, b"0.0.0.0:%d" % port, b"[::]:%d" % port, b"::1:%d" % port,
        b"[::ffff:127.0.0.1]:%d" % port, b"evil.example:%d" % port, b"evil.example", b"localhost.:%d" % port,
        b"localhost.evil.example:%d" % port, b"evil.example.localhost:%d" % port, b"127.0.0.1.nip.io:%d" % port,
        b"127.1:%d" % port, b"2130706433:%d" % port, b"0x7f000001:%d" % port, b"0177.0.0.1:%d" % port,
        b"127.0.0.1:%d.evil.example" % port, b"127.0.0.1:0%d" % port, b"user@127.0.0.1:%d" % port,
        b"127.0.0.1:%d/" % port, b"127.0.0.1:%d#" % port, b"127.0.0.1:%d,evil.example" % port,
        b"http://127.0.0.1:%d" % port, b"127.0.0.1\xa0:%d" % port, b"*:%d" % port,
    ]  # fmt: skip
    pages = [
        b"Origin: http://evil.example", b"Origin: null", b"Origin: http://127.0.0.1:%d" % port, b"Origin:",
        b"Origin: http://localhost:%d" % port, b"Sec-Fetch-Site: cross-site", b"Sec-Fetch-Site: same-site",
        b"Sec-Fetch-Site: unheard-of", b"Sec-Fetch-Site:",
    ]  # fmt: skip
    doubled = [(ours, ours), (ours, b"Host: evil.example"), (b"Host: evil.example", ours), ()]
    return [*((b"Host: " + host,) for host in hosts), *doubled, *((ours, page) for page in pages)]


def names(engine: EngineProcess, session_id: str) -> dict[str, Any]:
    """One row: how many forms were refused, each with a valid key, on each kind of path."""
    port = int(engine.url.rpartition(":")[2])
    media = engine.call("GET", f"{SESSIONS}/{session_id}")["segments"][0]["playback_url"].removeprefix(engine.url)
    key = b"X-API-Key: " + engine.key.encode()
    paths = ("/v1/health", SESSIONS, media, "/hello?nonce=x", "/nothing")
    forms = foreign_names(port)
    answers = [_status(port, path, (*form, key)) for form in forms for path in paths]
    wrong = [status for status in answers if status not in {400, 403, 421}]
    right = _status(port, SESSIONS, (b"Host: 127.0.0.1:%d" % port, key))
    return {
        "what": f"{len(forms)} forms of Host and Origin, {len(paths)} paths", "attempts": len(answers),
        "refused": len(answers) - len(wrong), "got_through": str(wrong[:5] or ""), "ok": not wrong and right == 200,
    }  # fmt: skip


def _status(port: int, path: str, headers: tuple[bytes, ...]) -> int:
    """The status of one request, written by hand, since no library would send these."""
    request = b"\r\n".join([b"GET %s HTTP/1.1" % path.encode(), *headers, b"Connection: close", b"", b""])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        wire.sendall(request)
        return int(wire.recv(65536).split()[1])


@dataclass(frozen=True, slots=True)
class Scene:
    """What another user knows, or finds out without any right: paths, port, process, and the words of the API."""

    engine: EngineProcess
    port: int
    process_id: int
    media_path: str

    def status(self, path: str, method: str = "GET", *headers: str) -> int:
        """What the engine answers to a request of theirs."""
        given = dict(line.split(": ", 1) for line in headers)
        return self.engine.fetch(f"http://127.0.0.1:{self.port}{path}", method, given)[0]


Attempt = Callable[[Scene], object]


def _reads(file: Path) -> object:
    return file.read_bytes()


def _lists(scene: Scene) -> object:
    return [os.listdir(folder) for folder in (scene.engine.paths.state, scene.engine.paths.runtime)]  # noqa: PTH208


def _plants(folder: Path) -> object:
    return (folder / "planted").write_text("mine", encoding="ascii")


def _swaps(scene: Scene) -> object:
    return scene.engine.paths.state.rename(scene.engine.paths.state.with_name("mine"))


def _locks(scene: Scene) -> object:
    descriptor = os.open(scene.engine.paths.engine_lock, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _opens_database(scene: Scene) -> object:
    with contextlib.closing(
        sqlite3.connect(f"file:{scene.engine.paths.engine_data}/engine.db?mode=ro", uri=True)
    ) as db:
        return db.execute("SELECT * FROM session").fetchall()


def _traces(scene: Scene) -> object:
    attach = 16  # PTRACE_ATTACH, ptrace(2)
    if ctypes.CDLL(None, use_errno=True).ptrace(attach, scene.process_id, None, None) != 0:
        raise PermissionError(ctypes.get_errno(), "ptrace")
    return True


def _is_let_in(status: int) -> object:
    if status in {401, 403, 404, 421, 422}:
        raise PermissionError(status, "refused")
    return status


def _guesses(scene: Scene) -> object:
    """A proof is no key, and neither is anything else that the open calls say."""
    hello = json.loads(scene.engine.fetch(f"http://127.0.0.1:{scene.port}/hello?nonce=n")[1])
    guesses = [hello["proof"], hashlib.sha256(hello["proof"].encode()).hexdigest(), "org_local", "0" * 43]
    return _is_let_in(min(scene.status(SESSIONS, "GET", f"X-API-Key: {guess}") for guess in guesses))


ATTEMPTS: dict[str, Attempt] = {
    "read the key": lambda at: _reads(at.engine.paths.engine_key),
    "read the signing keys": lambda at: _reads(at.engine.paths.engine_data / "signing.json"),
    "read the address": lambda at: _reads(at.engine.paths.engine_address),
    "read the log": lambda at: _reads(at.engine.paths.engine_log),
    "read the database": _opens_database,
    "list the folders": _lists,
    "hold the lock": _locks,
    "plant a file in the state": lambda at: _plants(at.engine.paths.state),
    "plant a file in the runtime folder": lambda at: _plants(at.engine.paths.runtime),
    "plant audio": lambda at: _plants(at.engine.paths.engine_data / "objects"),
    "swap the folder": _swaps,
    "remove the address": lambda at: at.engine.paths.engine_address.unlink(),
    "open the folder": lambda at: at.engine.paths.state.chmod(0o777),
    "read the environment": lambda at: _reads(Path(f"/proc/{at.process_id}/environ")),
    "read the memory": lambda at: _reads(Path(f"/proc/{at.process_id}/mem")),
    "trace the process": _traces,
    "kill the process": lambda at: os.kill(at.process_id, signal.SIGTERM),
    "call without a key": lambda at: _is_let_in(at.status(SESSIONS)),
    "stop the engine": lambda at: _is_let_in(at.status("/v1/engine/stop", "POST")),
    "guess the key": _guesses,
    "fetch audio without a signature": lambda at: _is_let_in(at.status(at.media_path)),
    "forge a signature": lambda at: _is_let_in(at.status(f"{at.media_path}?e=9999999999&k=1&s={'A' * 43}")),
}


def another_user(engine: EngineProcess, session_id: str) -> dict[str, Any]:
    """One row: what another user of this machine achieved; not tried where we cannot become one."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {"what": "another user: not tried, for only root can become one", "attempts": 0, "refused": 0,
                "got_through": "", "ok": True}  # fmt: skip
    url = engine.call("GET", f"{SESSIONS}/{session_id}")["segments"][0]["playback_url"]
    media_path = url.removeprefix(engine.url).partition("?")[0]
    scene = Scene(engine, int(engine.url.rpartition(":")[2]), engine.process_id, media_path)
    got_through = _as_nobody(lambda: _achieved(scene))
    alive = engine.call("GET", f"{SESSIONS}/{session_id}")["session_id"] == session_id
    return {
        "what": f"another user ({_name()})", "attempts": len(ATTEMPTS),
        "refused": len(ATTEMPTS) - len(got_through), "got_through": ", ".join(got_through),
        "ok": alive and not got_through,
    }  # fmt: skip


def _achieved(scene: Scene) -> list[str]:
    found = []
    for name, attempt in ATTEMPTS.items():
        with contextlib.suppress(OSError, sqlite3.Error):
            attempt(scene)
            found.append(name)
    return found


def _as_nobody(act: Callable[[], list[str]]) -> list[str]:
    """What `act` says in a child that is nobody, with none of our groups and none of our rights."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.write(writing, json.dumps(act()).encode())
        except BaseException as exc:  # noqa: BLE001  # a child that fails must not go on as its parent
            os.write(writing, json.dumps([f"the child failed: {exc!r}"]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        found: list[str] = json.loads(told.read())
    os.waitpid(child, 0)
    return found


def _name() -> str:
    try:
        return pwd.getpwuid(NOBODY).pw_name
    except KeyError:
        return str(NOBODY)
