"""Whether the sound drops out: the player into a software sound card, under loads, beside a plain callback.

    python -m focuscli.bench output --minutes 10

Every frame that was recorded says its number, so a gap, a repetition or a jump of a single frame is found. Needs
pulseaudio and pulseaudio-utils.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from focuscli.bench.card import Card, card, is_possible
from focuscli.bench.numbered import Numbers, numbers_of, write
from focuscli.bench.tables import table

LOADS: dict[str, tuple[int, tuple[float, float] | None]] = {
    "live view alone": (0, None),
    "one core busy": (1, None),
    "all cores busy": (os.cpu_count() or 2, None),
    "held 0.2 s, 4 a second": (0, (0.2, 0.25)),
    "held 1 s every second": (0, (1.0, 1.05)),
}
"""How many busy processes beside it, and how long something in it keeps the interpreter, how often."""

FADED_FRAMES = 9_600
"""At the end, where the sound fades out, a frame does not say its number any more."""

MARK_CPU_PERCENT = 3.0
MARK_PEAK_MB = 150.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """How long, and what."""
    parser.add_argument("--minutes", type=float, default=1.0, help="for each load and output")
    parser.add_argument("--output", choices=("player", "callback"), action="append", help="both, unless said")
    parser.add_argument("--load", choices=LOADS, action="append", help="all, unless said")


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """A row for each load and output."""
    if not is_possible():
        raise SystemExit("there is no software sound card: install pulseaudio, pulseaudio-utils, libasound2-plugins")
    seconds = 10.0 if options.quick else 60.0 * options.minutes
    outputs = options.output or ["player", "callback"]
    rows = [row for load in options.load or LOADS for row in beside(outputs, load, seconds)]
    return rows, table(rows)


def beside(outputs: Sequence[str], load: str, seconds: float) -> list[dict[str, Any]]:
    """A row for each output, which all play at the same time, each into a card of its own, under one load."""
    processes, held = LOADS[load]
    with busy(processes), ThreadPoolExecutor(len(outputs)) as pool:
        return list(pool.map(lambda output: measured(output, load, seconds, held), outputs))


def measured(output: str, load: str, seconds: float, held: tuple[float, float] | None) -> dict[str, Any]:
    """Play for so long, and read the recording."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        write(Path(folder), seconds + 10)
        sound_card = stack.enter_context(card(Path(folder, "card")))
        told = listened(Path(folder), sound_card, output, seconds, held)
        numbers = numbers_of(sound_card.recorded())
    row = {"output": output, "load": load, "seconds": seconds, **found(numbers)}
    row |= {"underruns": told["underruns"], "lost": told["lost"]}
    row |= {"cpu_percent": round(told["cpu_percent"], 1), "peak_mb": round(told["peak_mb"])}
    whole = row["played_s"] >= 0.97 * seconds
    light = held is not None or (told["cpu_percent"] <= MARK_CPU_PERCENT and told["peak_mb"] <= MARK_PEAK_MB)
    return row | {"ok": output != "player" or (whole and light and not row["gaps"])}


def listened(
    folder: Path, sound_card: Card, output: str, seconds: float, held: tuple[float, float] | None
) -> dict[str, Any]:
    """What the listener said at the end."""
    words = [str(folder), output, str(seconds), *(str(value) for value in held or ())]
    command = [sys.executable, "-m", "focuscli.bench.listener", *words]
    done = subprocess.run(command, env=sound_card.environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes that never rest."""
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def found(numbers: Numbers) -> dict[str, Any]:
    """How often the recording, between its first and last frame that sound, was not what it should be."""
    sounding = np.flatnonzero(numbers >= 0)[:-FADED_FRAMES]
    if not len(sounding):
        return {"recorded_s": 0.0, "played_s": 0.0, "gaps": 0, "silent_ms": 0.0, "skipped_ms": 0.0}
    inside = numbers[sounding[0] : sounding[-1] + 1]
    good = inside >= 0
    edges = np.diff(good.astype(np.int8))
    jumps = np.diff(inside[good]) - 1
    return {
        "recorded_s": round(len(numbers) / 48_000, 1),
        "played_s": round(float(good.sum()) / 48_000, 2),
        "gaps": max(int((edges == -1).sum()), int((jumps != 0).sum())),
        "silent_ms": round(float((inside == -1).sum()) / 48, 1),
        "skipped_ms": round(float(np.abs(jumps).sum()) / 48, 1),
    }
