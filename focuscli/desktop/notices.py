"""Which events are worth a notification, and how the desktop shows one."""

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Self

from focuscli.credentials import KEY_VARIABLES
from focuscli.events import DeviceGone, Event, PlaybackEnded, SessionSeen
from focuscli.model import Goal
from focuscli.plain_text import printable

SHOWN_WITHIN_S = 2.0
_SCRIPT = ("on run argv", "display notification (item 1 of argv) with title (item 2 of argv)", "end run")


class Notices:
    """Calls `ring`, which must not wait, with a sentence.

    `which` is "focus" (a focus session was played to its end), "all" (any was; a failure; a device that went away) or
    "off". Nobody is told what he did himself, such as ending it, nor woken by a sleep timer.
    """

    def __init__(self, which: str, ring: Callable[[str], None]) -> None:
        self._which = which
        self._ring = ring
        self._goal: Goal | None = None

    def tell(self, event: Event) -> None:
        """Something happened; to be called in order, from one thread."""
        match event:
            case SessionSeen(session):
                self._goal = session.goal
            case PlaybackEnded("finished") if self._which == "all" or (self._which, self._goal) == (
                "focus",
                Goal.FOCUS,
            ):
                goal = f"{self._goal.value.replace('_', ' ')} " if self._goal else ""
                self._ring(f"The {goal}session is over")
            case PlaybackEnded("failed", detail) if self._which == "all":
                self._ring(printable(f"The sound stopped: {detail}"))
            case DeviceGone(name) if self._which == "all":
                self._ring(printable(f"{name} went away; the sound waits for it"))
            case _:
                pass


class ByOsascript:
    """macOS shows what its own program is told to; leaving waits a moment for it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._program = shutil.which("osascript", path=environment.get("PATH", ""))
        self._environment = {name: value for name, value in environment.items() if name not in KEY_VARIABLES}
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for running in self._running:
            try:
                running.wait(SHOWN_WITHIN_S)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()

    def notify(self, sentence: str) -> None:
        """Show it; the text is an argument of the script, and no part of it. Where the program is not, nothing is."""
        if self._program is None:
            return
        script = [part for line in _SCRIPT for part in ("-e", line)]
        with contextlib.suppress(OSError):
            self._running.append(
                subprocess.Popen(  # noqa: S603  # the system's own program, found on the listener's PATH
                    [self._program, *script, sentence, "focus"],
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
