"""The engine of this machine: found if it runs, started if it is wanted, never trusted before it has proved itself."""

import subprocess
import time
from collections.abc import Callable, Mapping

from focuscli.client.api import EngineClient
from focuscli.client.keeper import keeper_of
from focuscli.client.nearby import Nearby, find
from focuscli.client.skew import Verdict, judge, kept_line, refusal
from focuscli.client.spawn import refused_because, spawn
from focuscli.client.wire import LoopbackWire
from focuscli.errors import Conflict, EngineUnreachable, FocusError
from focuscli.hello import LOCAL_ORGANIZATION
from focuscli.paths import Paths

POLL_S = 0.01
FULL_BYTES = 1 << 20
"""A disk with less room than this is why an engine does not start."""

QUIET_S = 0.3
"""A start that takes longer is announced."""

_SECOND_TRY_S = 1.0
"""An engine that came second left at once; if by then nobody answers, the first one was just leaving."""

_SUCCESSION_S = 0.1
"""The same where the first one was asked to leave."""


Spawn = Callable[[str, Mapping[str, str]], "subprocess.Popen[bytes]"]
"""Starts an engine with a log file and an environment."""


def find_local(paths: Paths) -> Nearby | None:
    """The engine that runs here now, or None; starts nothing."""
    return find(str(paths.engine_address), str(paths.engine_key))


def client_of(engine: Nearby) -> EngineClient:
    """A client of this machine's engine; raises Conflict where the two have no protocol in common."""
    if not engine.protocol:
        raise refusal(engine)
    return EngineClient(LoopbackWire(engine.authority), key=engine.key, organization=LOCAL_ORGANIZATION)


class Launch:
    """An engine on its way up: begun at once, waited for later, so that other work can be done meanwhile."""

    def __init__(self, paths: Paths, environment: Mapping[str, str], *, limit_s: float, spawn: Spawn = spawn) -> None:
        """Find the running engine, or start one, also in place of an older one that is idle; returns at once.

        Raises Conflict where an engine runs with which this program cannot speak, and which it may not replace.
        """
        self._paths = paths
        self._environment = environment
        self._limit_s = limit_s
        self._spawn_engine = spawn
        self._second_try_s = _SECOND_TRY_S
        self._note = ""
        self._begun = time.monotonic()
        self._found = self._usable(find_local(paths))
        self._child = None if self._found else self._spawn()

    @property
    def is_starting(self) -> bool:
        """Whether there is something to wait for."""
        return self._found is None

    def wait(self, announce: Callable[[str], None]) -> Nearby:
        """The engine, once it answers the challenge; raises EngineUnreachable when it does not come up.

        Any number of clients may start at once. The engines they spawn settle it by their lock, and all clients
        find the one that won.
        """
        if self._note:
            announce(self._note)
        announced = False
        while self._found is None:
            waited_s = time.monotonic() - self._begun
            if waited_s > QUIET_S and not announced:
                announced = True
                announce("starting the engine …")
            self._look_after_child(waited_s)
            time.sleep(POLL_S)
            self._found = find_local(self._paths)
        return self._found

    def _usable(self, found: Nearby | None) -> Nearby | None:
        if found is None:
            return None
        verdict = judge(found)
        if verdict is Verdict.REPLACE and _leaves(found):
            self._second_try_s = _SUCCESSION_S
            return None
        if not found.protocol:
            raise refusal(found)
        if verdict is not Verdict.USE:
            self._note = kept_line(found)
        return found

    def _look_after_child(self, waited_s: float) -> None:
        assert self._child is not None
        status = self._child.poll()
        if status == Conflict.exit_code:
            raise Conflict(
                f"the engine could not start: {refused_because(str(self._paths.engine_log))}", hint=self._hint()
            )
        if status not in {None, 0}:
            raise EngineUnreachable(f"the engine could not start (exit code {status})", hint=self._hint())
        if waited_s > self._limit_s:
            raise EngineUnreachable(f"the engine did not answer within {self._limit_s:g} s", hint=self._hint())
        if status == 0 and time.monotonic() - self._spawned > self._second_try_s:
            self._child = self._spawn()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        self._spawned = time.monotonic()
        return self._spawn_engine(str(self._paths.engine_log), self._environment)

    def _hint(self) -> str:
        if self._is_full():
            return f"there is no space left for {self._paths.state}; free some, then try again"
        return f"see its log: {self._paths.engine_log}\ncheck with: focus doctor"

    def _is_full(self) -> bool:
        import shutil

        try:
            return shutil.disk_usage(self._paths.state).free < FULL_BYTES
        except OSError:
            return False


def _leaves(engine: Nearby) -> bool:
    """Ask an idle engine to leave; False where it has got something to do meanwhile."""
    try:
        with keeper_of(engine) as keeper:
            return keeper.stop(only_when_idle=True)
    except FocusError:  # it left by itself, or is too old to be asked: the lock decides
        return True
