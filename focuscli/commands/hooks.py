"""Programs of the listener's own that are told what happens while a session plays."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from typing import Any, Self

from focuscli.clock import Clock, wire_time
from focuscli.credentials import keyless
from focuscli.events import Event, FirstSound, Paused, PlaybackEnded, Played, Resumed, SegmentStarted, SessionSeen
from focuscli.model import Session

LIMIT_S = 10.0
"""A hook that takes longer is killed, with what it started."""


class Hooks:
    """Runs one hook after the other in a thread of its own; telling it something never waits.

    A hook gets JSON on stdin and no key in its environment; what it prints is dropped, for the terminal is drawn on.
    It is no shell that runs it, and Ctrl-C does not reach it. Leaving waits for those that are due.
    """

    def __init__(
        self,
        hooks: Mapping[str, tuple[str, ...]],
        session_id: str,
        environment: Mapping[str, str],
        clock: Clock,
        complain: Callable[[str], None],
        *,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._hooks = hooks
        self._session_id = session_id
        self._environment = keyless(environment)
        self._clock = clock
        self._complain = complain
        self._limit_s = limit_s
        self._session: Session | None = None
        self._segment_index: int | None = None
        self._position_s = 0.0
        self._was_ready = False
        self._due: queue.SimpleQueue[tuple[str, dict[str, Any]] | None] = queue.SimpleQueue()
        self._wrong: list[str] = []
        self._thread = threading.Thread(target=self._run, name="hooks", daemon=True)

    def __enter__(self) -> Self:
        if self._hooks:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._hooks:
            return
        self._due.put(None)
        self._thread.join()
        for sentence in dict.fromkeys(self._wrong):
            self._complain(sentence)

    def tell(self, event: Event) -> None:
        """Something happened; to be called in order, from one thread."""
        match event:
            case SessionSeen(session):
                self._session = session
                if session.ready_count >= session.total_segments and not self._was_ready:
                    self._was_ready = True
                    self._put("on_ready")
            case Played(position_s):
                self._position_s = position_s
            case FirstSound():
                self._put("on_start")
            case SegmentStarted(segment_index):
                self._segment_index = segment_index
                self._put("on_segment")
            case Paused():
                self._put("on_pause")
            case Resumed():
                self._put("on_resume")
            case PlaybackEnded(reason, detail):
                self._put("on_error" if reason == "failed" else "on_end", reason, detail)
            case _:
                pass

    def _put(self, name: str, reason: str | None = None, detail: str = "") -> None:
        if name not in self._hooks:
            return
        session = self._session
        told = {
            "schema": 1,
            "event": name.removeprefix("on_"),
            "session_id": self._session_id,
            "goal": session.goal.value if session else None,
            "target_minutes": session.target_minutes if session else None,
            "ready_count": session.ready_count if session else None,
            "total_segments": session.total_segments if session else None,
            "segment_index": self._segment_index,
            "position_s": round(self._position_s, 3),
            "reason": reason,
            "message": detail or None,
            "ts": wire_time(self._clock.now()),
        }
        self._due.put((name, told))

    def _run(self) -> None:
        while (due := self._due.get()) is not None:
            name, told = due
            try:
                self._call(name, told)
            except (OSError, ValueError) as exc:
                self._wrong.append(f"the hook {name} could not be run: {exc}")

    def _call(self, name: str, told: dict[str, Any]) -> None:
        program, *arguments = self._hooks[name]
        environment = {**self._environment, "FOCUS_EVENT": str(told["event"]), "FOCUS_SESSION": self._session_id}
        with subprocess.Popen(  # noqa: S603  # the listener's own file names it, and no shell reads it
            [os.path.expanduser(program), *arguments],  # noqa: PTH111  # ~ alone, whatever else the path is
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as running:
            try:
                running.communicate(json.dumps(told).encode() + b"\n", self._limit_s)
            except subprocess.TimeoutExpired:
                _kill_all(running)
                self._wrong.append(f"the hook {name} took longer than {self._limit_s:g} s and was stopped")
                return
        if running.returncode:
            self._wrong.append(f"the hook {name} left with exit code {running.returncode}")


def _kill_all(running: "subprocess.Popen[bytes]") -> None:
    """The hook and what it started, which is a group of its own where there are groups."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
    running.kill()
