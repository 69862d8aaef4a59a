"""A pseudo-terminal with a program in its foreground, for tests that need the real thing."""

import fcntl
import os
import pty
import re
import selectors
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

SHELL = Path(__file__).with_name("shell.py")
PATIENCE_S = 20.0


class Job:
    """Runs `python -m tests.view.demo` as the foreground job of a shell, on a terminal of the given size."""

    def __init__(self, *arguments: str, columns: int = 80, rows: int = 24, stdin: str | None = None) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._report, report = os.pipe()
        control, self._control = os.pipe()
        self.output = b""
        self._told = b""
        self._heard = 0
        program = [sys.executable, "-m", "tests.view.demo", "--report", str(report), *arguments]
        if stdin is not None:
            program = ["/bin/sh", "-c", f'exec "$@" {stdin}', "sh", *program]
        self._shell = subprocess.Popen(
            [sys.executable, str(SHELL), str(report), str(control), *program],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, pass_fds=[report, control],
            env={**os.environ, "TERM": "xterm-256color", "CI": "", "PYTHONPATH": str(SHELL.parents[2])},
        )  # fmt: skip
        for descriptor in (slave, report, control):
            os.close(descriptor)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.master, selectors.EVENT_READ)
        self._selector.register(self._report, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        self.before = self.told("attributes")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._selector.close()
        self.vanish()
        os.close(self._control)
        self._shell.kill()
        self._shell.wait()
        os.close(self._report)

    def send(self, data: bytes) -> None:
        os.write(self.master, data)

    def signal(self, number: int) -> None:
        """Send a signal to the terminal's foreground, which is the program."""
        os.killpg(os.tcgetpgrp(self.master), number)

    def resume(self) -> None:
        os.write(self._control, b"continue\n")

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def vanish(self) -> None:
        """Close the terminal's other end, as a window does."""
        if self.master >= 0:
            if self._selector.get_map() is not None:
                self._selector.unregister(self.master)
            os.close(self.master)
            self.master = -1

    def told(self, beginning: str) -> str:
        """The rest of the next report that begins so; what comes before it is passed over."""
        found: list[str] = []
        self._pump(lambda: bool(found) or self._listen(beginning, found))
        return found[0]

    def shown(self, text: str) -> None:
        """Wait until the terminal has been sent this text since the last call."""
        sought = text.encode()
        self._pump(lambda: sought in self.output)
        self.output = self.output[self.output.index(sought) + len(sought) :]

    def actions(self, count: int) -> list[str]:
        """The next so many actions that the view passed on."""
        return [self.told("action") for _ in range(count)]

    def _listen(self, beginning: str, found: list[str]) -> bool:
        lines = self._told.decode().split("\n")[:-1]
        while self._heard < len(lines):
            line = lines[self._heard]
            self._heard += 1
            if line.startswith(beginning):
                found.append(line[len(beginning) :].strip())
                return True
        return False

    def _pump(self, done: Callable[[], bool]) -> None:
        while not done():
            ready = self._selector.select(PATIENCE_S)
            assert ready, f"nothing more came; reports: {self._told.decode()!r}; output: {self.output[-2000:]!r}"
            for key, _ in ready:
                self._take(key.fd)

    def _take(self, descriptor: int) -> None:
        data = os.read(descriptor, 65536)
        assert data, f"the end; output: {self.output[-2000:]!r}"
        if descriptor == self.master:
            self.output += data
        else:
            self._told += data


def bare(output: bytes) -> str:
    """What was sent to a terminal, without escape sequences."""
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", output.decode())
