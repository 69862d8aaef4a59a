"""Programs and engines of three versions meet: is each engine used, replaced or left in peace as it should be?

    python -m focuscli.bench skew

Every program and every engine is a process of its own that is told which protocols it speaks and which version it is.
An engine is started by a program of its version, with a session to attend to or without, and then another program
wants an engine, as every command does.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from focuscli.bench.processes import alive
from focuscli.bench.tables import table

LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Kind:
    """What a process is told to be."""

    name: str
    lowest: int
    highest: int
    version: str

    def words(self, role: str) -> list[str]:
        """The command that runs it."""
        about = [str(self.lowest), str(self.highest), self.version]
        return [sys.executable, "-m", "focuscli.bench.skew", role, *about]


PROGRAMS = (Kind("N-1", 4, 4, "1.4.0"), Kind("N", 5, 5, "1.5.0"), Kind("N+1", 6, 6, "1.6.0"))
USED, REPLACED, REFUSED = "used", "replaced", "refused"
ENGINES: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # what programs of N-1, N and N+1 do with it: while it is idle, and while it has a session
    PROGRAMS[0]: ((USED, REPLACED, REPLACED), (USED, REFUSED, REFUSED)),
    PROGRAMS[1]: ((REFUSED, USED, REPLACED), (REFUSED, USED, REFUSED)),
    PROGRAMS[2]: ((REFUSED, REFUSED, USED), (REFUSED, REFUSED, USED)),
    Kind("N-1 to N", 4, 5, "1.5.0"): ((USED, USED, REPLACED), (USED, USED, REFUSED)),
    Kind("N to N+1", 5, 6, "1.6.0"): ((REFUSED, USED, USED), (REFUSED, USED, USED)),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    parser.set_defaults()


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """A row an engine, idle and busy; quick: the one of the middle, idle."""
    engines = [PROGRAMS[1]] if options.quick else list(ENGINES)
    states = (False,) if options.quick else (False, True)
    rows = [_row(engine, busy=busy) for engine in engines for busy in states]
    return rows, table(rows)


def _row(engine: Kind, *, busy: bool) -> dict[str, Any]:
    seen = {program.name: meet(engine, program, busy=busy) for program in PROGRAMS}
    expected = ENGINES[engine][busy]
    return {
        "engine": f"{engine.name}, {'with a session' if busy else 'idle'}",
        **{f"program {name}": outcome for name, outcome in seen.items()},
        "ok": tuple(seen.values()) == expected,
    }


def meet(engine: Kind, program: Kind, *, busy: bool) -> str:
    """What the program did with the engine: used, replaced, refused, or what went wrong."""
    with tempfile.TemporaryDirectory(prefix="focus-skew-") as home:
        first = _want(engine, home, "begin" if busy else "want")
        second = _want(program, home, "want")
        try:
            return _outcome(first, second)
        finally:
            for process_id in {first["pid"], second.get("pid", first["pid"])}:
                _end(process_id)


def _outcome(first: dict[str, Any], second: dict[str, Any]) -> str:
    stays = alive(first["pid"])
    if "refused" in second:
        return REFUSED if stays else f"refused, and the engine is gone: {second['refused']}"
    if second["pid"] == first["pid"]:
        return USED if stays else "used, and gone"
    return REPLACED if not stays and alive(second["pid"]) else "two engines"


def _want(kind: Kind, home: str, role: str) -> dict[str, Any]:
    environment = {**os.environ, "FOCUS_HOME": home, "FOCUS_SLOTS": "1"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    done = subprocess.run(kind.words(role), env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _end(process_id: int) -> None:
    deadline = time.monotonic() + LIMIT_S
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGTERM)
    while alive(process_id) and time.monotonic() < deadline:
        time.sleep(0.01)


def _be(kind: Kind) -> None:
    """Become what we were told, before anything else is imported that would ask."""
    from focuscli import hello, version

    hello.PROTOCOLS, hello.PROTOCOL = (kind.lowest, kind.highest), kind.highest
    version.__version__ = kind.version


def _program(kind: Kind, *, begins: bool) -> dict[str, Any]:
    """Want an engine, as every command does, and start a session or not."""
    from focuscli.bench.durability import SESSIONS, EngineProcess
    from focuscli.client.local import Launch
    from focuscli.errors import Conflict
    from focuscli.paths import Paths

    def spawn(log_file: str, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        Path(log_file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        quiet = subprocess.DEVNULL
        words, given = kind.words("serve"), dict(environment)
        return subprocess.Popen(words, env=given, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)

    try:
        found = Launch(Paths.find(), os.environ, limit_s=LIMIT_S, spawn=spawn).wait(lambda _: None)
    except Conflict as conflict:
        return {"refused": conflict.message}
    if begins:
        wish, headers = {"goal": "sleep", "target_minutes": 60}, {"X-API-Key": found.key}
        status, answer = EngineProcess.fetch(f"http://{found.authority}{SESSIONS}", "POST", headers, json.dumps(wish))
        assert status == 202, answer
    return {"pid": found.pid}


def main(words: list[str]) -> int:
    """A process of some version: a program that wants an engine, one that starts a session too, or an engine."""
    role, lowest, highest, version = words
    kind = Kind("", int(lowest), int(highest), version)
    _be(kind)
    if role == "serve":
        from focuscli.engine.__main__ import main as serve

        return serve(["--auto"])
    print(json.dumps(_program(kind, begins=role == "begin")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
