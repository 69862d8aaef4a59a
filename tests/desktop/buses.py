"""A session bus of a test's own: a real one, on which nothing else is and nothing is started by a name."""

import itertools
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

PATIENCE_S = 30.0
MPRIS_PATH = "/org/mpris/MediaPlayer2"

_CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

needs_a_bus = pytest.mark.skipif(
    not all(map(shutil.which, ("dbus-daemon", "gdbus", "playerctl"))),
    reason="dbus-daemon, gdbus or playerctl is missing (Debian: dbus, libglib2.0-bin, playerctl)",
)


class Bus:
    """Its address, and the desktop's own programs that speak over it."""

    def __init__(self, daemon: "subprocess.Popen[str]") -> None:
        assert daemon.stdout is not None
        self._daemon = daemon
        self.address = daemon.stdout.readline().strip()
        self.environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": self.address}

    def die(self) -> None:
        """As it does at the end of a desktop session, or at the hand of the system."""
        self._daemon.kill()
        self._daemon.wait()

    def run(self, *command: str) -> str:
        """What a program prints; it must succeed."""
        return self._ran(*command, check=True).stdout.strip()

    def refused(self, *command: str) -> str:
        """What a program says on stderr; it must fail."""
        done = self._ran(*command, check=False)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def call(self, name: str, path: str, method: str, *arguments: str) -> str:
        """What a method returns, in GVariant's text."""
        return self.run("gdbus", "call", "--session", "-d", name, "-o", path, "-m", method, *arguments)

    def names(self) -> str:
        """Everybody on it."""
        return self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.ListNames")

    def _ran(self, *command: str, check: bool) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=check, timeout=PATIENCE_S
        )


class Monitor:
    """`gdbus monitor`, line by line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=lambda: [self._lines.put(line) for line in lines], daemon=True)
        self._reader.start()

    def until(self, *words: str) -> str:
        """The next line that has all these words in it."""
        passed: list[str] = []
        while not passed or not all(word in passed[-1] for word in words):
            try:
                passed.append(self._lines.get(timeout=PATIENCE_S))
            except queue.Empty:
                raise AssertionError(f"no {words} in {passed}") from None
        return passed[-1]

    def owned(self, signal: Callable[[int], object]) -> None:
        """Wait for the name, and until signals arrive: it subscribes to them after it has said whose the name is.

        `signal` is called with 1, 2, 3 … and makes the owner tell something.
        """
        self.until("is owned by")
        for count in itertools.count(1):
            signal(count)
            with suppress(queue.Empty):
                self._lines.get(timeout=0.2)
                return


@contextmanager
def monitoring(bus: Bus, name: str) -> Iterator[Monitor]:
    """All signals of whoever has that name, or gets it."""
    command = ["gdbus", "monitor", "--session", "--dest", name]
    with subprocess.Popen(command, env=bus.environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        monitor = Monitor(process.stdout)
        try:
            yield monitor
        finally:
            process.kill()
            monitor._reader.join()


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    config = tmp_path / "bus.conf"
    config.write_text(_CONFIG.format(folder=tmp_path))
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        try:
            yield Bus(daemon)
        finally:
            daemon.kill()
