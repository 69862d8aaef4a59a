"""How fast music is made: CPU time of a warm process, and a cold interpreter against `python -c pass`."""

import os
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

from focuscli.model import Goal, Intensity
from focuscli.music.timeline import Piece, spans

GOALS = [goal for goal in Goal if goal is not Goal.CUSTOM_PROMPT]
DURATION_S = 1200

_COLD = """
import sys
from focuscli.music.render import render_span
from focuscli.music.timeline import Piece, Span
render_span(Piece.from_json(sys.argv[1]), Span(0, int(sys.argv[2])))
"""
_WARM = """
import sys, time
from focuscli.music.render import render_segment
from focuscli.music.timeline import Piece, spans
piece, count = Piece.from_json(sys.argv[1]), int(sys.argv[2])
for index in range(3):
    render_segment(piece, index)
for index in range(3, 3 + count):
    began = time.process_time()
    render_segment(piece, index)
    print(spans(piece)[index].frames / 48000 / (time.process_time() - began))
"""


def measure(quick: bool) -> list[dict[str, Any]]:
    """A row a goal; wall and CPU in seconds, medians; `ratio` is wall against an empty program."""
    repeats = 3 if quick else 9
    _run("pass")
    empty_s = statistics.median(_run("pass")[0] for _ in range(repeats))
    rows = []
    for goal in GOALS:
        piece = Piece(goal, Intensity.MEDIUM, 0.35, 1, DURATION_S)
        ten = [_run(_COLD, piece.to_json(), "480000") for _ in range(repeats)]
        lead_in = [_run(_COLD, piece.to_json(), str(spans(piece)[0].frames)) for _ in range(repeats)]
        warm = _warm_multiples(piece, 2 if quick else 6)
        rows.append(
            {
                "goal": goal.value,
                "warm_x": round(statistics.median(warm)),
                "warm_best_x": round(max(warm)),
                "cold_10s_wall": statistics.median(wall for wall, _ in ten),
                "cold_10s_cpu": statistics.median(cpu for _, cpu in ten),
                "cold_10s_ratio": statistics.median(wall for wall, _ in ten) / empty_s,
                "lead_in_wall": statistics.median(wall for wall, _ in lead_in),
                "lead_in_cpu": statistics.median(cpu for _, cpu in lead_in),
                "empty_wall": empty_s,
            }
        )
    return rows


def _environment() -> dict[str, str]:
    return os.environ | {"OPENBLAS_NUM_THREADS": "1"}


def _run(program: str, *arguments: str) -> tuple[float, float]:
    """Wall and CPU seconds of one interpreter from start to end."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, env=_environment())
    wall_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _warm_multiples(piece: Piece, count: int) -> list[float]:
    """Multiples of real time by CPU time on one core, segment for segment, after three to warm up."""
    output = subprocess.run(
        [sys.executable, "-c", _WARM, piece.to_json(), str(count)],
        check=True, env=_environment(), capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [float(line) for line in output.split()]
