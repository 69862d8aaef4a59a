"""Several engines on one Postgres database: each segment is committed once, and no cap, key or session is lost."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from itertools import chain
from queue import Empty, SimpleQueue
from typing import TypeVar

import msgspec
import pytest

from focuscli.engine.key_store import KeyStore, StoredKey
from focuscli.engine.library import Library, Track
from focuscli.engine.migrations import read_migrations
from focuscli.engine.sentences import Sentence
from focuscli.engine.session_rows import SQL
from focuscli.engine.spending import Budget, Usage, Window
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.store import BACK_OFF_S, Claim, EndReason, Idempotency, ReadySegment
from focuscli.model import SessionStatus
from tests.contract.test_store import leased, new, ready
from tests.engine.rig import LOCAL, SteppedClock
from tests.postgres import empty_url, new_url

postgres = pytest.importorskip("focuscli.engine.postgres")
T = TypeVar("T")
ENGINES = 4


class Team:
    """Engines with a store each, on a database of theirs; leases count on one clock that the test steps."""

    def __init__(self, stack: ExitStack, budget: Budget | None = None) -> None:
        url = new_url()
        self.clock = SteppedClock()
        opened = (postgres.PostgresDatabase(url, by_engines_clock=True) for _ in range(ENGINES))
        self.databases = [stack.enter_context(closing(database)) for database in opened]
        self.stores = [SqlStore(database, self.clock, budget) for database in self.databases]
        for database in self.databases:
            with database.joining():
                pass

    def at_once(self, do: Callable[[int], T]) -> list[T]:
        """What each engine gets, all of them at the same time."""
        together = threading.Barrier(ENGINES)

        def one(number: int) -> T:
            together.wait()
            return do(number)

        with ThreadPoolExecutor(ENGINES) as threads:
            return list(threads.map(one, range(ENGINES)))

    def commits(self, segments: int) -> Counter[int]:
        """How often each segment is committed: every renderer is overtaken, and comes back beside who overtook it."""
        self.stores[0].create(new(segments=segments), None)
        late = self.at_once(lambda number: _all_claimed(self.stores[number], self.databases[number].owner))
        self.clock.step(61.0)
        quick = self.at_once(lambda number: _all_claimed(self.stores[number], self.databases[number].owner))
        claims = SimpleQueue[Claim]()
        for claim in chain(*late, *quick):
            claims.put(claim)

        def finish(number: int) -> list[int]:
            made = []
            with suppress(Empty):
                while claim := claims.get_nowait():
                    if self.stores[number].finish(claim, ready(claim)):
                        made.append(claim.segment_index)
            return made

        return Counter(chain(*self.at_once(finish)))


def _all_claimed(store: SqlStore, owner: str) -> list[Claim]:
    claims = []
    while claim := store.claim(owner, 60.0):
        claims.append(claim)
    return claims


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def team(stack: ExitStack) -> Team:
    return Team(stack)


def test_of_racing_engines_each_gets_segments_of_its_own(team: Team) -> None:
    team.stores[0].create(new(segments=40), None)
    won = team.at_once(lambda number: _all_claimed(team.stores[number], team.databases[number].owner))
    assert sorted(claim.segment_index for claims in won for claim in claims) == list(range(40))


def test_no_segment_is_committed_twice(team: Team) -> None:
    assert team.commits(20) == dict.fromkeys(range(20), 1)


def test_without_the_fence_segments_are_committed_twice(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    unfenced, _, _ = SQL["finish"].text.partition("AND attempt")
    monkeypatch.setitem(SQL, "finish", Sentence(unfenced))
    assert max(team.commits(20).values()) > 1


def test_however_many_claim_at_once_no_cap_is_passed(stack: ExitStack) -> None:
    budget = Budget({"procedural": 10}, {Window.DAY: 75})
    team = Team(stack, budget=budget)
    for number in range(ENGINES):
        team.stores[0].create(new(f"mfocus_{number}", 5), None)

    def work(number: int) -> int:
        made = 0
        while claim := team.stores[number].claim(team.databases[number].owner, 60.0):
            made += team.stores[number].finish(claim, ready(claim))
        return made

    assert sum(team.at_once(work)) == 7
    day = Usage(team.databases[0], budget, team.clock).windows("org_local")[0]
    assert sum(engine.microchf for engine in day.by_engine) == 70
    ended = [team.stores[0].session(LOCAL, f"mfocus_{number}") for number in range(ENGINES)]
    assert {session and session.status for session in ended} == {SessionStatus.STOPPED_CAP}


def test_the_same_idempotency_key_at_every_engine_makes_one_session(team: Team) -> None:
    for number in range(8):
        key = Idempotency(f"key-{number}", "digest")
        made = team.at_once(lambda engine, n=number, k=key: team.stores[engine].create(new(f"m_{n}_{engine}"), k))  # type: ignore[misc]
        assert len({session.session_id for session in made}) == 1
    assert len(team.stores[0].sessions(LOCAL, None, 50, 0)) == 8


def test_the_same_promotion_at_every_engine_makes_one_track(team: Team) -> None:
    def add(number: int) -> Track:
        track = Track(f"mtrack_{number}", *msgspec.structs.astuple(LOCAL), "mfocus_a", 0, None, "procedural",
                      "personal_only", True, 120.0, f"tracks/{number}.flac", "0" * 64, 100, 1000.0)  # fmt: skip
        return Library(team.databases[number]).add(track, Idempotency("key", "digest"))

    assert len({track.track_id for track in team.at_once(add)}) == 1
    assert len(Library(team.databases[0]).tracks(LOCAL, 50, 0)) == 1


def test_of_many_ends_one_wins_and_its_moment_stays(team: Team) -> None:
    for number in range(8):
        session_id = f"mfocus_{number}"
        team.stores[0].create(new(session_id, 8), None)
        claim = team.stores[0].claim(team.databases[0].owner, 60.0)
        assert claim is not None

        def end(engine: int, session_id: str = session_id, claim: Claim = claim) -> float | None:
            if engine == 0:
                team.stores[0].finish(claim, ready(claim))
                return None
            status = SessionStatus.ENDED if engine % 2 else SessionStatus.STOPPED_CAP
            reason = EndReason.CLIENT if engine % 2 else EndReason.CAP
            return float(engine) if team.stores[engine].end(session_id, status, reason, float(engine)) else None

        winners = [moment for moment in team.at_once(end) if moment is not None]
        session = team.stores[0].session(LOCAL, session_id)
        assert session is not None
        assert [session.ended_at] == winners
        assert not team.stores[0].has_work()


def test_sweeps_of_all_engines_end_each_orphan_once(team: Team) -> None:
    for number in range(12):
        team.stores[0].create(leased(f"mfocus_{number:02d}"), None)
    team.clock.step(75.0)
    ended = team.at_once(lambda number: team.stores[number].end_orphans(5000.0))
    assert sorted(chain(*ended)) == [f"mfocus_{number:02d}" for number in range(12)]


def test_audio_is_given_up_by_one_engine(team: Team) -> None:
    team.stores[0].create(new(segments=10), None)
    for claim in _all_claimed(team.stores[0], team.databases[0].owner):
        team.stores[0].finish(claim, ready(claim))
    team.stores[0].end("mfocus_000000000001", SessionStatus.ENDED, EndReason.CLIENT, 2000.0)
    keys = team.at_once(lambda number: [*team.stores[number].expire(2000.0), *team.stores[number].evict(0)])
    assert len(list(chain(*keys))) == len(set(chain(*keys))) == 10


def test_what_a_dead_engine_had_claimed_is_free_and_no_failure(team: Team) -> None:
    team.stores[0].create(new(segments=4), None)
    mine = team.stores[0].claim(team.databases[0].owner, 60.0)
    theirs = team.stores[1].claim(team.databases[1].owner, 60.0)
    assert mine is not None
    assert theirs is not None
    assert team.stores[0].take_back() == 0
    team.databases[1].close()
    assert team.stores[0].take_back() == 1
    again = team.stores[0].claim(team.databases[0].owner, 60.0)
    assert again is not None
    assert (again.segment_index, again.attempt) == (1, 2)
    assert team.stores[0].finish(mine, ready(mine))


def test_who_comes_in_leaves_the_others_what_they_hold(stack: ExitStack) -> None:
    url = new_url()
    first, second = (stack.enter_context(closing(postgres.PostgresDatabase(url))) for _ in range(2))
    with first.joining() as alone:
        assert alone
    with second.joining() as alone:
        assert not alone


def test_who_is_told_again_has_made_it_once(team: Team) -> None:
    team.stores[0].create(new(segments=1), None)
    claim = team.stores[0].claim(team.databases[0].owner, 60.0)
    assert claim is not None
    assert team.stores[0].finish(claim, ready(claim))
    assert team.stores[1].finish(claim, ready(claim)), "whose answer was lost says it again"
    other: ReadySegment = msgspec.structs.replace(ready(claim), object_key="another")
    assert not team.stores[1].finish(claim, other)


def test_leases_count_on_the_clock_of_the_server(stack: ExitStack) -> None:
    url = new_url()
    clocks = SteppedClock(), SteppedClock()
    clocks[1].steady = 1e9  # another machine, up for thirty years
    first, second = (SqlStore(stack.enter_context(closing(postgres.PostgresDatabase(url))), clock) for clock in clocks)
    first.create(new(segments=1), None)
    session = first.session(LOCAL, "mfocus_000000000001")
    assert session is not None
    assert 0.0 <= session.unattended_s < 60.0
    held = first.claim("first", 3600.0)
    assert second.claim("second", 3600.0) is None
    assert held is not None
    assert first.renew(held, -BACK_OFF_S)
    taken = second.claim("second", 3600.0)
    assert taken is not None
    assert (taken.attempt, first.finish(held, ready(held))) == (2, False)


def test_engines_that_start_at_once_migrate_once() -> None:
    url = empty_url("engine_of_many")
    together = threading.Barrier(ENGINES)

    def start(_: int) -> list[int]:
        together.wait()
        with closing(postgres.PostgresDatabase(url)) as database, database.read() as db:
            return [number for (number,) in db.tuples(Sentence("SELECT number FROM migration"), {})]

    with ThreadPoolExecutor(ENGINES) as threads:
        applied = list(threads.map(start, range(ENGINES)))
    assert applied == [[step.number for step in read_migrations(postgres.STEPS)]] * ENGINES


def test_every_engine_hears_of_work_and_of_keys(team: Team) -> None:
    heard: list[SimpleQueue[str]] = [SimpleQueue() for _ in range(2)]
    for database, queue in zip(team.databases[:2], heard, strict=True):
        database.listen(queue.put)
        assert {queue.get(timeout=20), queue.get(timeout=20)} == {"work", "keys"}, "nobody told who was not there"
    team.stores[2].create(new(), None)
    assert [queue.get(timeout=20) for queue in heard] == ["work", "work"]
    keys = KeyStore(team.databases[3])
    keys.add(StoredKey("00000001", b"0" * 32, LOCAL, "laptop", frozenset({"a"}), 1000.0))
    assert [queue.get(timeout=20) for queue in heard] == ["keys", "keys"]
    keys.revoke("00000001", 2000.0)
    assert [queue.get(timeout=20) for queue in heard] == ["keys", "keys"]
    claim = team.stores[2].claim("engine", 60.0)
    assert claim is not None
    assert team.stores[2].release(claim)
    assert [queue.get(timeout=20) for queue in heard] == ["work", "work"]
