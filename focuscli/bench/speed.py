"""How fast music is made: CPU time of a warm process and into the file, a cold interpreter, and others beside it.

Warm is a process that has its tables and notes: a segment is rendered again. Onward is what an endless session has,
the next segment, with the notes and chords that no segment before it had.
"""

import statistics
import subprocess
import sys
import time
from typing import Any, NamedTuple

from focuscli.bench.peers import multiples
from focuscli.bench.spent import children_cpu_s
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
import resource, sys, time
from pathlib import Path
from tempfile import TemporaryDirectory
from focuscli.audio.encode import write_flac
from focuscli.music.render import render_segment
from focuscli.music.timeline import Piece, spans
piece, count = Piece.from_json(sys.argv[1]), int(sys.argv[2])
for index in range(3):
    render_segment(piece, index)
with TemporaryDirectory() as folder:
    for index in range(3, 3 + count):
        began = time.process_time()
        render_segment(piece, index)
        onward = time.process_time()
        sound = render_segment(piece, index)
        again = time.process_time()
        write_flac(Path(folder) / "segment.flac", sound, spans(piece)[index].start)
        written = time.process_time()
        seconds = len(sound) / 48000
        print(seconds / (again - onward), seconds / (written - onward), seconds / (onward - began))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def measure(quick: bool) -> list[dict[str, Any]]:
    """A row a goal; multiples of real time by CPU time of one core, medians; wall and CPU in seconds.

    `ratio` is wall against an empty program. The peers play a minute of the same notes, where they are installed.
    """
    repeats = 3 if quick else 9
    segments = 2 if quick else 6
    _Run("pass")
    empty_s = statistics.median(_Run("pass").wall_s for _ in range(repeats))
    rows = []
    for goal in GOALS:
        piece = Piece(goal, Intensity.MEDIUM, 0.35, 1, DURATION_S)
        ten = [_Run(_COLD, piece.to_json(), "480000") for _ in range(repeats)]
        segment = [_Run(_COLD, piece.to_json(), str(spans(piece)[1].frames)) for _ in range(repeats)]
        usual = _warm(piece, segments)
        diverse = _warm(Piece(goal, Intensity.MEDIUM, 1.0, 1, DURATION_S), segments)
        rows.append(
            {
                "goal": goal.value,
                "warm_x": round(usual.again_x),
                "diverse_x": round(diverse.again_x),
                "into_flac_x": round(usual.into_flac_x),
                "onward_x": round(usual.onward_x),
                "diverse_onward_x": round(diverse.onward_x),
                "memory_mb": round(usual.memory_mb),
                "cold_10s_wall": statistics.median(run.wall_s for run in ten),
                "cold_10s_cpu": statistics.median(run.cpu_s for run in ten),
                "cold_10s_ratio": statistics.median(run.wall_s for run in ten) / empty_s,
                "cold_segment_wall": statistics.median(run.wall_s for run in segment),
                **{f"{name}_x": round(multiple) for name, multiple in multiples(piece).items()},
            }
        )
    return rows


class _Run:
    """One interpreter from start to end."""

    def __init__(self, program: str, *arguments: str) -> None:
        before, began = children_cpu_s(), time.perf_counter()
        self.output = subprocess.run(
            [sys.executable, "-c", program, *arguments], check=True, capture_output=True, text=True
        ).stdout
        self.wall_s = time.perf_counter() - began
        self.cpu_s = children_cpu_s() - before


class _Warm(NamedTuple):
    """Medians of one process that goes on: multiples of real time, and its memory at the highest."""

    again_x: float
    into_flac_x: float
    onward_x: float
    memory_mb: float


def _warm(piece: Piece, count: int) -> _Warm:
    """Render `count` segments, each twice, after three to warm up."""
    *lines, memory = _Run(_WARM, piece.to_json(), str(count)).output.splitlines()
    again, into_flac, onward = (
        statistics.median(column) for column in zip(*(map(float, line.split()) for line in lines), strict=True)
    )
    return _Warm(again, into_flac, onward, float(memory))
