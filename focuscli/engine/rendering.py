"""Who renders: an executor, how many segments it takes at once just now, and which one the settings mean."""

import importlib
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from focuscli.engine.render_process import warm_up
from focuscli.engine.workers import WorkerPool, slot_count
from focuscli.errors import UsageError
from focuscli.settings import Settings

if TYPE_CHECKING:
    from focuscli.engine.dask_executor import Tls

T = TypeVar("T")

CLUSTERS = ("dask://", "tls://")


class RendererLost(Exception):
    """Whoever had the segment is gone, or cannot be reached; nothing says that the segment had a part in it."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """An executor, and how many segments it takes at once just now: 0 while it cannot be reached."""

    executor: Executor
    slots: Callable[[], int]


def open_rendering(settings: Settings) -> Rendering:
    """The executor that is set; whoever opened it shuts it down.

    Raises UsageError where it makes no sense, or what it needs is not installed. A cluster that cannot be reached
    is no error: it takes 0 segments until it can.
    """
    wish, slots = str(settings["render_executor"]), slot_count(settings["slots"])
    if wish.startswith(CLUSTERS):
        return _cluster(wish, settings)
    if wish:
        return Rendering(RenewedExecutor(_factory(wish)), lambda: slots)
    return Rendering(WorkerPool(slots, warm_up, settings["render_limit"]), lambda: slots)


class RenewedExecutor(Executor):
    """Somebody's executor, made anew when it broke: a stock pool stays broken once one of its processes died."""

    def __init__(self, make: Callable[[], Executor]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._executor = make()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Submit it there; raises what that raises."""
        with self._lock:
            try:
                return self._executor.submit(fn, *args, **kwargs)
            except BrokenExecutor:
                self._executor.shutdown(wait=False)
                self._executor = self._make()
                return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut it down as its own does."""
        with self._lock:
            self._executor.shutdown(wait=wait, cancel_futures=cancel_futures)


def _factory(wish: str) -> Callable[[], Executor]:
    """The callable that `module:callable` names."""
    module, _, name = wish.partition(":")
    try:
        found: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as exc:
        raise UsageError(
            f"render_executor = {wish}: {exc}", hint="give module:callable, or dask://HOST:PORT, or nothing"
        ) from exc

    def make() -> Executor:
        made = found()
        if not isinstance(made, Executor):
            raise UsageError(
                f"render_executor = {wish}: it makes a {type(made).__name__}", hint="a concurrent.futures.Executor"
            )
        return made

    return make


def _cluster(wish: str, settings: Settings) -> Rendering:
    tls = _tls(wish, settings)
    try:
        from focuscli.engine.dask_executor import DaskExecutor
    except ImportError as exc:
        raise UsageError(
            f"render_executor = {wish}: {exc}", hint="install what it needs: pip install 'focus-sessions[team]'"
        ) from exc
    executor = DaskExecutor(wish.partition("://")[2], tls)
    most = int(settings["slots"])
    return Rendering(executor, lambda: min(executor.slots(), most) if most else executor.slots())


def _tls(wish: str, settings: Settings) -> "Tls | None":
    """The certificates for a cluster; None only where nothing but this machine can listen in."""
    files = [Path(settings[name]).expanduser() for name in ("render_tls_ca", "render_tls_cert", "render_tls_key")
             if settings[name]]  # fmt: skip
    if len(files) == 3:
        missing = [str(file) for file in files if not file.is_file()]
        if missing:
            raise UsageError(f"there is no file {' nor '.join(missing)}", hint="render_tls_… are files in PEM")
        return files[0], files[1], files[2]
    host = wish.partition("://")[2].rpartition(":")[0].strip("[]")
    if files or wish.startswith("tls://") or host not in {"127.0.0.1", "localhost", "::1"}:
        # whoever reaches a scheduler runs code on every one of its workers
        raise UsageError(
            f"{wish} needs mutual TLS", hint="set render_tls_ca, render_tls_cert and render_tls_key to files in PEM"
        )
    return None
