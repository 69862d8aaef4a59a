"""Claims become submissions, and what comes back becomes ready, fenced off, or another attempt."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from focuscli.engine.render_job import RenderSpec
from focuscli.engine.rendering import RendererLost
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.store import BACK_OFF_S, MAX_FAILURES, MOST_LOSSES, Claim, ReadySegment, StoreUnavailable
from tests.engine.rig import SESSIONS, START, Rig, ask_on_loop, result


class Watched:
    """A rig whose dispatcher runs, with a word from the store whenever a claim is settled."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.settled: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        finish, release = rig.store.finish, rig.store.release

        def finished(claim: Claim, segment: ReadySegment) -> bool:
            held = finish(claim, segment)
            loop.call_soon_threadsafe(self.settled.put_nowait, ("finish", held))
            return held

        def released(claim: Claim, failure: str | None = None) -> bool:
            held = release(claim, failure)
            loop.call_soon_threadsafe(self.settled.put_nowait, (failure or "release", held))
            return held

        rig.store.finish, rig.store.release = finished, released  # type: ignore[method-assign]
        self.running = asyncio.create_task(rig.parts.dispatcher.run())

    async def start(self, minutes: int = 60) -> str:
        answer = await ask_on_loop(
            self.rig.parts.face,
            "POST",
            SESSIONS,
            {"X-API-Key": self.rig.terms.key},
            b'{"goal": "focus", "target_minutes": %d}' % minutes,
        )
        assert answer.status == 202
        session_id: str = answer.json["session_id"]
        return session_id

    async def submission(self) -> tuple[RenderSpec, Future[str]]:
        return await self.rig.executor.submitted.get()

    async def stop(self) -> None:
        self.running.cancel()
        await self.rig.parts.dispatcher.close()


def watch(rig: Rig, test: Callable[[Watched], Awaitable[None]]) -> None:
    async def run() -> None:
        watched = Watched(rig)
        async with asyncio.timeout(20):
            await test(watched)
            await watched.stop()

    asyncio.run(run())


@pytest.fixture
def wide(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path, slots=2)
    yield rig
    rig.file.close()


def test_a_start_is_rendered_at_once_to_the_last_segment(rig: Rig) -> None:
    async def test(engine: Watched) -> None:
        session_id = await engine.start(minutes=6)
        for index in range(3):
            spec, future = await engine.submission()
            assert spec.segment_index == index
            assert spec.object_key == f"{session_id}/{index:05d}.1.flac"
            future.set_result(result(rig.objects, spec))
            assert await engine.settled.get() == ("finish", True)
        session = rig.store.session(*_owner(session_id))
        assert session is not None
        assert session.ready_count == 3

    watch(rig, test)


def test_no_more_is_submitted_than_there_are_slots(wide: Rig) -> None:
    async def test(engine: Watched) -> None:
        await engine.start()
        _, first = await engine.submission()
        await engine.submission()
        assert engine.rig.executor.submitted.empty()
        first.set_exception(RuntimeError("broken"))
        await engine.settled.get()
        spec, _ = await engine.submission()
        assert spec.segment_index == 2

    watch(wide, test)


def test_a_new_sessions_first_segment_waits_for_the_running_one_alone(rig: Rig) -> None:
    async def test(engine: Watched) -> None:
        await engine.start()
        for _ in range(2):
            spec, future = await engine.submission()
            future.set_result(result(rig.objects, spec))
        running, future = await engine.submission()
        newcomer = await engine.start()
        future.set_result(result(rig.objects, running))
        spec, _ = await engine.submission()
        assert spec.object_key.startswith(newcomer)

    watch(rig, test)


def test_a_failed_attempt_is_tried_again_after_its_back_off(rig: Rig) -> None:
    async def test(engine: Watched) -> None:
        await engine.start(minutes=2)
        _, future = await engine.submission()
        future.set_exception(ArithmeticError("no music"))
        assert await engine.settled.get() == ("ArithmeticError: no music", True)
        rig.clock.step(BACK_OFF_S)
        spec, _ = await engine.submission()  # by the dispatcher's own timer
        assert spec.object_key.endswith("/00000.2.flac")

    watch(rig, test)


def test_an_answer_that_makes_no_sense_is_a_failed_attempt(rig: Rig) -> None:
    async def test(engine: Watched) -> None:
        await engine.start(minutes=2)
        _, future = await engine.submission()
        future.set_result('{"segment_index": 0}')
        reason, held = await engine.settled.get()
        assert reason.startswith("ValidationError")
        assert held

    watch(rig, test)


def test_what_comes_after_the_end_is_dropped_with_its_audio(rig: Rig) -> None:
    async def test(engine: Watched) -> None:
        session_id = await engine.start()
        spec, future = await engine.submission()
        rig.parts.sessions.end(*_owner(session_id))
        future.set_result(result(rig.objects, spec))
        assert await engine.settled.get() == ("finish", False)
        newcomer = await engine.start()
        spec, _ = await engine.submission()
        assert spec.object_key.startswith(newcomer)
        assert rig.objects.survey() == {}

    watch(rig, test)


def test_leases_are_renewed_while_rendering(rig: Rig) -> None:
    async def test(engine: Watched) -> None:
        await engine.start(minutes=2)
        spec, future = await engine.submission()
        for _ in range(5):
            rig.clock.step(45)
            await rig.parts.dispatcher.renew()
            assert rig.store.claim("other", 60.0) is None
        future.set_result(result(rig.objects, spec))
        assert await engine.settled.get() == ("finish", True)

    watch(rig, test)


def test_closing_gives_every_claim_back_and_lets_nothing_finish(rig: Rig) -> None:
    async def test(engine: Watched) -> None:
        await engine.start(minutes=2)
        await engine.submission()
        await engine.stop()
        assert await engine.settled.get() == ("release", True)
        assert rig.executor.closed
        again = rig.store.claim("next engine", 60.0)
        assert again is not None
        assert again.attempt == 2

    watch(rig, test)


def test_a_store_that_refuses_is_asked_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.engine.dispatch.RETRY_S", 0.001)
    claim = rig.store.claim
    refusals = iter([True, True])

    def claim_or_refuse(owner: str, lease_s: float) -> Claim | None:
        if next(refusals, False):
            raise StoreUnavailable("locked")
        return claim(owner, lease_s)

    rig.store.claim = claim_or_refuse  # type: ignore[method-assign]

    async def test(engine: Watched) -> None:
        await engine.start()
        spec, _ = await engine.submission()
        assert spec.segment_index == 0

    watch(rig, test)


def test_a_result_is_told_again_to_a_store_that_was_away(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.engine.dispatch.RETRY_S", 0.001)
    finish = rig.store.finish
    refusals = iter([True, True, True])

    def finish_or_refuse(claim: Claim, segment: ReadySegment) -> bool:
        if next(refusals, False):
            raise StoreUnavailable("restarting")
        return finish(claim, segment)

    rig.store.finish = finish_or_refuse  # type: ignore[method-assign]

    async def test(engine: Watched) -> None:
        await engine.start(minutes=2)
        spec, future = await engine.submission()
        future.set_result(result(rig.objects, spec))
        assert await engine.settled.get() == ("finish", True)

    watch(rig, test)


def test_a_result_that_cannot_be_stored_is_rendered_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.engine.dispatch.RETRY_S", 0.001)

    async def test(engine: Watched) -> None:
        finish = rig.store.finish

        def refuse(*_: object) -> bool:
            raise StoreUnavailable("disk full")

        await engine.start(minutes=2)
        spec, future = await engine.submission()
        rig.store.finish = refuse  # type: ignore[method-assign]
        future.set_result(result(rig.objects, spec))
        assert await engine.settled.get() == ("disk full", True)
        rig.store.finish = finish  # type: ignore[method-assign]
        rig.clock.step(BACK_OFF_S)
        spec, future = await engine.submission()
        future.set_result(result(rig.objects, spec))
        assert await engine.settled.get() == ("finish", True)

    watch(rig, test)


def _owner(session_id: str):  # type: ignore[no-untyped-def]  # a pair for *args
    from tests.engine.rig import LOCAL

    return LOCAL, session_id


def test_the_rig_starts_what_the_wire_starts(rig: Rig) -> None:
    assert rig.start()["target_minutes"] == START["target_minutes"]


def test_a_claim_that_is_being_made_when_the_engine_leaves_is_given_back(rig: Rig) -> None:
    rig.start()
    claim, entered, gate = rig.store.claim, threading.Event(), threading.Event()

    def slow(owner: str, lease_s: float) -> Claim | None:
        entered.set()
        assert gate.wait(20)
        return claim(owner, lease_s)

    rig.store.claim = slow  # type: ignore[method-assign]

    async def leave() -> None:
        running = asyncio.create_task(rig.parts.dispatcher.run())
        await asyncio.to_thread(entered.wait, 20)
        running.cancel()
        closing = asyncio.create_task(rig.parts.dispatcher.close())
        await asyncio.sleep(0)
        gate.set()
        await closing

    asyncio.run(leave())
    again = claim("another", 60.0)
    assert again is not None
    assert again.segment_index == 0


def test_who_leaves_claims_nothing_more_and_waits_for_what_is_rendered(wide: Rig) -> None:
    async def test(engine: Watched) -> None:
        await engine.start()
        (first_spec, first), _ = [await engine.submission() for _ in range(2)]
        draining = asyncio.create_task(wide.parts.dispatcher.drain(600.0))
        await asyncio.sleep(0)
        first.set_result(result(wide.objects, first_spec))
        assert await engine.settled.get() == ("finish", True)
        assert not draining.done()
        assert wide.executor.submitted.empty()
        draining.cancel()

    watch(wide, test)


def test_who_leaves_does_not_wait_for_ever(rig: Rig) -> None:
    async def test(engine: Watched) -> None:
        await engine.start(minutes=2)
        await engine.submission()
        await rig.parts.dispatcher.drain(0.01)
        await engine.stop()
        assert await engine.settled.get() == ("release", True)

    watch(rig, test)


def test_among_several_engines_a_lease_that_runs_out_is_noticed_though_nobody_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("focuscli.engine.dispatch.LOOK_S", 0.01)
    monkeypatch.setattr(SqliteFile, "shared", True)

    rig = Rig(tmp_path, slots=1)
    rig.start(target_minutes=2)
    others, claim, looked = [], rig.store.claim, threading.Event()
    while other := claim("an engine that dies", 60.0):
        others.append(other)

    def claiming(owner: str, lease_s: float) -> Claim | None:
        found = claim(owner, lease_s)
        looked.set()
        return found

    monkeypatch.setattr(rig.store, "claim", claiming)

    async def test(engine: Watched) -> None:
        await asyncio.to_thread(looked.wait)
        assert rig.executor.submitted.empty()
        rig.clock.step(61.0)
        spec, _ = await engine.submission()
        assert spec.segment_index == others[0].segment_index

    watch(rig, test)
    rig.file.close()


def test_a_segment_whose_renderer_is_lost_is_free_again_without_a_mark(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("focuscli.engine.dispatch.RETRY_S", 0.0)

    async def test(engine: Watched) -> None:
        await engine.start(minutes=2)
        for _ in range(MAX_FAILURES + 1):
            spec, future = await engine.submission()
            future.cancel()
            future.set_running_or_notify_cancel()
            assert await engine.settled.get() == ("release", True)
        spec, future = await engine.submission()
        future.set_result(result(rig.objects, spec))
        assert await engine.settled.get() == ("finish", True)

    watch(rig, test)


def test_a_segment_that_loses_all_its_renderers_fails_at_last(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.engine.dispatch.RETRY_S", 0.0)

    async def test(engine: Watched) -> None:
        await engine.start(minutes=2)
        reasons = []
        while len(reasons) < MOST_LOSSES - 1 + MAX_FAILURES:
            _, future = await engine.submission()
            future.set_exception(RendererLost("killed"))
            reasons.append((await engine.settled.get())[0])
            rig.clock.step(BACK_OFF_S * MAX_FAILURES)
            rig.parts.dispatcher.wake()
        assert reasons == ["release"] * (MOST_LOSSES - 1) + ["killed"] * MAX_FAILURES
        assert not rig.store.has_work()

    watch(rig, test)


def test_a_renderer_that_says_nothing_for_too_long_has_failed(tmp_path: Path) -> None:
    rig = Rig(tmp_path, render_limit_s=0.01)

    async def test(engine: Watched) -> None:
        await engine.start(minutes=2)
        _, future = await engine.submission()
        assert await engine.settled.get() == ("TimeoutError: no answer within 0.01 s", True)
        assert future.cancelled()

    watch(rig, test)
    rig.file.close()


def test_nothing_is_claimed_while_nobody_renders(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.engine.dispatch.RETRY_S", 0.001)

    async def test(engine: Watched) -> None:
        slots, rig.slots = rig.slots, 0
        await engine.start(minutes=2)
        await asyncio.sleep(0)
        assert rig.store.claim("other engine", 60.0) is not None
        rig.slots = slots
        await engine.start(minutes=2)
        await engine.submission()

    watch(rig, test)
