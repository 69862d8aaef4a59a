"""The engine of this machine: found if it runs, started if it is wanted, never trusted before it has proved itself."""

import subprocess
import time
from collections.abc import Callable, Mapping

from focuscli.client.api import EngineClient
from focuscli.client.nearby import Nearby, find
from focuscli.client.spawn import spawn
from focuscli.client.wire import LoopbackWire
from focuscli.errors import Conflict, EngineUnreachable
from focuscli.hello import LOCAL_ORGANIZATION, PROTOCOL
from focuscli.paths import Paths
from focuscli.version import __version__

POLL_S = 0.01
QUIET_S = 0.3
"""A start that takes longer is announced."""

_SECOND_TRY_S = 1.0
"""An engine that came second left at once; if by then nobody answers, the first one was just leaving."""


Spawn = Callable[[str, Mapping[str, str]], "subprocess.Popen[bytes]"]
"""Starts an engine with a log file and an environment."""


def find_local(paths: Paths) -> Nearby | None:
    """The engine that runs here now, or None; starts nothing."""
    return find(str(paths.engine_address), str(paths.engine_key))


def client_of(engine: Nearby) -> EngineClient:
    """A client of this machine's engine; raises Conflict where the two speak different protocols."""
    if engine.protocol != PROTOCOL:
        raise Conflict(
            f"the running engine ({engine.version}) speaks protocol {engine.protocol}, "
            f"and this program ({__version__}) speaks {PROTOCOL}",
            hint="stop it, and the next command starts the right one:\n  focus engine stop",
        )
    return any_client_of(engine)


def any_client_of(engine: Nearby) -> EngineClient:
    """A client that does not mind the protocol: for asking an engine to leave."""
    return EngineClient(LoopbackWire(engine.authority), key=engine.key, organization=LOCAL_ORGANIZATION)


class Launch:
    """An engine on its way up: begun at once, waited for later, so that other work can be done meanwhile."""

    def __init__(self, paths: Paths, environment: Mapping[str, str], *, limit_s: float, spawn: Spawn = spawn) -> None:
        """Find the running engine, or start one; returns at once either way."""
        self._paths = paths
        self._environment = environment
        self._limit_s = limit_s
        self._spawn_engine = spawn
        self._begun = time.monotonic()
        self._found = find_local(paths)
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

    def _look_after_child(self, waited_s: float) -> None:
        assert self._child is not None
        status = self._child.poll()
        if status not in {None, 0}:
            raise EngineUnreachable(f"the engine could not start (exit code {status})", hint=self._hint())
        if waited_s > self._limit_s:
            raise EngineUnreachable(f"the engine did not answer within {self._limit_s:g} s", hint=self._hint())
        if status == 0 and time.monotonic() - self._spawned > _SECOND_TRY_S:
            self._child = self._spawn()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        self._spawned = time.monotonic()
        return self._spawn_engine(str(self._paths.engine_log), self._environment)

    def _hint(self) -> str:
        return f"see its log: {self._paths.engine_log}\ncheck with: focus doctor"
