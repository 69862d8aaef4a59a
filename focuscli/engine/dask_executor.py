"""Rendering on a Dask cluster: an executor that outlives its scheduler, its workers and its connection.

Dask's own client gives all its futures up when the scheduler goes, forgets them, and closes itself half a minute
later; its scheduler waits five minutes for a worker that hangs. Here a census, once a second, asks who is there: only
workers that are heard of and have this very version of the program get segments, what a silent one holds is given
back, and a connection that broke is made anew. Priority, retries and backpressure stay with the engine's store.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import distributed

from focuscli.engine.dask_worker import installed
from focuscli.engine.rendering import RendererLost
from focuscli.version import __version__

log = logging.getLogger(__name__)

T = TypeVar("T")
Tls = tuple[Path, Path, Path]
"""Files in PEM: who vouches for the cluster, this engine's certificate, and its key."""

CENSUS_S = 1.0
SILENT_S = 15.0
"""A worker that was not heard of for so long counts as lost; Dask's workers speak twice a second."""

PATIENCE_S = 5.0
"""A scheduler that says nothing for so long counts as lost."""


@dataclass(slots=True)
class _Worker:
    """A worker as the census sees it: `heard_at` is when its last sign of life was seen, by this process's clock."""

    threads: int
    sign: float
    heard_at: float
    fit: bool | None = None


@dataclass(slots=True)
class _Pending:
    """A segment that somebody renders: for whom, and which workers may have it."""

    future: "Future[Any]"
    inner: "Future[Any]"
    workers: frozenset[str]
    submitted_at: float = field(default_factory=time.monotonic)


class DaskExecutor(Executor):
    """Submits to the cluster's fit workers; a future fails with RendererLost when whoever had it is gone."""

    def __init__(
        self, address: str, tls: Tls | None = None, *, census_s: float = CENSUS_S, silent_s: float = SILENT_S
    ) -> None:
        """`address` is the scheduler's host and port. Connects in the background."""
        self._address = f"{'tls' if tls else 'tcp'}://{address}"
        self._security = _security(tls)
        self._census_s, self._silent_s = census_s, silent_s
        self._lock = threading.Lock()
        self._client: distributed.Client | None = None
        self._workers: dict[str, _Worker] = {}
        self._pending: dict[str, _Pending] = {}
        self._count, self._complaint = 0, ""
        self._closing = threading.Event()
        self._tending = threading.Thread(target=self._tend, name="render-cluster", daemon=True)
        self._tending.start()

    def slots(self) -> int:
        """How many segments the fit workers render at once; 0 while the scheduler cannot be reached."""
        with self._lock:
            return sum(self._workers[address].threads for address in self._fit())

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Have it done by a fit worker; raises RendererLost where there is none."""
        with self._lock:
            workers = self._fit()
            if self._client is None or not workers or self._closing.is_set():
                raise RendererLost(f"no worker of {self._address} can render")
            self._count += 1
            key = f"{getattr(fn, '__name__', 'task')}-{id(self):x}-{self._count}"
            where = {"key": key, "workers": sorted(workers), "allow_other_workers": False}
            inner = self._client.get_executor(pure=False, retries=0).submit(fn, *args, **kwargs, **where)
            future: Future[T] = Future()
            self._pending[key] = _Pending(future, inner, workers)
        inner.add_done_callback(lambda done: self._settle(key, done))
        future.add_done_callback(lambda done: inner.cancel() if done.cancelled() else None)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Cancel what is queued, and disconnect; a worker that renders goes on, and nobody waits for its result."""
        self._closing.set()
        self._lose(set(self._pending), "the engine leaves")
        self._tending.join(PATIENCE_S)
        self._disconnect()

    def _fit(self) -> frozenset[str]:
        """The workers that may be given segments; the lock is held."""
        oldest = time.monotonic() - self._silent_s
        return frozenset(name for name, worker in self._workers.items() if worker.fit and worker.heard_at > oldest)

    def _settle(self, key: str, inner: "Future[Any]") -> None:
        with self._lock:
            pending = self._pending.pop(key, None)
        if pending is None or not pending.future.set_running_or_notify_cancel():
            return
        if inner.cancelled():
            pending.future.set_exception(RendererLost("the scheduler is gone, or gave the segment up"))
        elif error := inner.exception():
            pending.future.set_exception(error)
        else:
            pending.future.set_result(inner.result())

    def _lose(self, keys: set[str], reason: str) -> None:
        """Give up what these keys stand for."""
        with self._lock:
            lost = [pending for key in keys if (pending := self._pending.pop(key, None))]
        for pending in lost:
            pending.inner.cancel()
            if pending.future.set_running_or_notify_cancel():
                pending.future.set_exception(RendererLost(reason))

    def _tend(self) -> None:
        """In a thread of its own: connect, look who is there, give up what nobody will finish."""
        while not self._closing.is_set():
            try:
                self._connect()
                self._look()
            except Exception as exc:  # noqa: BLE001  # whatever a broken connection raises, it is made anew
                self._complain(f"the render cluster {self._address} cannot be used: {type(exc).__name__}: {exc}")
                self._disconnect()
            else:
                self._complaint = ""
            self._closing.wait(self._census_s)

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:  # once, and not every second
            log.warning("%s", complaint)
        self._complaint = complaint

    def _connect(self) -> None:
        if self._client is not None and self._client.status == "running":
            return
        self._disconnect()
        client = distributed.Client(
            self._address, security=self._security, timeout=PATIENCE_S, set_as_default=False, name="focus-engine"
        )
        log.info("rendering on %s", self._address)
        with self._lock:
            self._client = client

    def _disconnect(self) -> None:
        with self._lock:
            client, self._client, self._workers = self._client, None, {}
        self._lose(set(self._pending), f"the connection to {self._address} is lost")
        if client is not None:
            client.close(timeout=1)

    def _look(self) -> None:
        """One census; raises where the scheduler does not answer."""
        assert self._client is not None
        found = self._client.sync(self._client.scheduler.identity, n_workers=-1, callback_timeout=PATIENCE_S)["workers"]
        with self._lock:
            self._workers = {name: self._seen(name, about) for name, about in found.items()}
            strangers = [name for name, worker in self._workers.items() if worker.fit is None]
        if strangers:
            self._ask(strangers)
        self._lose(self._unfinishable(), "the worker that had it is gone, or silent")

    def _seen(self, name: str, about: Mapping[str, Any]) -> _Worker:
        known, sign, now = self._workers.get(name), about["last_seen"], time.monotonic()
        if known is None:
            return _Worker(about["nthreads"], sign, now)
        # the scheduler's clock may be another one: what counts is that its figure changes
        heard_at = now if sign != known.sign else known.heard_at
        return _Worker(about["nthreads"], sign, heard_at, known.fit)

    def _ask(self, strangers: list[str]) -> None:
        """Which version of this program new workers have; only those that have this one are fit."""
        assert self._client is not None
        ask = self._client.run
        answers: dict[str, Any] = ask(installed, workers=strangers, on_error="return", callback_timeout=PATIENCE_S)
        with self._lock:
            for name, answer in answers.items():
                self._workers[name].fit = answer == __version__
        for name, answer in answers.items():
            if answer == __version__:
                log.info("worker %s renders", name)
            else:
                has = f"version {answer}" if isinstance(answer, str) else f"none ({type(answer).__name__}: {answer})"
                log.error(
                    "worker %s is refused: of focus-sessions it has %s, and this engine is %s", name, has, __version__
                )

    def _unfinishable(self) -> set[str]:
        """The keys of what lies with a worker that is silent, or may be done only by workers that are gone."""
        with self._lock:
            fit = self._fit()
            doubtful = {key: pending.workers for key, pending in self._pending.items() if not pending.workers <= fit}
        if not doubtful:
            return set()
        assert self._client is not None
        lost = {key for key, workers in doubtful.items() if not workers & fit}
        held = self._client.sync(self._client.scheduler.processing, workers=None, callback_timeout=PATIENCE_S)
        for name, keys in held.items():
            if name not in fit:
                lost |= doubtful.keys() & {str(key) for key in keys}
        return lost


def _security(tls: Tls | None) -> "distributed.Security | None":
    if tls is None:
        return None
    ca, certificate, key = map(str, tls)
    return distributed.Security(
        tls_ca_file=ca, tls_client_cert=certificate, tls_client_key=key, require_encryption=True
    )
