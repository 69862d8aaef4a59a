"""How the engine's process ends when it is told to, and how it refuses to begin on what a newer one has written."""

import hashlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from focuscli.bench.durability import SESSIONS, EngineProcess, Refusal
from focuscli.client.local import Launch
from focuscli.errors import Conflict

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

START = {"goal": "focus", "target_minutes": 2}
PATIENT = """
import sys, focuscli.engine.server as server, focuscli.engine.__main__ as program
server.GRACE_S = 600.0
sys.exit(program.main(["--auto"]))
"""


class PatientEngine(EngineProcess):
    """An engine that waits for ten minutes for answers that are on their way."""

    def spawn(self) -> None:
        words = [sys.executable, "-c", PATIENT]
        environment = {**self._environment, "PYTHONPATH": str(Path(__file__).parents[2])}
        self._process = subprocess.Popen(words, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)


@contextmanager
def half_a_request(engine: EngineProcess) -> Iterator[socket.socket]:
    """A request that the engine waits for the rest of."""
    parts = urlsplit(engine.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as wire:
        head = f"POST {SESSIONS} HTTP/1.1\r\nHost: {parts.netloc}\r\nX-API-Key: {engine.key}\r\nContent-Length: 50\r\n"
        wire.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert b"100" in wire.recv(65536)  # its body is being read
        yield wire


def test_the_first_signal_waits_for_answers_and_the_second_does_not(tmp_path: Path) -> None:
    engine = PatientEngine(tmp_path, FOCUS_SLOTS="1")
    engine.spawn()
    engine.wait()
    assert engine._process is not None
    with half_a_request(engine):
        os.kill(engine.process_id, signal.SIGTERM)
        while engine.paths.engine_address.exists():
            time.sleep(0.005)
        assert engine._process.poll() is None
        os.kill(engine.process_id, signal.SIGTERM)
        assert engine._process.wait(60) == 128 + signal.SIGTERM


def test_what_was_being_answered_when_the_signal_came_is_answered(tmp_path: Path) -> None:
    engine = PatientEngine(tmp_path, FOCUS_SLOTS="1")
    engine.spawn()
    engine.wait()
    assert engine._process is not None
    with half_a_request(engine) as wire:
        os.kill(engine.process_id, signal.SIGTERM)
        while engine.paths.engine_address.exists():
            time.sleep(0.005)
        with suppress(ConnectionRefusedError, ConnectionResetError):  # soon nobody new is let in
            while True:
                socket.create_connection(wire.getpeername(), timeout=60).close()
        wire.sendall(b'{"goal": "focus", "target_minutes": 2}'.ljust(50))
        assert wire.recv(65536).startswith(b"HTTP/1.1 202")
    assert engine._process.wait(60) == 0


def test_leaving_gives_leases_back_and_writes_the_log_into_the_database(tmp_path: Path) -> None:
    engine = EngineProcess(tmp_path, FOCUS_SLOTS="2", FOCUS_SEGMENT_SECONDS="60")
    engine.spawn()
    engine.wait()
    engine.call("POST", SESSIONS, START | {"target_minutes": 600})
    assert engine.stop()[0] == 0
    database = engine.paths.engine_data / "engine.db"
    log = database.with_name("engine.db-wal")
    assert not log.exists() or log.stat().st_size == 0
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("SELECT count(*) FROM segment WHERE state = 'claimed'").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM session WHERE status = 'active'").fetchone() == (1,)


def test_a_database_of_a_newer_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    engine = EngineProcess(tmp_path, FOCUS_SLOTS="1")
    engine.spawn()
    engine.wait()
    assert engine.stop()[0] == 0
    database = engine.paths.engine_data / "engine.db"
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA user_version = 9999")
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    engine.spawn()
    with pytest.raises(Refusal):
        engine.wait()
    assert engine._process is not None
    assert engine._process.returncode == Conflict.exit_code
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    launched = Launch(engine.paths, engine._environment, limit_s=60)
    with pytest.raises(Conflict, match="database has version 9999") as told:
        launched.wait(lambda _: None)
    assert str(engine.paths.engine_log) in told.value.hint
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
