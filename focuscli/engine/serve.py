"""The engine from lock to exit, in the order that brings the first sound soonest.

The lock, then the render processes, which warm up while the rest is imported: keys, store and recovery, the socket,
and at last the address, so that whoever reads it finds someone listening. Taken down in reverse.
"""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from focuscli.engine.doors import Wish, plan, watching_door
from focuscli.engine.lock import EngineLock
from focuscli.engine.private import check_places
from focuscli.errors import Conflict
from focuscli.paths import Paths
from focuscli.settings import Settings

if TYPE_CHECKING:
    from focuscli.address import Address

_LOOPBACK_ALONE = Wish()

LEAVING_S = 3.0
"""So long is waited for an engine that has said goodbye and still writes its database back."""


def serve(
    settings: Settings,
    paths: Paths,
    *,
    wish: Wish = _LOOPBACK_ALONE,
    auto_started: bool,
    ready: "Callable[[Address, str | None], None] | None" = None,
) -> None:
    """Run the engine in this process until SIGTERM, SIGINT, `POST /v1/engine/stop`, or idleness if auto-started.

    To be called on the main thread. `ready` is called, on the same thread, with the address once it listens,
    and with the origin of its public door where it has one.
    An auto-started engine returns at once where another one runs; any other raises Conflict then. Raises
    UsageError for a door that would be unsafe, Conflict for a port, key file or database that cannot be used.
    """
    public, watching = plan(wish), watching_door(wish)
    check_places(paths)
    with ExitStack() as stack:
        lock = EngineLock(paths.engine_lock)
        if not lock.acquire():
            if auto_started:
                return
            if not _outlasted(lock, paths):
                raise _already_running(paths)
        stack.callback(lock.release)
        if os.name == "posix":
            os.umask(0o077)
        from focuscli.engine.rendering import open_rendering

        rendering = open_rendering(settings)
        stack.callback(rendering.executor.shutdown, wait=False)
        from focuscli.engine.running import Launch, run  # heavy: the render processes warm up meanwhile

        host, port = ("127.0.0.1", 0) if public else (wish.host, wish.port)
        run(settings, paths, Launch(host, port, public, watching, rendering, auto_started, ready))


def _outlasted(lock: EngineLock, paths: Paths) -> bool:
    """Take the lock of an engine that is about to leave: it says nowhere any more where it listens."""
    from focuscli.address import Address

    until = time.monotonic() + LEAVING_S
    while Address.read(paths.engine_address) is None and time.monotonic() < until:
        if lock.acquire():
            return True
        time.sleep(0.02)
    return False


def _already_running(paths: Paths) -> Conflict:
    from focuscli.address import Address

    address = Address.read(paths.engine_address)
    where = f"at {address.url}, process {address.pid}" if address else "and has not said where yet"
    return Conflict(f"an engine is already running {where}", hint="stop it with: focus engine stop")
