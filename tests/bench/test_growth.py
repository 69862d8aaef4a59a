"""The growth model against what is known: formulas of queues, the real engine on a stepped clock, and plain sense."""

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from focuscli.bench.growth import page, rows, settled
from focuscli.bench.growth_answers import answer, database_cores, engines_for, limits, postgres_holds, solve
from focuscli.bench.growth_audience import Audience, Cut, Render
from focuscli.bench.growth_check import as_there
from focuscli.bench.growth_facts import Findings, read_findings, write_findings
from focuscli.bench.growth_model import House, Tally
from focuscli.bench.growth_queue import Events, Servers, erlang_c, mean_wait_s, servers_for, wait_s
from focuscli.bench.listeners import SEGMENT_S, Cost, audience

Draw = Callable[[random.Random], float]
JOBS = 20_000


class Waiting:
    """What jobs that come at random wait at so many servers, in the simulation."""

    def __init__(self, servers: int, rate_hz: float, draw: Draw, jobs: int = JOBS) -> None:
        self.chance, self.events, self.waits_s = random.Random(7), Events(), list[float]()
        self.servers, self._draw = Servers(self.events, servers), draw
        moment = 0.0
        for _ in range(jobs):
            moment += self.chance.expovariate(rate_hz)
            self.events.at(moment, lambda came=moment: self._come(came))  # type: ignore[misc]
        self.events.run(moment + 10_000.0)
        self.mean_s = sum(self.waits_s) / jobs

    def _come(self, came: float) -> None:
        def began() -> float:
            self.waits_s.append(self.events.now - came)
            return self._draw(self.chance)

        self.servers.submit((0.0, 0.0), began, lambda: None)


def exponential(mean_s: float) -> Draw:
    return lambda chance: chance.expovariate(1.0 / mean_s)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (1, 0.8), (4, 3.2), (20, 17.0)])
def test_jobs_that_come_and_last_at_random_wait_as_erlang_says(servers: int, load: float) -> None:
    simulated = Waiting(servers, load, exponential(1.0))
    assert simulated.mean_s == pytest.approx(mean_wait_s(servers, load, 1.0), rel=0.12)
    waited = sum(wait > 0 for wait in simulated.waits_s) / JOBS
    assert waited == pytest.approx(erlang_c(servers, load), abs=0.03)
    p99 = sorted(simulated.waits_s)[int(0.99 * JOBS)]
    assert p99 == pytest.approx(wait_s(0.99, servers, load, 1.0), rel=0.15)


def test_jobs_that_all_last_as_long_wait_half_as_much() -> None:
    """Pollaczek and Khinchine's formula for M/D/1."""
    simulated = Waiting(1, 0.8, lambda _: 1.0)
    assert simulated.mean_s == pytest.approx(mean_wait_s(1, 0.8, 1.0, variation=0.0), rel=0.08)
    assert simulated.mean_s == pytest.approx(0.5 * mean_wait_s(1, 0.8, 1.0), rel=0.08)


def test_at_several_servers_the_usual_approximation_holds() -> None:
    """Lee and Longton's for M/G/c, with services that all last as long."""
    simulated = Waiting(4, 3.2, lambda _: 1.0)
    assert simulated.mean_s == pytest.approx(mean_wait_s(4, 3.2, 1.0, variation=0.0), rel=0.12)


def test_as_many_wait_as_come_times_how_long_they_wait() -> None:
    """Little's law, of a queue with urgent and less urgent jobs."""
    simulated = Waiting(3, 2.7, exponential(1.0))
    seconds = simulated.events.now
    assert len(simulated.waits_s) == JOBS
    assert simulated.servers.queue_s / seconds == pytest.approx(JOBS / seconds * simulated.mean_s)
    assert simulated.servers.busy_s / seconds == pytest.approx(JOBS / seconds * 1.0, rel=0.03)


def test_the_least_servers_keep_what_they_are_asked_to_keep() -> None:
    servers = servers_for(rate_hz=100.0, service_s=0.1, most_wait_s=0.05, most_load=0.9)
    assert wait_s(0.99, servers, 100.0, 0.1) <= 0.05
    assert servers > 10
    assert wait_s(0.99, servers - 1, 100.0, 0.1) > 0.05 or 10.0 / (servers - 1) > 0.9


RENDER = Render(first_s=0.1, other_s=1.0)
PLAIN = Audience(steady=0, burst=200, minutes=12.0, burst_at_s=0.0, failing=0.0, lost=0.0)


def run(cores: int, audience: Audience = PLAIN, render: Render = RENDER, seed: int = 1) -> Tally:
    return House(audience, [render], cores, seed=seed).run()


def test_more_cores_never_make_it_worse() -> None:
    """Waits within a tenth of a second: with more cores the same listener asks at another moment."""
    tallies = [[run(cores, seed=seed) for seed in (1, 2, 3)] for cores in (1, 2, 3, 4, 6, 10)]
    dry = [sum(tally.dry_s for tally in runs) for runs in tallies]
    waits = [sum(tally.wait_s(0.99) for tally in runs) / len(runs) for runs in tallies]
    assert dry == sorted(dry, reverse=True)
    assert all(more <= fewer + 0.1 for fewer, more in pairwise(waits))
    assert dry[0] > 0
    assert waits[0] > waits[-1]


def test_what_is_more_than_the_cores_can_make_runs_dry() -> None:
    """200 listeners need 200 / 120 s of music a second, and a core makes 1 / 2.4 of them: five cores cannot keep up."""
    slow = Render(first_s=0.2, other_s=2.4)
    assert run(2, render=slow).dry_share > 0.2
    assert run(8, render=slow).dry_share < 0.01


def test_nobody_who_begins_waits_for_the_rest_of_older_sessions() -> None:
    """A first segment waits for what is being rendered, however much is queued: as the engine claims."""
    crowd = replace(PLAIN, burst=300, minutes=10.0)
    late = House(replace(crowd, steady=40), [RENDER], 4).run()
    assert late.most_waiting > 500
    assert late.wait_s(0.5) <= RENDER.other_s + RENDER.first_s + 1.0


def test_the_same_run_gives_the_same_figures() -> None:
    assert run(3, seed=5) == run(3, seed=5)
    assert run(3, seed=5) != run(3, seed=6)


def test_attempts_that_fail_are_made_again_and_cost_what_they_took() -> None:
    often = replace(PLAIN, failing=0.2, lost=0.05, burst=60)
    failing, well = run(8, often), run(8, replace(PLAIN, burst=60))
    assert failing.done["claim"] > 1.2 * failing.done["ready"]
    assert well.done["claim"] == well.done["ready"]
    assert 0 < failing.done["failed"] < 0.03 * failing.done["ready"]


@pytest.mark.parametrize("listeners", [20, 60])
def test_the_model_says_of_listeners_what_the_engine_itself_does(listeners: int) -> None:
    """The real engine, from routes to store, on a stepped clock: below what two renderers can make, and beyond."""
    cost, minutes = Cost(1.0, 6.0), 6.0
    heard, _ = audience(listeners, minutes, cost)
    tally = House(as_there(listeners, minutes), [Render(cost.first_s, cost.other_s)], 2, cut=Cut(SEGMENT_S)).run()
    dry_s = sum(one.dry_s for one in heard)
    assert tally.dry_s == pytest.approx(dry_s, rel=0.1, abs=1.0)
    assert (dry_s > 0) == (listeners == 60)
    waits = sorted(one.waited_s for one in heard if one.waited_s)
    assert max(tally.waits_s) == pytest.approx(waits[-1], abs=2.0)


@pytest.fixture(scope="module")
def kept() -> Findings:
    return read_findings()


def test_the_tables_that_are_kept_can_be_made_again(kept: Findings) -> None:
    small = kept.cells[0]
    again = solve(kept.costs, small.listeners)
    assert (again.cores, again.for_long, again.most_waiting) == (small.cores, small.for_long, small.most_waiting)
    assert again.p99_s == pytest.approx(small.p99_s), "the last digits are the platform's"
    large = kept.cells[-1]
    assert [answer(kept.costs, large, one.listeners) for one in kept.answers[1:]] == kept.answers[1:]
    assert limits(kept.costs, large.rates) == kept.limits


def test_what_is_kept_keeps_its_marks_and_its_page_says_all_of_it(kept: Findings) -> None:
    assert all(row["ok"] for row in rows(kept) if "ok" in row)
    assert settled(kept.cells).ok
    told = page(kept)
    for limit in kept.limits:
        assert limit.part in told
    assert {one.listeners for one in kept.answers} == {100, 10_000, 1_000_000}


def test_more_listeners_never_need_less(kept: Findings) -> None:
    cell = kept.cells[-1]
    answers = [answer(kept.costs, cell, count) for count in (1_000, 10_000, 50_000, 200_000, 1_000_000)]
    for fewer, more in pairwise(answers):
        for name in ("render_cores", "engines", "postgres_cores", "reads_hz", "writes_hz", "egress_gbit_s"):
            assert getattr(more, name) >= getattr(fewer, name)


def test_a_database_whose_polls_cost_more_holds_fewer(kept: Findings) -> None:
    store, rates = kept.costs.store, kept.cells[-1].rates
    calls = {name: msgspec.structs.replace(call, server_s=3 * call.server_s) for name, call in store.calls.items()}
    dearer = msgspec.structs.replace(kept.costs, postgres=msgspec.structs.replace(store, calls=calls))
    assert postgres_holds(dearer, rates) < 0.6 * postgres_holds(kept.costs, rates)
    assert database_cores(dearer, rates, 50_000) > 2 * database_cores(kept.costs, rates, 50_000)


def test_engines_that_only_sweep_have_no_time_for_anybody(kept: Findings) -> None:
    with pytest.raises(OverflowError, match="no time for anybody"):
        engines_for(kept.costs, kept.cells[-1].rates, 100_000_000)


def test_a_model_that_is_too_far_off_is_not_ok(kept: Findings, tmp_path: Path) -> None:
    wrong = msgspec.structs.replace(kept.checks[0], model=2 * kept.checks[0].measured)
    findings = msgspec.structs.replace(kept, checks=[wrong])
    assert not wrong.ok
    assert next(row["ok"] for row in rows(findings) if row["row"] == "check") is False
    write_findings(findings, tmp_path / "growth.json")
    assert read_findings(tmp_path / "growth.json") == findings
