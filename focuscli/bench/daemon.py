"""How soon the engine answers after nothing ran, how soon it leaves, and how much memory it takes while idle.

    python -m focuscli.bench daemon --starts 20

The wait is from the start of the process to its first answer. CPU time says the same on a machine that has other work.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from focuscli.bench.durability import EngineProcess
from focuscli.bench.tables import table

START_MARK_S = 0.5
MEMORY_MARK_MIB = 60
LEAVE_MARK_S = 1.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """How often."""
    parser.add_argument("--starts", type=int, default=20)


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """Rows for start, memory and end; the fastest counts, for others share the machine. Needs /proc."""
    starts = 3 if options.quick else options.starts
    with tempfile.TemporaryDirectory(prefix="focus-daemon-") as home:
        engine = EngineProcess(Path(home), FOCUS_SLOTS="1")
        rounds = [_one_round(engine) for _ in range(starts)]
    begun, cpu, memory, left = (list(values) for values in zip(*rounds, strict=True))
    rows = [
        _row("cold start to first answer", "s", begun, START_MARK_S),
        _row("CPU time until then", "s", cpu, START_MARK_S),
        _row("resident memory while idle, without render processes", "MiB", memory, MEMORY_MARK_MIB),
        _row("SIGTERM to exit 0", "s", left, LEAVE_MARK_S),
    ]
    return rows, table(rows)


def _row(what: str, unit: str, values: list[float], mark: float) -> dict[str, Any]:
    return {
        "what": what, "unit": unit, "best": round(min(values), 3), "median": round(statistics.median(values), 3),
        "worst": round(max(values), 3), "mark": mark, "ok": min(values) <= mark,
    }  # fmt: skip


def _one_round(engine: EngineProcess) -> tuple[float, float, float, float]:
    """Seconds to the first answer, on the clock and of CPU; MiB while idle; seconds to leave."""
    began = time.monotonic()
    engine.spawn()
    engine.wait()
    started_s = time.monotonic() - began
    cpu_s, memory = _cpu_s(engine.process_id), _memory_mib(engine.process_id)
    code, left_s = engine.stop()
    if code:
        raise SystemExit(f"the engine left with {code}")
    return started_s, cpu_s, memory, left_s


def _memory_mib(process_id: int) -> float:
    """What is resident of it now."""
    lines = Path(f"/proc/{process_id}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _cpu_s(process_id: int) -> float:
    """The CPU time that it has had."""
    fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
