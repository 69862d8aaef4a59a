"""Two engines and four workers on networks of their own survive a dozen faults, and whoever judges them can say no."""

import argparse
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest

from focuscli.bench.chaos import command, field
from focuscli.bench.chaos.listeners import Heard
from focuscli.bench.chaos.nemesis import FULL, QUICK, Kind, drawn
from focuscli.bench.chaos.team import PRICE_MICROCHF
from focuscli.bench.chaos.verdict import Evidence, rows, violations
from focuscli.bench.chaos.watch import Glance, Watch
from focuscli.bench.chaos.witness import Seen, Segment, Step, Witness
from focuscli.bench.mutants import TEAM_MUTANTS
from focuscli.engine.session_rows import SQL
from focuscli.engine.sql_store import SqlStore
from tests.contract.test_store import claimed, new, ready
from tests.engine.rig import SteppedClock
from tests.postgres import empty_url

postgres = pytest.importorskip("focuscli.engine.postgres")


@pytest.mark.xdist_group("dask")
@pytest.mark.timeout(1800)  # ten programs start, and how long that takes is the machine's
def test_a_dozen_faults_lose_and_double_nothing() -> None:
    reason = command.impossible()
    if reason:
        pytest.skip(reason)
    options = argparse.Namespace(quick=True, seed=1, lease=None, gap=None, keep="", without_fence=False)
    found, page = command.run(options)
    figures = {row["what"]: row["figure"] for row in found}
    assert figures["violations"] == 0, page
    assert figures["faults in all"] == sum(QUICK.values()) >= 12
    assert figures["segments ready"] >= 24
    assert figures["bodies fetched and checked"] >= figures["segments ready"]


def test_a_full_run_has_as_many_faults_as_it_promises() -> None:
    count = Counter(fault.kind for fault in drawn(1, FULL, 1.0, 3.0))
    assert count[Kind.KILL_WORKER] + count[Kind.KILL_ENGINE] >= 100
    assert count[Kind.STOP_WORKER] + count[Kind.STOP_ENGINE] >= 50
    assert count[Kind.PART_DATABASE] + count[Kind.PART_RENDERING] + count[Kind.PART_WORKER] >= 20
    assert count[Kind.RESTART] + count[Kind.CRASH] >= 10
    assert count[Kind.KILL_SCHEDULER] >= 5


def test_a_seed_draws_the_same_faults_again_and_hangs_outlast_the_lease() -> None:
    faults = drawn(4, FULL, 1.0, 3.0)
    assert faults == drawn(4, FULL, 1.0, 3.0) != drawn(5, FULL, 1.0, 3.0)
    lasting = [fault for fault in faults if fault.kind.startswith(("SIGSTOP", "partition"))]
    assert min(fault.lasts_s for fault in lasting) > 3.0


def test_who_is_not_root_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert field.missing() == "only root can make network namespaces"


@pytest.fixture
def witnessed(request: pytest.FixtureRequest) -> Iterator[tuple[list[SqlStore], Witness, SteppedClock]]:
    """Two engines' stores on a database with a witness, and the clock that their leases count on."""
    url, clock = empty_url(f"witnessed-{abs(hash(request.node.name))}"), SteppedClock()
    with ExitStack() as stack:
        databases = [
            stack.enter_context(closing(postgres.PostgresDatabase(url, by_engines_clock=True))) for _ in range(2)
        ]
        yield [SqlStore(database, clock) for database in databases], Witness(url), clock


def overtaken(stores: list[SqlStore], clock: SteppedClock) -> None:
    """One engine hangs for longer than its lease, another one makes the segment, and then the first comes back."""
    stores[0].create(new(segments=1), None)
    late = claimed(stores[0])
    clock.step(61.0)
    quick = claimed(stores[1])
    assert stores[1].finish(quick, ready(quick))
    stores[0].finish(late, ready(late))


def test_the_witness_sees_one_commit_of_a_segment_that_was_overtaken(witnessed) -> None:  # type: ignore[no-untyped-def]
    stores, witness, clock = witnessed
    overtaken(stores, clock)
    seen = witness.seen()
    assert list(seen.commits.values()) == [1]
    assert (seen.attempts, len(seen.reclaims), seen.taken_back) == (2, 1, [])
    assert [charge[0] for charge in seen.charges] == ["INSERT"]


def test_the_witness_sees_two_commits_without_the_fence(witnessed, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    stores, witness, clock = witnessed
    monkeypatch.setitem(SQL, "finish", SQL["finish"])  # and back, afterwards
    TEAM_MUTANTS["without-fence"]()
    overtaken(stores, clock)
    assert list(witness.seen().commits.values()) == [2]


def test_a_commit_that_is_told_twice_is_one(witnessed) -> None:  # type: ignore[no-untyped-def]
    (store, _), witness, _ = witnessed
    store.create(new(segments=1), None)
    claim = claimed(store)
    assert store.finish(claim, ready(claim))
    assert store.finish(claim, ready(claim))
    assert list(witness.seen().commits.values()) == [1]


COMMIT = Step(20.0, 1, 0, "claimed", "ready", 1, 23.0, None, "s/0.1")


def evidence() -> Evidence:
    """Of a run of one segment, with which nothing is wrong."""
    steps = [Step(10.0, 1, 0, "planned", "claimed", 1, None, None, None), COMMIT]
    charges = [("INSERT", "s", 0, PRICE_MICROCHF)]
    seen = Seen(steps, charges, [Segment("s", 0, "ready", "s/0.1", "d", None)])
    heard = Heard(started={"key": "s"}, complete={"s"}, digests={("s", 0): "d"}, bodies=1)
    return Evidence(heard, seen, Watch([]), {0: "d"}, 3.0, [], {Kind.CRASH: 1}, 60.0)


def stepped(*steps: Step) -> Callable[[Evidence], Evidence]:
    return lambda sound: replace(sound, seen=replace(sound.seen, steps=[*sound.seen.steps, *steps]))


def standing(segment: Segment) -> Callable[[Evidence], Evidence]:
    return lambda sound: replace(sound, seen=replace(sound.seen, segments=[segment]))


def charged(*charges: tuple[str, str, int, int]) -> Callable[[Evidence], Evidence]:
    return lambda sound: replace(sound, seen=replace(sound.seen, charges=list(charges)))


SPOILED: dict[str, Callable[[Evidence], Evidence]] = {
    "committed twice: 1/0": stepped(COMMIT._replace(was="ready", old_key="s/0.1", object_key="s/0.2")),
    "ready, and then planned: 1/0": stepped(COMMIT._replace(was="ready", state="planned", old_key="s/0.1")),
    "s/0 is other, and was shown as d": standing(Segment("s", 0, "ready", "s/0.1", "other", None)),
    "s/0 is failed: broken": standing(Segment("s", 0, "failed", None, None, "broken")),
    "lost: s": standing(Segment("t", 0, "ready", "t/0.1", "d", None)),
    "made twice: t": standing(Segment("t", 0, "ready", "t/0.1", "d", None)),
    "0 charges for 1 segments": charged(),
    "charged otherwise than once: ('UPDATE', 's', 0, 10000)": charged(("UPDATE", "s", 0, PRICE_MICROCHF)),
    "never complete: s": lambda sound: replace(sound, heard=replace(sound.heard, complete=set())),
    "engine-1 left": lambda sound: replace(sound, left=["engine-1 left"]),
}


def test_nothing_is_said_against_a_sound_run() -> None:
    assert violations(evidence()) == []
    assert all(row["ok"] for row in rows(evidence(), unfenced=False))


@pytest.mark.parametrize("wrong", SPOILED)
def test_whatever_should_not_be_is_said(wrong: str) -> None:
    spoiled = SPOILED[wrong](evidence())
    assert wrong in violations(spoiled)
    assert not any(row["ok"] for row in rows(spoiled, unfenced=False))


def test_without_the_fence_a_run_that_finds_nothing_has_failed() -> None:
    assert not any(row["ok"] for row in rows(evidence(), unfenced=True))
    assert all(row["ok"] for row in rows(SPOILED["committed twice: 1/0"](evidence()), unfenced=True))


def test_a_lease_that_ran_out_must_be_taken_up_soon_unless_nobody_could() -> None:
    late = stepped(Step(36.0, 1, 0, "claimed", "claimed", 2, 30.0, None, None))(evidence())
    late.watch.glances += [Glance(29.0 + 0.5 * number, True) for number in range(16)]
    assert violations(late) == ["taken up 6.0 s after its lease was over"]
    late.watch.glances[4:8] = [Glance(31.0 + 0.5 * number, False) for number in range(4)]
    assert violations(late) == []
