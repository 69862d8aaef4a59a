"""Signals as a queue that a selector can wait for."""

import os
import signal
import socket
from collections import deque
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self


def _named(*names: str) -> tuple[signal.Signals, ...]:
    return tuple(getattr(signal, name) for name in names if hasattr(signal, name))


LEAVE = _named("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
SUSPEND = _named("SIGTSTP")
CONTINUE = _named("SIGCONT")
RESIZE = _named("SIGWINCH")
_IGNORED = _named("SIGTTIN", "SIGTTOU")  # the keyboard looks before it touches the terminal


class Signals:
    """Installs its handlers on entry and puts the former ones back on exit; main thread only.

    A second SIGINT does not wait for anyone to take the first: `at_once` is called, which leaves the terminal
    clean, and the signal then does what it does to any program.
    """

    def __init__(self, at_once: Callable[[], None]) -> None:
        self._at_once = at_once
        self._noted: deque[int] = deque()
        self._interrupted = False
        self._former: dict[signal.Signals, Any] = {}
        self._reader, self._writer = socket.socketpair()
        self._former_wakeup = -1

    def __enter__(self) -> Self:
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._former_wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in (*LEAVE, *SUSPEND, *CONTINUE, *RESIZE):
            self._former[number] = signal.signal(number, self._note)
        for number in _IGNORED:
            self._former[number] = signal.signal(number, signal.SIG_IGN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, former in self._former.items():
            signal.signal(number, signal.SIG_DFL if former is None else former)
        signal.set_wakeup_fd(self._former_wakeup)
        self._reader.close()
        self._writer.close()

    def fileno(self) -> int:
        """What becomes readable with a signal or a `wake`."""
        return self._reader.fileno()

    def wake(self) -> None:
        """Make the descriptor readable; from any thread, never blocks."""
        try:
            self._writer.send(b"\0")
        except OSError:  # full, so awake anyway; or closed
            return

    def take(self) -> list[int]:
        """The signals since the last call."""
        try:
            while self._reader.recv(512):
                pass
        except OSError:
            pass
        taken = []
        while self._noted:
            taken.append(self._noted.popleft())
        return taken

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._noted.append(number)
        if number != signal.SIGINT:
            return
        if self._interrupted:
            self._at_once()
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
        self._interrupted = True
