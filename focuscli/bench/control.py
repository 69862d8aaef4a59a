"""How long after a command its effect is heard: the player into a software sound card, whose recording is read.

    python -m focuscli.bench control

When the card played a frame is told by the growth of the recording while the player plays: the middle of what it is
ahead of the clock and behind it, which differ by one block of the card (25 ms). Needs pulseaudio and
pulseaudio-utils.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from focuscli.bench.card import Card, card, is_possible
from focuscli.bench.numbered import numbers_of, write
from focuscli.bench.output import LOADS, busy
from focuscli.bench.tables import table

COMMANDS = ("pause", "resume", "mute", "mute", "next", "previous")
MARK_MS = 150.0
APART_S = 2.0
ROUNDS = 5
_SETTLED_FRAMES = 24_000
"""Behind a change, and before the next one is looked for."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Under what load."""
    parser.add_argument("--load", choices=LOADS, action="append", help="'live view alone', unless said")


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """A row for each command and load."""
    if not is_possible():
        raise SystemExit("there is no software sound card: install pulseaudio, pulseaudio-utils, libasound2-plugins")
    rounds = 1 if options.quick else ROUNDS
    rows = [row for load in options.load or ["live view alone"] for row in measured(load, rounds)]
    return rows, table(rows)


def measured(load: str, rounds: int) -> list[dict[str, Any]]:
    """Play, send each command so often, and find in the recording when the sound changed."""
    processes, held = LOADS[load]
    seconds = rounds * len(COMMANDS) * APART_S + 10.0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        write(Path(folder), 60.0 * (rounds + 3))
        sound_card = stack.enter_context(card(Path(folder, "card")))
        stack.enter_context(busy(processes))
        words = [folder, "player", str(seconds), *(str(value) for value in held or ())]
        command = [sys.executable, "-m", "focuscli.bench.listener", *words]
        listener = subprocess.Popen(
            command, env=sound_card.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        time.sleep(5.0)
        with reach(sound_card) as zeros:
            sent = list(commanded(listener, rounds))
        listener.communicate()
        numbers = numbers_of(sound_card.recorded())
    zero = float(np.median(zeros))
    delays: dict[str, list[float]] = {}
    for name, at in sent:
        delays.setdefault(name, []).append(_heard_ms(numbers, round((at - zero) * 48_000)))
    return [
        {
            "command": name,
            "load": load,
            "heard_after_ms": round(float(np.median(found)), 1),
            "worst_ms": round(max(found), 1),
            "mark_ms": MARK_MS,
            "ok": float(np.median(found)) <= MARK_MS,
        }
        for name, found in delays.items()
    ]


@contextmanager
def reach(sound_card: Card) -> Iterator[list[float]]:
    """Moments at which the card would have played its first frame, as the recording tells again and again."""
    zeros: list[float] = []
    over = threading.Event()
    recording = sound_card.folder / "capture.wav"

    def look() -> None:
        while not over.wait(0.003):
            zeros.append(time.monotonic() - recording.stat().st_size / 8 / 48_000)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield zeros
    finally:
        over.set()
        thread.join()


def commanded(listener: "subprocess.Popen[str]", rounds: int) -> Iterator[tuple[str, float]]:
    """Each command and when it was sent."""
    assert listener.stdin is not None
    for _ in range(rounds):
        for name in COMMANDS:
            yield name, time.monotonic()
            listener.stdin.write(f"{name}\n")
            listener.stdin.flush()
            time.sleep(APART_S)


def _heard_ms(numbers: Any, sent_at: int) -> float:
    """How long the sound went on as if nothing had been said."""
    after = numbers[sent_at : sent_at + _SETTLED_FRAMES]
    step = np.diff(after)
    expected = 0 if after[0] == -1 else 1  # silence goes on as silence, music counts
    return float(np.argmax(step != expected)) / 48.0
