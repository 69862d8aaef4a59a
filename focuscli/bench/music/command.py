"""The command: which takes are measured with which options."""

import argparse
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

from focuscli.bench.music.divergence import LEVELS, measure_pair, row
from focuscli.bench.music.long import measure_long
from focuscli.bench.music.paper import judge_paper
from focuscli.bench.music.report import page, paper_page
from focuscli.bench.music.take import Take, measure_take
from focuscli.bench.tables import table
from focuscli.model import Goal, Intensity

Made = TypeVar("Made")

GOALS = tuple(goal for goal in Goal if goal is not Goal.CUSTOM_PROMPT)


_DIVERGENCE = 0.35


def add_options(parser: argparse.ArgumentParser) -> None:
    """The bench's own options."""
    parser.add_argument("--goal", action="append", choices=[goal.value for goal in GOALS], help="default: all four")
    parser.add_argument("--intensity", action="append", choices=list(Intensity), help="default: all three")
    parser.add_argument("--seeds", type=int, default=1, help="takes of each goal and intensity")
    parser.add_argument("--minutes", type=float, default=2.0, help="length of a take")
    parser.add_argument("--divergence", type=float, action="append", help="of the takes; may come again (0.35)")
    parser.add_argument("--prompt", action="append", help="take the music of these words instead; may come again")
    parser.add_argument("--phrases", type=int, default=1000, help="how many of each goal are judged on paper")
    parser.add_argument("--long", action="store_true", help="search an hour and a half for repetition instead")
    parser.add_argument("--diverging", action="store_true", help="compare minutes over five divergences instead")
    parser.add_argument("--jobs", type=int, default=1, help="processes")


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """The rows, and the page that shows them: takes first, then the scores on paper."""
    if options.long or options.diverging:
        rows = long_rows(options) if options.long else diverging_rows(options)
        return rows, table(rows)
    measured = in_parallel(measure_take, [(take,) for take in takes_of(options)], options.jobs)
    if options.prompt:
        return [one.row() for one in measured], page(measured)
    count = options.phrases // (10 if options.quick else 3)
    scores = [(goal, intensity, count, divergence_of(options)) for goal, intensity in columns_of(options)]
    papers = in_parallel(judge_paper, scores, options.jobs)
    rows = [one.row() for one in measured] + [paper.row() for paper in papers]
    return rows, f"{page(measured)}\n\n{paper_page(papers)}"


def takes_of(options: argparse.Namespace) -> list[Take]:
    """Every goal and intensity, or every prompt and intensity, with every divergence and seed that is asked for."""
    prompted = [
        (Goal.CUSTOM_PROMPT, intensity, prompt) for prompt in options.prompt or () for intensity in intensities(options)
    ]
    return [
        Take(goal, intensity, seed, options.minutes, divergence, prompt)
        for goal, intensity, prompt in prompted or [(*column, "") for column in columns_of(options)]
        for divergence in options.divergence or [_DIVERGENCE]
        for seed in range(1, options.seeds + 1)
    ]


def divergence_of(options: argparse.Namespace) -> float:
    """The one of what needs but one."""
    return float(options.divergence[0]) if options.divergence else _DIVERGENCE


def long_rows(options: argparse.Namespace) -> list[dict[str, Any]]:
    """A row a goal (and intensity, if one is asked for); `--quick` searches a quarter of an hour."""
    minutes = 15 if options.quick else 90
    tasks = [
        (goal, intensity, divergence_of(options), seed, minutes)
        for goal in goals_of(options)
        for intensity in intensities(options, (Intensity.MEDIUM,))
        for seed in range(1, options.seeds + 1)
    ]
    return in_parallel(measure_long, tasks, options.jobs)


def diverging_rows(options: argparse.Namespace) -> list[dict[str, Any]]:
    """A row a goal, of as many seeds as asked for (at least two)."""
    seeds = range(1, max(2, options.seeds) + 1)
    tasks = [(goal, Intensity.MEDIUM, level, seed) for goal in goals_of(options) for level in LEVELS for seed in seeds]
    pairs = in_parallel(measure_pair, tasks, options.jobs)
    return [row(goal, [pair for pair in pairs if pair.goal is goal]) for goal in goals_of(options)]


def goals_of(options: argparse.Namespace) -> list[Goal]:
    """The goals that are asked for."""
    return [Goal(name) for name in options.goal or GOALS]


def columns_of(options: argparse.Namespace) -> list[tuple[Goal, Intensity]]:
    """The goals and intensities that are asked for; `--quick` leaves out all intensities but the medium."""
    return [(goal, intensity) for goal in goals_of(options) for intensity in intensities(options)]


def intensities(options: argparse.Namespace, unasked: Sequence[Intensity] = tuple(Intensity)) -> list[Intensity]:
    """Those that are asked for; else the `unasked`, of which `--quick` takes the medium."""
    asked = [Intensity(name) for name in options.intensity or ()]
    return asked or ([Intensity.MEDIUM] if options.quick else list(unasked))


def in_parallel(work: Callable[..., Made], tasks: Sequence[tuple[Any, ...]], jobs: int) -> list[Made]:
    """What is made of each task's arguments, in their order, by so many processes."""
    if jobs <= 1:
        return [work(*task) for task in tasks]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        return list(pool.map(work, *zip(*tasks, strict=True)))
