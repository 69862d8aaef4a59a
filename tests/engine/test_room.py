"""A disk that fills up: rendering stops before it is full, and the last small writes still succeed."""

import asyncio
import errno
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from focuscli.engine.render_job import RenderSpec
from focuscli.engine.room import FLOOR_BYTES, Ballast, Room, floor_bytes
from focuscli.engine.store import EndReason, StoreFull
from focuscli.engine.upkeep import BACKUP_S, Paced, Upkeep
from focuscli.model import SessionStatus
from tests.engine.rig import SESSIONS, START, Rig, SteppedClock, ask, result

GIB = 1 << 30


def disk(monkeypatch: pytest.MonkeyPatch, *, total: int = 100 * GIB, free: int = 50 * GIB) -> None:
    usage = SimpleNamespace(total=total, used=total - free, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)


@pytest.mark.parametrize(
    ("total", "segment_s", "floor"),
    [
        (100 * GIB, 120, FLOOR_BYTES),
        (2 * GIB, 120, 2 * GIB // 20),
        (GIB // 2, 120, 46_080_000),
        (100 * GIB, 1200, 460_800_000),
    ],
)
def test_a_quarter_gibibyte_stays_free_and_less_on_a_small_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, total: int, segment_s: int, floor: int
) -> None:
    disk(monkeypatch, total=total)
    assert floor_bytes(tmp_path, segment_s) == floor


def test_below_the_floor_nothing_is_started(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = rig.start()["session_id"]
    disk(monkeypatch, free=0)
    answer = rig.ask("POST", SESSIONS, START)
    assert (answer.status, answer.error["code"], answer.headers["retry-after"]) == (503, "SERVICE_UNAVAILABLE", "1")
    assert rig.get(session_id)["status"] == "active"
    assert rig.ask("POST", f"{SESSIONS}/{session_id}/end").json["status"] == "ended"


def test_a_folder_that_is_away_has_no_room_and_stops_no_engine(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a share of the network is, for a moment."""
    monkeypatch.setattr("focuscli.engine.dispatch.RETRY_S", 0.001)
    rig.start(target_minutes=2)
    usage = shutil.disk_usage

    def away(_: Path) -> SimpleNamespace:
        raise OSError(errno.ESTALE, "Stale file handle")

    async def test() -> None:
        asked: asyncio.Queue[None] = asyncio.Queue()

        def back_at_the_third_time(folder: Path) -> Any:
            asked.put_nowait(None)
            return away(folder) if asked.qsize() < 3 else usage(folder)

        monkeypatch.setattr(shutil, "disk_usage", back_at_the_third_time)
        running = asyncio.create_task(rig.parts.dispatcher.run())
        await rig.executor.submitted.get()
        running.cancel()
        await rig.parts.dispatcher.close()

    on_a_loop(test)
    monkeypatch.setattr(shutil, "disk_usage", away)
    assert rig.ask("POST", SESSIONS, START).status == 503
    assert "focus_objects_free_bytes" not in ask(rig.parts.watching_face, "GET", "/metrics").body.decode()


def on_a_loop(test: Callable[[], Any]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(20):
            await test()

    asyncio.run(limited())


def test_below_the_floor_nothing_is_claimed_and_above_it_rendering_goes_on(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("focuscli.engine.dispatch.RETRY_S", 0.001)
    rig.start(target_minutes=2)

    async def test() -> None:
        asked: asyncio.Queue[None] = asyncio.Queue()
        free = [0]

        def usage(_: Path) -> SimpleNamespace:
            asked.put_nowait(None)
            return SimpleNamespace(total=1, used=0, free=free[0])

        monkeypatch.setattr(shutil, "disk_usage", usage)
        running = asyncio.create_task(rig.parts.dispatcher.run())
        for _ in range(3):
            await asked.get()
        assert rig.executor.submitted.empty()
        free[0] = GIB
        await rig.executor.submitted.get()
        running.cancel()
        await rig.parts.dispatcher.close()

    on_a_loop(test)


def test_a_full_disk_is_no_failure_of_the_segments(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.engine.dispatch.RETRY_S", 0.001)
    session_id = rig.start(target_minutes=2)["session_id"]

    async def test() -> None:
        running = asyncio.create_task(rig.parts.dispatcher.run())
        released: asyncio.Queue[str | None] = asyncio.Queue()
        release, loop = rig.store.release, asyncio.get_running_loop()

        def watched(claim: Any, failure: str | None = None) -> bool:
            held = release(claim, failure)
            loop.call_soon_threadsafe(released.put_nowait, failure)
            return held

        monkeypatch.setattr(rig.store, "release", watched)
        submission: tuple[RenderSpec, Future[str]]
        for _ in range(5):
            submission = await rig.executor.submitted.get()
            with monkeypatch.context() as full:
                disk(full, free=0)
                submission[1].set_exception(OSError(errno.ENOSPC, "No space left on device"))
                assert await released.get() is None
        finished: asyncio.Queue[bool] = asyncio.Queue()
        finish = rig.store.finish

        def watched_finish(claim: Any, segment: Any) -> bool:
            held = finish(claim, segment)
            loop.call_soon_threadsafe(finished.put_nowait, held)
            return held

        monkeypatch.setattr(rig.store, "finish", watched_finish)
        spec, future = await rig.executor.submitted.get()
        future.set_result(result(rig.objects, spec))
        assert await finished.get()
        running.cancel()
        await rig.parts.dispatcher.close()

    on_a_loop(test)
    assert rig.get(session_id)["ready_count"] == 1


def test_an_end_on_a_full_disk_succeeds_with_what_the_ballast_set_free(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = rig.start()["session_id"]
    end = rig.store.end
    refusals = iter([True])

    def full_once(session_id: str, status: SessionStatus, reason: EndReason, at: float) -> bool:
        if next(refusals, False):
            raise StoreFull("database or disk is full")
        return end(session_id, status, reason, at)

    monkeypatch.setattr(rig.store, "end", full_once)
    assert rig.ask("POST", f"{SESSIONS}/{session_id}/end").json["status"] == "ended"


def test_ballast_is_whole_or_not_there(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 5000)
    assert ballast.lay()
    assert ballast.lay()
    assert (tmp_path / "ballast").stat().st_size == 5000
    ballast.release()
    ballast.release()
    assert not (tmp_path / "ballast").exists()
    assert not Ballast(tmp_path / "nowhere" / "ballast", 5000).lay()


def test_room_is_what_is_above_the_floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk(monkeypatch, free=1000)
    assert Room(tmp_path, 999).is_left()
    assert not Room(tmp_path, 1000).is_left()


def test_a_chore_that_fails_keeps_no_other_one_waiting() -> None:
    done: list[str] = []

    def failing() -> None:
        done.append("tried")
        raise StoreFull("full")

    upkeep = Upkeep((failing, lambda: done.append("done")))
    upkeep.run()
    upkeep.run()
    assert done == ["tried", "done", "tried", "done"]


def test_backups_are_a_minute_apart_or_fifty_times_as_long_as_they_take() -> None:
    clock = SteppedClock()
    made: list[float] = []

    def chore() -> None:
        made.append(clock.steady)
        clock.step(took_s[0])

    took_s = [0.1]
    paced = Paced(chore, clock, BACKUP_S)
    paced()
    clock.step(BACKUP_S / 2)
    paced()
    assert len(made) == 1
    clock.step(BACKUP_S)
    took_s[0] = 10.0
    paced()
    assert len(made) == 2
    clock.step(400)
    paced()
    assert len(made) == 2
    clock.step(100)
    paced()
    assert len(made) == 3
