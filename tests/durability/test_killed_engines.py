"""An engine that is killed with -9 loses nothing that was ready, and what it had begun completes by itself."""

import os
from pathlib import Path

import pytest

from focuscli.bench.cluster import CannotStart, cluster
from focuscli.bench.durability import catch
from focuscli.bench.observer import Observer

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")


def test_three_kills_lose_nothing(tmp_path: Path) -> None:
    report = Observer(tmp_path, seed=3).run(kills=3)
    assert report.violations == []
    assert report.ready_segments >= 12
    assert report.bodies_checked >= report.ready_segments


def test_two_kills_lose_nothing_on_postgres_either(tmp_path: Path) -> None:
    try:
        with cluster(durable=True) as server:
            report = Observer(tmp_path, seed=4, server=server).run(kills=2)
    except CannotStart as exc:
        pytest.skip(str(exc))
    assert report.violations == []
    assert report.ready_segments >= 12


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="render processes are found in /proc")
def test_workers_that_outlive_their_engine_are_noticed() -> None:
    assert any("orphaned" in violation for violation in catch("orphaned-workers", kills=4, seed=1))
