"""Listeners of one engine on a clock of their own: in small, and that dryness and waiting would be seen."""

import asyncio
import time

import pytest

from focuscli.bench.listeners import SEGMENT_S, Cost, audience, newcomer
from focuscli.bench.stepped import SteppedClock
from focuscli.bench.virtual_time import run_virtually

FEW = 6


def test_virtual_time_passes_without_being_waited_for() -> None:
    clock = SteppedClock()
    began, real = clock.monotonic(), time.process_time()

    async def sleep() -> list[str]:
        order: list[str] = []

        async def after(seconds: float, word: str) -> None:
            await asyncio.sleep(seconds)
            order.append(await asyncio.to_thread(str.upper, word))

        await asyncio.gather(after(7200, "late"), after(60, "soon"))
        return order

    assert run_virtually(sleep, clock) == ["SOON", "LATE"]
    assert clock.monotonic() - began == pytest.approx(7200)
    assert time.process_time() - real < 60


def test_nobody_runs_dry_where_segments_are_quick() -> None:
    heard, share = audience(FEW, 4, Cost(0.2, 1.0))
    assert len(heard) == FEW
    assert sum(one.dry_s for one in heard) == 0
    assert all(one.waited_s <= 2.0 and one.least_s > 5 for one in heard)
    assert share > 0


def test_who_runs_dry_is_seen() -> None:
    heard, _ = audience(FEW, 8, Cost(5.0, SEGMENT_S * 0.6))  # two renderers make music for three and a third
    assert sum(one.dry_s for one in heard) > 60


def test_a_newcomer_waits_for_what_is_being_rendered_and_for_nothing_else() -> None:
    waited_s, waiting = newcomer(60, Cost(0.5, 2.0))
    assert 50 <= waiting <= 62
    assert 0.5 <= waited_s <= 2.6
