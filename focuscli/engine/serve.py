"""The engine from lock to exit: everything it consists of is put together here, and taken down in reverse.

Order at the start: the lock, the key, the render processes (which warm up while the rest is imported), store and
recovery, then the socket, and at last the address, so that whoever reads it finds someone listening.
"""

import ipaddress
import os
import socket
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import ExitStack

from focuscli.address import Address
from focuscli.engine.keys import load_secret
from focuscli.engine.lock import EngineLock
from focuscli.engine.render_job import warm_up
from focuscli.errors import Conflict, UsageError
from focuscli.paths import Paths, private_folder
from focuscli.settings import Settings


def serve(
    settings: Settings,
    paths: Paths,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    auto_started: bool,
    ready: Callable[[Address], None] | None = None,
) -> None:
    """Run the engine in this process until SIGTERM, SIGINT, `POST /v1/engine/stop`, or idleness if auto-started.

    To be called on the main thread. `ready` is called, on the same thread, with the address once it listens.
    An auto-started engine returns at once where another one runs; any other raises Conflict then. Raises
    UsageError for a host that is not loopback, Conflict for a port, key file or database that cannot be used.
    """
    _require_loopback(host)
    with ExitStack() as stack:
        lock = EngineLock(paths.engine_lock)
        if not lock.acquire():
            if auto_started:
                return
            raise _already_running(paths)
        stack.callback(lock.release)
        if auto_started:
            from focuscli.logs import log_to

            log_to(paths.engine_log)
        key = load_secret(paths.engine_key)
        private_folder(paths.engine_data)
        executor = stack.enter_context(_render_processes(slots(settings)))
        listener = stack.enter_context(_listen(host, port))
        from focuscli.engine.running import run  # heavy: the render processes warm up meanwhile

        run(settings, paths, key, executor, slots(settings), listener, auto_started=auto_started, ready=ready)


def slots(settings: Settings) -> int:
    """How many segments are rendered at once: as set, or one less than the processors, and at least one."""
    if settings["slots"]:
        return int(settings["slots"])
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, processors - 1)


def _render_processes(count: int) -> Executor:
    from focuscli.engine.workers import WorkerPool

    return WorkerPool(count, warm_up)


def _require_loopback(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(
            f"the engine listens on this machine only, and {host} is not a loopback address",
            hint="use --host 127.0.0.1",
        )


def _already_running(paths: Paths) -> Conflict:
    address = Address.read(paths.engine_address)
    where = f"at {address.url}, process {address.pid}" if address else "and has not said where yet"
    return Conflict(f"an engine is already running {where}", hint="stop it with: focus engine stop")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would allow two listeners on one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as exc:
        listener.close()
        raise Conflict(f"the engine cannot listen on {host} port {port}: {exc}", hint="choose another port") from exc
    return listener
