"""Keeps the machine from suspending while sound plays, and no longer."""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self

from focuscli.credentials import KEY_VARIABLES
from focuscli.events import Event, FirstSound, Paused, PlaybackEnded, Resumed

SETTLED_S = 0.5
"""A program that cannot do it has left by then."""

_REASON = "music is playing"
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED = 0x8000_0000, 0x0000_0001
"""SetThreadExecutionState, winbase.h."""


class Inhibitor(Protocol):
    """Holds the machine awake between `hold` and `release`; called by one thread, in turns."""

    def hold(self) -> bool:
        """Whether it does; raises OSError where what it needs is there and fails."""

    def release(self) -> None:
        """The machine may sleep; a second call does nothing."""


class ByChild:
    """A program that holds the machine awake for as long as it runs.

    That is no longer than we do, however we end: it reads a pipe of ours to its end, or was given our process id.
    """

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = {name: value for name, value in environment.items() if name not in KEY_VARIABLES}
        self._child: subprocess.Popen[bytes] | None = None

    def hold(self) -> bool:
        """See `Inhibitor`; a program that leaves at once (there is no logind) holds nothing."""
        self._child = subprocess.Popen(  # noqa: S603  # the system's own program, found on the listener's PATH
            self._command,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._child.wait(SETTLED_S)
        except subprocess.TimeoutExpired:
            return True
        self.release()
        return False

    def release(self) -> None:
        """See `Inhibitor`."""
        child, self._child = self._child, None
        if child is None:
            return
        if child.stdin is not None:
            with contextlib.suppress(OSError):
                child.stdin.close()
        child.terminate()
        child.wait()


class OfWindows:
    """Windows keeps itself awake for a thread that says so, until it says otherwise."""

    def __init__(self, set_state: Callable[[int], Any] | None = None) -> None:
        self._set_state = set_state or _kernel32_set_state()

    def hold(self) -> bool:
        """See `Inhibitor`."""
        return bool(self._set_state(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED))

    def release(self) -> None:
        """See `Inhibitor`."""
        self._set_state(_ES_CONTINUOUS)


def _kernel32_set_state() -> Callable[[int], Any]:
    state: Callable[[int], Any] = ctypes.CDLL("kernel32").SetThreadExecutionState
    return state


def inhibitor(environment: Mapping[str, str], platform: str = sys.platform) -> Inhibitor | None:
    """What this system has for it; None where it has nothing."""
    if platform == "win32":
        return OfWindows()
    path = environment.get("PATH", os.defpath)
    if platform == "darwin":
        caffeinate = shutil.which("caffeinate", path=path)
        return ByChild([caffeinate, "-i", "-w", str(os.getpid())], environment) if caffeinate else None
    inhibit = shutil.which("systemd-inhibit", path=path)
    if inhibit is None:
        return None
    what = ["--what=idle:sleep", "--mode=block", "--who=focus", f"--why={_REASON}"]
    return ByChild([inhibit, *what, "cat"], environment)


class Awake:
    """Holds while music is heard: not while it is paused, and not after its end.

    `tell` never waits: a thread of its own holds and releases, and tells `changed` whether the machine is held.
    """

    def __init__(self, inhibitor: Inhibitor | None, changed: Callable[[bool], None]) -> None:
        self._inhibitor = inhibitor
        self._changed = changed
        self._turn = threading.Condition()
        self._wanted = False
        self._over = False
        self._thread = threading.Thread(target=self._run, name="awake", daemon=True)

    def __enter__(self) -> Self:
        if self._inhibitor is not None:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._want(False, over=True)
        if self._inhibitor is not None:
            self._thread.join()

    def tell(self, event: Event) -> None:
        """Something happened; from any thread."""
        if isinstance(event, FirstSound | Resumed):
            self._want(True)
        elif isinstance(event, Paused | PlaybackEnded):
            self._want(False)

    def _want(self, wanted: bool, *, over: bool = False) -> None:
        with self._turn:
            self._wanted, self._over = wanted, self._over or over
            self._turn.notify()

    def _run(self) -> None:
        assert self._inhibitor is not None
        held = False
        while True:
            with self._turn:
                while not self._over and self._wanted == held:
                    self._turn.wait()
                wanted, over = self._wanted and not self._over, self._over
            if wanted and not held:
                try:
                    self._changed(self._inhibitor.hold())
                except OSError:  # the machine may sleep, and the music plays on
                    self._changed(False)
            elif held and not wanted:
                self._inhibitor.release()
                self._changed(False)
            held = wanted
            if over:
                return
