"""Render processes: warm from the start, one a slot, and a death costs one task."""

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError
from pathlib import Path

import pytest

from focuscli.engine.workers import WorkerPool, slot_count
from focuscli.errors import Conflict
from tests.engine import jobs

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes with signals")


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(2, jobs.nothing) as pool:
        yield pool


def test_each_slot_has_a_process_of_its_own(pool: WorkerPool, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    busy = pool.submit(jobs.wait_for_reader, str(fifo))
    other = {pool.submit(jobs.process_id, "").result(30) for _ in range(3)}
    assert len(other) == 1
    assert fifo.read_text() == "here"
    assert busy.result(30) == "read"
    assert {int(pid) for pid in other} < set(pool.process_ids())


def test_processes_stand_back_and_use_one_thread(pool: WorkerPool) -> None:
    threads, niceness = pool.submit(jobs.surroundings, "").result(30).split()
    assert threads == "1"
    assert int(niceness) >= min(19, os.nice(0) + 10)


def test_a_killed_process_costs_its_own_task_and_is_replaced(pool: WorkerPool, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    before = set(pool.process_ids())
    bystander = pool.submit(jobs.wait_for_reader, str(fifo))
    with pytest.raises(BrokenExecutor):
        pool.submit(jobs.die, "").result(30)
    assert pool.submit(jobs.echo, "again").result(30) == "again"
    assert fifo.read_text() == "here"
    assert bystander.result(30) == "read"
    assert len(before & set(pool.process_ids())) == 1


def test_an_idle_process_that_is_killed_is_replaced(pool: WorkerPool) -> None:
    for slot in pool._slots:
        slot.executor.submit(jobs.echo, "warm").result(30)
        os.kill(slot.process.pid or 0, signal.SIGKILL)
        slot.process.join(30)
    answers = []
    for _ in range(4):  # the first may still find the old one, and then costs one attempt
        try:
            answers.append(pool.submit(jobs.echo, "alive").result(30))
        except BrokenExecutor:
            continue
    assert "alive" in answers


def test_a_warm_up_that_fails_fails_the_tasks_and_not_the_engine() -> None:
    with WorkerPool(1, jobs.fail_to_warm_up) as pool:
        for _ in range(3):
            with pytest.raises(BrokenExecutor):
                pool.submit(jobs.echo, "never").result(30)


def test_a_process_that_hangs_is_killed_and_replaced(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with WorkerPool(1, jobs.nothing, limit_s=3.0) as pool:
        with pytest.raises(BrokenExecutor):
            pool.submit(jobs.wait_for_reader, str(fifo)).result(30)
        assert pool.submit(jobs.echo, "again").result(30) == "again"


def test_shutdown_kills_what_is_rendering(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    pool = WorkerPool(1, jobs.nothing)
    future = pool.submit(jobs.wait_for_reader, str(fifo))
    pool.shutdown()
    with pytest.raises((BrokenExecutor, CancelledError)):
        future.result(30)
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(jobs.echo, "too late")


PARENT = """
import sys
from focuscli.engine.workers import WorkerPool
from tests.engine import jobs

if __name__ == "__main__":
    pool = WorkerPool(2, jobs.nothing)
    for slot in pool._slots:
        slot.executor.submit(jobs.echo, "warm").result(30)
    pool.submit(jobs.wait_for_reader, sys.argv[1])
    print(*pool.process_ids(), flush=True)
    sys.stdin.read()
"""


def test_processes_die_with_a_killed_engine(tmp_path: Path) -> None:
    fifo, script = tmp_path / "fifo", tmp_path / "parent.py"
    os.mkfifo(fifo)
    script.write_text(PARENT, encoding="utf-8")
    repository = str(Path(__file__).parents[2])
    parent = subprocess.Popen(
        [sys.executable, str(script), str(fifo)],
        env={**os.environ, "PYTHONPATH": repository},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2
    orphans_hold_it = threading.Thread(
        target=parent.stdout.read, daemon=True
    )  # ends when the last process that has it is gone
    orphans_hold_it.start()
    parent.kill()
    parent.wait(30)
    orphans_hold_it.join(10)
    assert not orphans_hold_it.is_alive()
    parent.stdout.close()
    parent.stdin.close()


@pytest.mark.parametrize("setting", [1, 3])
def test_slots_are_as_set(setting: int) -> None:
    assert slot_count(setting) == setting


def test_by_default_one_processor_is_left_to_the_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors, slots in ((1, 1), (2, 1), (8, 7)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, count=processors: set(range(count)), raising=False)
        assert slot_count(0) == slots


def test_a_machine_without_semaphores_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a chroot, where nobody may write to /dev/shm."""

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("focuscli.engine.workers.ProcessPoolExecutor", refuse)
    with pytest.raises(Conflict, match="/dev/shm: Permission denied") as caught:
        WorkerPool(1, lambda: None)
    assert "mount -t tmpfs" in caught.value.hint
