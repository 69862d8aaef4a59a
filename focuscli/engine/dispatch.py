"""Between the queue in the store and the executor: claim, submit, renew, then finish or release.

No more is submitted than there are slots, so that the first segment of a new session waits for what is being
rendered and for nothing else.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

import msgspec

from focuscli.engine.metrics import Metrics
from focuscli.engine.objects import Objects, ObjectsAway, object_key
from focuscli.engine.pace import Pace
from focuscli.engine.render_job import RenderSpec
from focuscli.engine.rendering import RendererLost, Rendering
from focuscli.engine.room import Room
from focuscli.engine.store import BACK_OFF_S, MAX_FAILURES, MOST_LOSSES, Claim, ReadySegment, Store, StoreUnavailable

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""When the store refuses, or nobody renders, ask again so much later."""

LOOK_S = 3.0
"""Where several engines share a store, each looks by itself so often: nobody tells that another one's lease is over."""

TELLINGS = 5
"""So often is the store told that a segment is ready, before it is given back as failed."""


class Dispatcher:
    """Keeps the slots busy while the store has work. All methods belong to the event loop's thread."""

    def __init__(
        self,
        store: Store,
        rendering: Rendering,
        job: Callable[[str], str],
        objects: Objects,
        room: Room,
        pace: Pace,
        metrics: Metrics,
        *,
        lease_s: float,
        limit_s: float,
        owner: str,
        alone: bool = True,
    ) -> None:
        """`limit_s` is how long a renderer may take for a segment before it counts as hung.

        `alone`: no other engine claims in this store.
        """
        self._store, self._executor, self._slots, self._job = store, rendering.executor, rendering.slots, job
        self._objects, self._room, self._pace, self._metrics = objects, room, pace, metrics
        self._lease_s, self._limit_s, self._owner = lease_s, limit_s, owner
        self._wake, self._draining = asyncio.Event(), False
        self._look_s = None if alone else LOOK_S
        self._rendering: dict[Claim, asyncio.Task[None]] = {}
        self._claiming: asyncio.Task[Claim | None] | None = None

    def wake(self) -> None:
        """There may be something to render: look now."""
        self._wake.set()

    async def run(self) -> None:
        """Claim and submit until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self._fill()
            except StoreUnavailable as exc:
                log.warning("the store refuses a claim: %s", exc)
                self._wake_in(RETRY_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_s):
                    await self._wake.wait()

    @property
    def rendering(self) -> int:
        """How many segments are being rendered for this engine."""
        return len(self._rendering)

    async def drain(self, limit_s: float) -> None:
        """Claim nothing more, and wait so long at most for what is being rendered."""
        self._draining = True
        if self._rendering:
            await asyncio.wait(tuple(self._rendering.values()), timeout=limit_s)

    async def beat(self) -> None:
        """Renew the leases of what is being rendered, for ever, four times a lease."""
        while True:
            await asyncio.sleep(self._lease_s / 4)
            await self.renew()

    async def renew(self) -> None:
        """Prolong every lease that is held."""
        for claim in tuple(self._rendering):
            try:
                await asyncio.to_thread(self._store.renew, claim, self._lease_s)
            except StoreUnavailable as exc:
                log.warning("the store refuses a lease: %s", exc)

    async def close(self) -> None:
        """Stop the executor, then give every claim back, so that nobody can be rendering what is free again."""
        rendering = dict(self._rendering)
        for task in rendering.values():
            task.cancel()
        await asyncio.gather(*rendering.values(), return_exceptions=True)
        self._executor.shutdown(wait=False, cancel_futures=True)
        for claim in {*rendering, *await self._claimed_last()}:
            try:
                await asyncio.to_thread(self._store.release, claim)
            except StoreUnavailable as exc:  # the next engine's recovery takes it back
                log.warning("the store refuses a release: %s", exc)

    async def _claimed_last(self) -> list[Claim]:
        """The claim that was being made when the end came, if there was one."""
        if self._claiming is None:
            return []
        (claim,) = await asyncio.gather(self._claiming, return_exceptions=True)
        return [claim] if isinstance(claim, Claim) else []

    async def _fill(self) -> None:
        if self._slots() == 0:
            self._wake_in(RETRY_S)
        while not self._draining and len(self._rendering) < self._slots():
            if not self._room.is_left():
                self._wake_in(RETRY_S)
                return
            self._claiming = asyncio.create_task(asyncio.to_thread(self._store.claim, self._owner, self._lease_s))
            claim = await asyncio.shield(self._claiming)  # a thread claims on when its task is cancelled
            if claim is None:
                return
            task = asyncio.create_task(self._render(claim))
            self._rendering[claim] = task
            task.add_done_callback(lambda _, claim=claim: self._settle(claim))  # type: ignore[misc]

    def _settle(self, claim: Claim) -> None:
        self._rendering.pop(claim, None)
        self.wake()

    async def _render(self, claim: Claim) -> None:
        self._pace.begin(claim.session_id, claim.segment_index)
        segment, began = None, time.perf_counter()
        try:
            segment = await self._submit(claim)
        except RendererLost as exc:
            await self._lose(claim, str(exc))
        except ObjectsAway as exc:
            self._room.close(str(exc))
            await self._give_up(claim, str(exc))
        except Exception as exc:  # noqa: BLE001  # whatever a renderer raises is one failed attempt
            await self._give_up(claim, f"{type(exc).__name__}: {exc}")
        finally:
            self._pace.finish(claim.session_id, claim.segment_index, segment.measured_duration_s if segment else None)
        if segment is not None:
            self._metrics.rendered.observe(time.perf_counter() - began)
            await self._finish(claim, segment)

    async def _submit(self, claim: Claim) -> ReadySegment:
        key = object_key(claim.session_id, claim.segment_index, claim.attempt)
        spec = RenderSpec(claim.piece, claim.segment_index, self._objects.location, key)
        result = await self._answered(self._executor.submit(self._job, spec.to_json()))
        return msgspec.json.decode(result, type=ReadySegment)

    async def _answered(self, future: Future[str]) -> str:
        """What the renderer answers; raises what it raises, RendererLost where it gave the segment up."""
        try:
            async with asyncio.timeout(self._limit_s):
                return await asyncio.wrap_future(future)
        except TimeoutError as exc:
            raise TimeoutError(f"no answer within {self._limit_s:g} s") from exc
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # by `close`, and not by whoever renders
                raise
            raise RendererLost("whoever renders gave the segment up") from None

    async def _lose(self, claim: Claim, reason: str) -> None:
        """Its renderer is lost: somebody else may have the segment, in a moment and without a mark against it."""
        if claim.attempt >= MOST_LOSSES:
            await self._give_up(claim, reason)
            return
        self._metrics.segments.add("lost")
        log.warning("segment %d of %s, attempt %d: %s", claim.segment_index, claim.session_id, claim.attempt, reason)
        await asyncio.sleep(RETRY_S)  # or what is lost at once would be claimed again at once
        await self._release(claim)

    async def _finish(self, claim: Claim, segment: ReadySegment) -> None:
        try:
            held = await self._told(claim, segment)
        except StoreUnavailable as exc:
            await self._give_up(claim, str(exc))
            return
        self._metrics.segments.add("ready" if held else "late")
        if not held:
            log.info("segment %d of %s came too late", claim.segment_index, claim.session_id)
            with suppress(OSError):  # it is swept later, then
                await asyncio.to_thread(self._objects.remove, segment.object_key)

    async def _told(self, claim: Claim, segment: ReadySegment) -> bool:
        """Tell the store. One that is away is told again: it may have heard, or be back before the lease is over."""
        for _ in range(TELLINGS - 1):
            try:
                return await asyncio.to_thread(self._store.finish, claim, segment)
            except StoreUnavailable as exc:
                log.warning("the store has to be told again of %s: %s", segment.object_key, exc)
                await asyncio.sleep(RETRY_S)
        return await asyncio.to_thread(self._store.finish, claim, segment)

    async def _give_up(self, claim: Claim, reason: str) -> None:
        self._metrics.segments.add("failed")
        log.warning("segment %d of %s, attempt %d: %s", claim.segment_index, claim.session_id, claim.attempt, reason)
        failure = reason if self._room.is_left() else None  # that there is none is no failure of the segment's
        await self._release(claim, failure)
        for failures in range(1, MAX_FAILURES):
            self._wake_in(BACK_OFF_S * failures)

    async def _release(self, claim: Claim, failure: str | None = None) -> None:
        try:
            await asyncio.to_thread(self._store.release, claim, failure)
        except StoreUnavailable as exc:  # its lease will end
            log.warning("the store refuses a release: %s", exc)
            self._wake_in(self._lease_s)

    def _wake_in(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self.wake)
