"""The command: which takes are measured with which options."""

import argparse
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from focuscli.bench.music.report import page
from focuscli.bench.music.take import Measured, Take, measure_take
from focuscli.model import Goal, Intensity

GOALS = tuple(goal for goal in Goal if goal is not Goal.CUSTOM_PROMPT)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The bench's own options."""
    parser.add_argument("--goal", action="append", choices=[goal.value for goal in GOALS], help="default: all four")
    parser.add_argument("--intensity", action="append", choices=list(Intensity), help="default: all three")
    parser.add_argument("--seeds", type=int, default=1, help="takes of each goal and intensity")
    parser.add_argument("--minutes", type=float, default=2.0, help="length of a take")
    parser.add_argument("--divergence", type=float, default=0.35, help="of the takes")
    parser.add_argument("--jobs", type=int, default=1, help="processes")


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """The rows, and the page that shows them."""
    measured = measure_takes(takes_of(options), options.jobs)
    return [one.row() for one in measured], page(measured)


def takes_of(options: argparse.Namespace) -> list[Take]:
    """Every take that the options ask for; `--quick` leaves out all intensities but the medium."""
    intensities = [Intensity(name) for name in options.intensity or ()] or list(Intensity)
    if options.quick and not options.intensity:
        intensities = [Intensity.MEDIUM]
    return [
        Take(goal, intensity, seed, options.minutes, options.divergence)
        for goal in ([Goal(name) for name in options.goal or ()] or GOALS)
        for intensity in intensities
        for seed in range(1, options.seeds + 1)
    ]


def measure_takes(takes: Sequence[Take], jobs: int) -> list[Measured]:
    """In the order of the takes."""
    if jobs <= 1:
        return [measure_take(take) for take in takes]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(measure_take, takes))
