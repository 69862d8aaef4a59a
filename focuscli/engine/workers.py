"""Render processes behind the `Executor` seam: one process a slot, so that one that dies takes nobody along.

The stock pool fails every queued future when one of its processes is killed, and stays broken; here each slot is
a pool of one, and a slot whose process died gets a new one.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import active_children, get_context
from typing import Any, TypeVar

from focuscli.engine.render_process import begin_worker
from focuscli.errors import Conflict
from focuscli.music import one_thread

T = TypeVar("T")

RENDER_LIMIT_S = 300.0
"""A segment takes less than a second; a process that needs so long hangs, and is killed."""


def slot_count(setting: int) -> int:
    """How many segments are rendered at once: as set, or (0) one less than the processors, and at least one."""
    if setting:
        return setting
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, processors - 1)


class _Slot:
    """One process, spawned and warming up from the moment it is made."""

    def __init__(self, warm: Callable[[], None]) -> None:
        self.load = 0
        before = set(active_children())
        try:
            self.executor = ProcessPoolExecutor(1, get_context("spawn"), begin_worker, (warm,))
        except OSError as exc:  # a container or chroot without the place where POSIX keeps semaphores
            raise Conflict(
                f"no render process can be made without semaphores, which live in /dev/shm: {exc.strerror}",
                hint="let everyone write there: mount -t tmpfs -o mode=1777 tmpfs /dev/shm",
            ) from exc
        self.executor.submit(os.getpid)  # a pool spawns with its first task
        (self.process,) = set(active_children()) - before

    def stop(self) -> None:
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.process.kill()


class WorkerPool(Executor):
    """An executor of so many slots; a future whose process was killed fails with BrokenExecutor, and only that."""

    def __init__(self, slots: int, warm: Callable[[], None], limit_s: float = RENDER_LIMIT_S) -> None:
        """Spawn all processes at once; `warm` runs in each before its first task, none of which may pass `limit_s`."""
        os.environ.update(one_thread.ENVIRONMENT)  # the slots are the parallelism
        self._warm, self._limit_s = warm, limit_s
        self._lock = threading.RLock()
        self._closed = False
        self._slots = [_Slot(warm) for _ in range(slots)]

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run in the idlest slot. Raises RuntimeError after shutdown."""
        with self._lock:
            if self._closed:
                raise RuntimeError("cannot submit after shutdown")
            number = min(range(len(self._slots)), key=lambda number: self._slots[number].load)
            try:
                future = self._slots[number].executor.submit(fn, *args, **kwargs)
            except BrokenExecutor:  # it was killed while it had nothing to do
                self._replace(number, self._slots[number])
                future = self._slots[number].executor.submit(fn, *args, **kwargs)
            slot = self._slots[number]
            slot.load += 1
        limit = threading.Timer(self._limit_s, slot.process.kill)
        limit.daemon = True
        limit.start()
        future.add_done_callback(lambda done: self._settle(number, slot, limit, done))
        return future

    def process_ids(self) -> list[int]:
        """The process of each slot."""
        with self._lock:
            return [slot.process.pid or 0 for slot in self._slots]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Kill all processes: whatever they render is rendered again by the next engine."""
        with self._lock:
            self._closed = True
            for slot in self._slots:
                slot.stop()

    def _settle(self, number: int, slot: _Slot, limit: threading.Timer, done: Future[Any]) -> None:
        limit.cancel()
        with self._lock:
            slot.load -= 1
            if not done.cancelled() and isinstance(done.exception(), BrokenExecutor):
                self._replace(number, slot)

    def _replace(self, number: int, broken: _Slot) -> None:
        if not self._closed and self._slots[number] is broken:
            broken.process.kill()  # no more than that: the broken executor's own lock may be held here
            self._slots[number] = _Slot(self._warm)
