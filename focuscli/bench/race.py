"""Twelve clients want an engine in the same moment, after the last one was killed with -9: is there one, and one only?

    python -m focuscli.bench race --rounds 100 --clients 12

Each client is a process of its own that finds the stale address, starts an engine and waits for one, as every command
does. After each round all engines that were started are counted, and all clients must have found the one that lives.
"""

import argparse
import os
import signal
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from focuscli.bench.tables import table

LIMIT_S = 60.0
LEAVE_S = 20.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """How many, how often."""
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--clients", type=int, default=12)


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """One row: rounds, and how many of them had one engine."""
    rows = [race(3 if options.quick else options.rounds, options.clients)]
    return rows, table(rows)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one client saw: the engine it found (0: none), how long that took, and which of its own engines live."""

    found: int
    took_s: float
    alive: tuple[int, ...]
    failure: str = ""


def race(rounds: int, clients: int) -> dict[str, Any]:
    """So many rounds; every one must end with one engine, found by all."""
    with tempfile.TemporaryDirectory(prefix="focus-race-") as home, ExitStack() as stack:
        doors = [_client(home, stack) for _ in range(clients)]
        found = [_one_round(doors) for _ in range(rounds)]
        for door in doors:
            door.send("leave")
    waits = [outcome.took_s for outcomes in found for outcome in outcomes]
    one = sum(_is_one(outcomes) for outcomes in found)
    failures = sorted({outcome.failure for outcomes in found for outcome in outcomes if outcome.failure})
    return {
        "what": f"{clients} clients after kill -9",
        "rounds": rounds,
        "with_one_engine": one,
        "engines_at_most": max(len(_alive(outcomes)) for outcomes in found),
        "failed_clients": sum(1 for outcomes in found for outcome in outcomes if outcome.failure),
        "failures": "; ".join(failures),
        "wait_p50_s": round(statistics.median(waits), 2),
        "wait_max_s": round(max(waits), 2),
        "ok": one == rounds and not failures,
    }


def _one_round(doors: list[Connection]) -> list[Outcome]:
    """Let all begin in one moment, gather what they saw, then kill whoever serves."""
    for door in doors:
        door.send("ready")
    for door in doors:
        door.recv()
    for door in doors:
        door.send("go")
    first = [door.recv() for door in doors]
    for door in doors:  # those that came second have left by then
        door.send("count")
    outcomes = [
        Outcome(seen.found, seen.took_s, door.recv(), seen.failure) for seen, door in zip(first, doors, strict=True)
    ]
    for process_id in _alive(outcomes):
        os.kill(process_id, signal.SIGKILL)
    return outcomes


def _alive(outcomes: list[Outcome]) -> set[int]:
    return {process_id for outcome in outcomes for process_id in outcome.alive}


def _is_one(outcomes: list[Outcome]) -> bool:
    alive = _alive(outcomes)
    return len(alive) == 1 and {outcome.found for outcome in outcomes} == alive


def _client(home: str, stack: ExitStack) -> Connection:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_be_client, args=(home, theirs), daemon=True)
    process.start()
    stack.callback(process.join, LEAVE_S)
    return ours


def _be_client(home: str, door: Connection) -> None:
    """In a process of its own: want an engine whenever told to."""
    import subprocess

    from focuscli.client.local import Launch
    from focuscli.client.spawn import spawn
    from focuscli.errors import FocusError
    from focuscli.paths import Paths

    environment = {**os.environ, "FOCUS_HOME": home, "FOCUS_SLOTS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[2]), environment.get("PYTHONPATH", "")])
    paths = Paths.find(environment)
    engines: list[subprocess.Popen[bytes]] = []

    def spawned(log_file: str, given: Any) -> "subprocess.Popen[bytes]":
        engines.append(spawn(log_file, given))
        return engines[-1]

    def want() -> Outcome:
        began = time.monotonic()
        try:
            found = Launch(paths, environment, limit_s=LIMIT_S, spawn=spawned).wait(lambda _: None).pid
        except FocusError as error:
            return Outcome(0, time.monotonic() - began, (), error.message)
        return Outcome(found, time.monotonic() - began, ())

    found = 0
    while (word := door.recv()) != "leave":
        if word == "ready":
            door.send(word)
        elif word == "go":
            outcome = want()
            found = outcome.found
            door.send(outcome)
        else:
            door.send(_still_alive(engines, found))


def _still_alive(engines: "list[Any]", served_by: int) -> tuple[int, ...]:
    """Which of our engines have not left, after those that came second had time to."""
    deadline = time.monotonic() + LEAVE_S
    for engine in engines:
        while engine.poll() is None and engine.pid != served_by and time.monotonic() < deadline:
            time.sleep(0.005)
    return tuple(engine.pid for engine in engines if engine.poll() is None)
