"""What a command costs before it answers, as a multiple of `python -c pass` in the same run.

    python -m focuscli.bench startup

Processor time of whole processes, the least of many rounds that take turns, so that a busy machine slows all of them
alike. `watch` is measured by the wall, from its start to the first frame on a terminal of its own.
"""

import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from focuscli.bench.spent import children_cpu_s

FOCUS = (sys.executable, "-m", "focuscli")
BARE = "python -c pass"
MARKS: dict[str, float] = {
    "--version": 3,
    "status": 3,
    "status --json": 3,
    "status --format tmux": 3,
    "status -q": 3,
    "FOCUS_GOAL=relax status": 3,
    "__complete sessions": 3,
    "--help": 7,
    "start --quiet": 12,
    "end": 12,
}
"""Each command line, with an engine that runs and an active session, and how many times a bare Python it may cost.

A setting makes `status` slower once, not every time that a bar asks.
"""

ROUNDS = 25
QUICK_ROUNDS = 8
FRAMES = 5
FRAME = "─".encode()
"""The frame around the live view."""

_GIVE_UP_S = 20.0


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """A row for each command line, with its mark; and one for the first frame of `watch`, which has none."""
    with _running_session() as environment:
        cost_s = _cheapest(environment, QUICK_ROUNDS if quick else ROUNDS)
        frames_s = sorted(first_frame_s(environment) for _ in range(2 if quick else FRAMES))
    bare_s = cost_s.pop(BARE)
    rows = [
        {"command": BARE, "cpu_ms": round(bare_s * 1e3, 1), "times_bare": 1.0, "mark": "", "wall_ms": "", "ok": True}
    ]
    for words, seconds in cost_s.items():
        ratio = seconds / bare_s
        figures = {
            "cpu_ms": round(seconds * 1e3, 1),
            "times_bare": round(ratio, 2),
            "mark": MARKS[words],
            "wall_ms": "",
        }
        rows.append({"command": words, **figures, "ok": ratio <= MARKS[words]})
    wall_ms = round(frames_s[len(frames_s) // 2] * 1e3)
    unmarked = dict.fromkeys(("cpu_ms", "times_bare", "mark"), "")
    rows.append({"command": "watch, to the first frame", **unmarked, "wall_ms": wall_ms, "ok": True})
    return rows


def _cheapest(environment: dict[str, str], rounds: int) -> dict[str, float]:
    """Seconds of processor time for each command line, and for a bare Python."""
    bare = (sys.executable, "-c", "pass")
    least = dict.fromkeys([BARE, *MARKS], float("inf"))
    for _ in range(rounds):
        for words in least:
            command, given = (bare, {}) if words == BARE else _typed(words)
            least[words] = min(least[words], _cpu_s(command, environment | given))
            if words == "end":  # the next round finds a session again
                _run((*FOCUS, "start", "-q"), environment)
    return least


def _typed(line: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The command of a line, and the variables that are set in front of it."""
    words = line.split()
    given = dict(word.split("=", 1) for word in words if word.startswith("FOCUS_"))
    return (*FOCUS, *words[len(given) :]), given


def _cpu_s(command: tuple[str, ...], environment: dict[str, str]) -> float:
    before = children_cpu_s()
    _run(command, environment)
    return children_cpu_s() - before


def first_frame_s(environment: dict[str, str]) -> float:
    """From the start of `focus watch` to the first frame of the live view."""
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    began = time.monotonic()
    command = (*FOCUS, "watch", "--no-audio")
    with subprocess.Popen(command, env=environment, preexec_fn=lambda: os.login_tty(theirs)) as watching:  # noqa: PLW1509
        os.close(theirs)
        while FRAME not in (piece := _read(ours)):
            if not piece:
                raise RuntimeError("focus watch drew nothing")
        took_s = time.monotonic() - began
        watching.terminate()
        while _read(ours):
            pass
    os.close(ours)
    return took_s


def _read(terminal: int) -> bytes:
    """What was drawn since; nothing where the other end is closed, or draws no more."""
    try:
        readable, _, _ = select.select([terminal], [], [], _GIVE_UP_S)
        return os.read(terminal, 65_536) if readable else b""
    except OSError:  # the other end is closed
        return b""


@contextmanager
def _running_session() -> Iterator[dict[str, str]]:
    """The environment of a home of its own, whose engine runs and has one segment to make."""
    # a render process outlives its engine by a moment, and may write into the folder that is being removed
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FOCUS_")}
        environment |= {"FOCUS_HOME": home, "FOCUS_MINUTES": "1", "TERM": "xterm-256color"}
        try:
            _run((*FOCUS, "start", "-q"), environment)
            del environment["FOCUS_MINUTES"]
            yield environment
        finally:
            _run((*FOCUS, "engine", "stop"), environment)


def _run(command: tuple[str, ...], environment: dict[str, str]) -> None:
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=_GIVE_UP_S)
