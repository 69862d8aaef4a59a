"""Power is lost at any moment: whatever was not synced is gone or torn, and what is ready is whole all the same."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from focuscli.bench.power import Crash, crash_once
from focuscli.engine.disk import Disk

once = settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@once
@given(at=st.integers(0, 60), seed=st.integers(0, 2**16))
def test_what_is_ready_is_whole_after_any_loss_of_power(at: int, seed: int) -> None:
    assert crash_once(Crash(at, seed)).violations == []


def test_a_disk_that_forgets_to_sync_is_noticed() -> None:
    found = [crash_once(Crash(at, seed), sync_files=False).violations for at in range(2, 18, 3) for seed in range(2)]
    assert any(found)


def test_a_folder_that_is_not_synced_is_noticed() -> None:
    found = [crash_once(Crash(at, seed), sync_folders=False).violations for at in range(2, 18, 3) for seed in range(2)]
    assert any(found)


def test_without_a_crash_nothing_is_missing(tmp_path: Path) -> None:
    calm = crash_once(Crash(10_000, 1))
    assert calm.violations == []
    assert calm.ready == calm.rendered
    assert isinstance(Disk(), Disk)
