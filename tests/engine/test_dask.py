"""A real Dask cluster under mutual TLS: whatever of it dies or hangs, what it had is rendered, and counted once."""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from focuscli.bench.dask_cluster import Cluster
from focuscli.bench.durability import SESSIONS, EngineProcess
from focuscli.engine.rendering import RendererLost
from tests.engine import jobs
from tests.engine.tls import make_certificate

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX"),
    pytest.mark.xdist_group("dask"),
]

LIMIT_S = 60.0


def until(holds: Callable[[], bool]) -> None:
    """Wait for what other processes do."""
    pause, deadline = threading.Event(), time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < deadline
        pause.wait(0.02)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    with closing(Cluster(folder, *make_certificate(folder))) as cluster:
        cluster.start_scheduler()
        for _ in range(2):
            cluster.start_worker()
        yield cluster


@pytest.fixture(scope="module")
def executor(cluster: Cluster) -> Iterator["DaskExecutor"]:  # type: ignore[name-defined]  # noqa: F821
    from focuscli.engine.dask_executor import DaskExecutor

    executor = DaskExecutor(cluster.address, (cluster.certificate, cluster.certificate, cluster.key),
                            census_s=0.1, silent_s=3.0)  # fmt: skip
    until(lambda: executor.slots() == 2)
    yield executor
    executor.shutdown()


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "gate")
    return tmp_path


def holders(gate: Path) -> set[int]:
    return {int(file.name.partition("-")[2]) for file in gate.glob("held-*")}


def held_by(gate: Path, *, but: frozenset[int] = frozenset()) -> int:
    """The process that has the task, once there is one."""
    until(lambda: bool(holders(gate) - but))
    (process_id,) = holders(gate) - but
    return process_id


def test_a_killed_workers_task_goes_to_another_one(cluster, executor, gate) -> None:  # type: ignore[no-untyped-def]
    future = executor.submit(jobs.hold, str(gate))
    first = held_by(gate)
    cluster.kill(cluster.number_of(first))
    second = held_by(gate, but=frozenset({first}))
    (gate / "gate").write_text("rendered")
    assert future.result(LIMIT_S) == "rendered"
    assert second in {worker.pid for worker in cluster.workers.values()}
    cluster.start_worker()
    until(lambda: executor.slots() == 2)


def test_a_worker_that_hangs_is_given_up_and_comes_back(cluster, executor, gate) -> None:  # type: ignore[no-untyped-def]
    future = executor.submit(jobs.hold, str(gate))
    first = held_by(gate)
    number = cluster.number_of(first)
    cluster.stop(number)
    with pytest.raises(RendererLost, match="silent"):
        future.result(LIMIT_S)
    assert executor.slots() == 1
    again = executor.submit(jobs.process_id, "")
    assert int(again.result(LIMIT_S)) != first
    cluster.go_on(number)
    until(lambda: executor.slots() == 2)
    (gate / "gate").write_text("too late for anybody")


def test_a_worker_of_another_version_is_refused_with_a_line(cluster, executor, tmp_path, caplog) -> None:  # type: ignore[no-untyped-def]
    package = tmp_path / "focuscli" / "engine"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "dask_worker.py").write_text("def installed():\n    return '0.0.1'\n")
    with caplog.at_level(logging.ERROR, logger="focuscli.engine.dask_executor"):
        number = cluster.start_worker(pythonpath=str(tmp_path))
        until(lambda: "of focus-sessions it has version 0.0.1, and this engine is" in caplog.text)
    assert executor.slots() == 2
    assert {int(executor.submit(jobs.process_id, "").result(LIMIT_S)) for _ in range(6)} <= {
        worker.pid for other, worker in cluster.workers.items() if other != number
    }
    cluster.kill(number)


def test_a_session_is_completed_though_workers_and_scheduler_are_killed(cluster, executor, gate) -> None:  # type: ignore[no-untyped-def]
    engine = EngineProcess(
        gate / "engine", FOCUS_SEGMENT_SECONDS="5", FOCUS_PRICES="procedural=1", **cluster.settings()
    )
    engine.spawn()
    engine.wait()
    try:
        session_id = engine.call("POST", SESSIONS, {"goal": "relax", "target_minutes": 1})["session_id"]
        engine.session_when(session_id, lambda session: session["ready_count"] >= 2)
        cluster.kill(min(cluster.workers))
        engine.session_when(session_id, lambda session: session["ready_count"] >= 4)
        future = executor.submit(jobs.hold, str(gate))
        cluster.kill_scheduler()
        with pytest.raises(RendererLost):
            future.result(LIMIT_S)
        until(lambda: executor.slots() == 0)
        with pytest.raises(RendererLost):
            executor.submit(jobs.echo, "nobody")
        for number in tuple(cluster.workers):  # those that have not left by themselves yet
            cluster.kill(number)
        cluster.start_scheduler()
        cluster.start_worker()
        session = engine.session_when(session_id, lambda session: not session["more_pending"])
        assert (session["ready_count"], session["status"]) == (12, "active")
        for segment in session["segments"]:
            assert engine.fetch(segment["playback_url"])[1][:4] == b"fLaC"
        assert executor.slots() == 1
    finally:
        assert engine.stop()[0] == 0
    with closing(sqlite3.connect(engine.paths.engine_data / "engine.db")) as db:
        charges = db.execute("SELECT count(*), count(DISTINCT segment_index), sum(microchf) FROM charge").fetchone()
    assert charges == (12, 12, 12_000_000)
