"""The engine from lock to exit, in the order that brings the first sound soonest.

The lock, then the render processes, which warm up while the rest is imported: keys, store and recovery, the socket,
and at last the address, so that whoever reads it finds someone listening. Taken down in reverse.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from focuscli.engine.lock import EngineLock
from focuscli.errors import Conflict, UsageError
from focuscli.paths import Paths
from focuscli.settings import Settings

if TYPE_CHECKING:
    from focuscli.address import Address

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def serve(
    settings: Settings,
    paths: Paths,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    auto_started: bool,
    ready: "Callable[[Address], None] | None" = None,
) -> None:
    """Run the engine in this process until SIGTERM, SIGINT, `POST /v1/engine/stop`, or idleness if auto-started.

    To be called on the main thread. `ready` is called, on the same thread, with the address once it listens.
    An auto-started engine returns at once where another one runs; any other raises Conflict then. Raises
    UsageError for a host that is not loopback, Conflict for a port, key file or database that cannot be used.
    """
    if host not in _LOOPBACK:
        raise UsageError(
            f"the engine listens on this machine only, and {host} is not one of {', '.join(sorted(_LOOPBACK))}",
            hint="leave --host out",
        )
    with ExitStack() as stack:
        lock = EngineLock(paths.engine_lock)
        if not lock.acquire():
            if auto_started:
                return
            raise _already_running(paths)
        stack.callback(lock.release)
        from focuscli.engine.render_process import warm_up
        from focuscli.engine.workers import WorkerPool, slot_count

        slots = slot_count(settings["slots"])
        executor = stack.enter_context(WorkerPool(slots, warm_up))
        from focuscli.engine.running import Launch, run  # heavy: the render processes warm up meanwhile

        run(settings, paths, Launch(host, port, slots, executor, auto_started, ready))


def _already_running(paths: Paths) -> Conflict:
    from focuscli.address import Address

    address = Address.read(paths.engine_address)
    where = f"at {address.url}, process {address.pid}" if address else "and has not said where yet"
    return Conflict(f"an engine is already running {where}", hint="stop it with: focus engine stop")
