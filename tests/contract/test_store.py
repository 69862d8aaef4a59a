"""One suite for the store's contract, run against every store there is."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from focuscli.bench.worlds import of_sqlite
from focuscli.engine.database import Database
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.store import (
    BACK_OFF_S,
    MAX_FAILURES,
    MOST_LOSSES,
    Claim,
    EndReason,
    Idempotency,
    KeyReused,
    NewSession,
    Owner,
    ReadySegment,
    Standing,
    Store,
    Vitals,
    WorkerState,
)
from focuscli.model import Goal, Intensity, Modulation, SessionStatus
from focuscli.music.timeline import Piece
from tests.engine.rig import LOCAL, SteppedClock
from tests.postgres import opener

Open = Callable[[], Store]


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture(params=["sqlite", "postgres"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path, clock: SteppedClock) -> Iterator[Open]:
    """Opens the same store again, as the next engine would."""
    open_database = opener() if request.param == "postgres" else of_sqlite
    opened: list[Database] = []

    def reopen() -> Store:
        if opened:
            opened.pop().close()
        opened.append(open_database(tmp_path))
        return SqlStore(opened[-1], clock)

    yield reopen
    for database in opened:
        database.close()


@pytest.fixture
def store(reopen: Open) -> Store:
    return reopen()


def new(session_id: str = "mfocus_000000000001", segments: int = 3, owner: Owner = LOCAL) -> NewSession:
    return NewSession(session_id, owner, Goal.FOCUS, "procedural", 2 * segments, "{}", (120.0,) * segments, 1000.0)


def ready(claim: Claim) -> ReadySegment:
    key = f"{claim.session_id}/{claim.segment_index}.{claim.attempt}"
    return ReadySegment(claim.segment_index, key, "0" * 64, 1000, 120.4, -14.0, 1500, 1500)


def claimed(store: Store) -> Claim:
    claim = store.claim("engine", 60.0)
    assert claim is not None
    return claim


def finished(store: Store) -> Claim:
    claim = claimed(store)
    assert store.finish(claim, ready(claim))
    return claim


def fail_for_good(store: Store, clock: SteppedClock) -> None:
    for _ in range(MAX_FAILURES):
        assert store.release(claimed(store), "broken")
        clock.step(BACK_OFF_S * MAX_FAILURES)


def test_audio_is_dropped_only_of_sessions_that_ended_before(store: Store) -> None:
    for number, ended_at in ((1, 2000.0), (2, 3000.0), (3, None)):
        session_id = f"mfocus_00000000000{number}"
        store.create(new(session_id), None)
        claim = store.claim("one", 60.0)
        assert claim is not None
        assert store.finish(claim, ready(claim))
        if ended_at is not None:
            store.end(session_id, SessionStatus.ENDED, EndReason.CLIENT, ended_at)
    assert store.expire(1999.0) == []
    (gone,) = store.expire(2000.0)
    assert gone.startswith("mfocus_000000000001/")
    assert store.expire(2000.0) == []
    assert len(store.object_keys()) == 2
    session = store.session(LOCAL, "mfocus_000000000001")
    assert session is not None
    assert (session.status, session.ready_count) == (SessionStatus.ENDED, 0)


def test_a_new_session_is_active_with_everything_planned(store: Store) -> None:
    session = store.create(new(), None)
    assert (session.status, session.total_segments, session.ready_count) == (SessionStatus.ACTIVE, 3, 0)
    assert session.next_segment is not None
    assert session.next_segment.segment_index == 0
    assert session == store.session(LOCAL, session.session_id)


def test_a_session_is_seen_by_its_owner_alone(store: Store) -> None:
    store.create(new(), None)
    for stranger in (Owner("org_local", "user_other"), Owner("org_other", "user_local")):
        assert store.session(stranger, "mfocus_000000000001") is None
        assert store.listing(stranger, "mfocus_000000000001") is None
        assert store.sessions(stranger, None, 50, 0) == []


def test_only_the_contiguous_prefix_is_listed(store: Store) -> None:
    store.create(new(), None)
    first, second = claimed(store), claimed(store)
    assert store.finish(second, ready(second))
    listing = store.listing(LOCAL, first.session_id)
    assert listing is not None
    assert (listing[0].ready_count, listing[1]) == (0, ())
    assert store.finish(first, ready(first))
    listing = store.listing(LOCAL, first.session_id)
    assert listing is not None
    assert listing[0].ready_count == 2
    assert [segment.segment_index for segment in listing[1]] == [0, 1]
    assert listing[1][0] == ready(first)


def test_a_session_with_everything_ready_expects_nothing_more(store: Store) -> None:
    store.create(new(segments=1), None)
    finished(store)
    session = store.session(LOCAL, "mfocus_000000000001")
    assert session is not None
    assert (session.status, session.ready_count, session.next_segment) == (SessionStatus.ACTIVE, 1, None)
    assert not store.has_work()


def test_beginnings_go_before_the_rest_of_older_sessions(store: Store) -> None:
    store.create(new("mfocus_a", 3), None)
    finished(store)
    finished(store)
    store.create(new("mfocus_b", 3), None)
    store.create(new("mfocus_c", 3), None)
    order = [(claim.session_id, claim.segment_index) for claim in (claimed(store) for _ in range(7))]
    assert order == [
        ("mfocus_b", 0),
        ("mfocus_c", 0),
        ("mfocus_b", 1),
        ("mfocus_c", 1),
        ("mfocus_a", 2),
        ("mfocus_b", 2),
        ("mfocus_c", 2),
    ]
    assert store.claim("engine", 60.0) is None


def test_of_racing_claimers_each_gets_a_segment_of_its_own(store: Store) -> None:
    store.create(new(segments=40), None)
    won: list[Claim] = []
    together = threading.Barrier(4)

    def race(owner: str) -> None:
        together.wait()
        while claim := store.claim(owner, 60.0):
            won.append(claim)

    racers = [threading.Thread(target=race, args=(f"engine-{number}",)) for number in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(claim.segment_index for claim in won) == list(range(40))


def test_an_expired_lease_can_be_claimed_again(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=1), None)
    first = claimed(store)
    clock.step(59.9)
    assert store.claim("other", 60.0) is None
    clock.step(0.2)
    second = claimed(store)
    assert (second.segment_index, second.attempt) == (0, first.attempt + 1)


def test_a_renewed_lease_is_not_claimed_again(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=1), None)
    claim = claimed(store)
    for _ in range(5):
        clock.step(50.0)
        assert store.renew(claim, 60.0)
        assert store.claim("other", 60.0) is None


def test_a_jump_of_the_wall_clock_ends_no_lease(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=1), None)
    claimed(store)
    clock.wall += 86_400
    assert store.claim("other", 60.0) is None


def test_who_was_overtaken_can_neither_finish_nor_renew_nor_release(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=1), None)
    slow = claimed(store)
    clock.step(61.0)
    quick = claimed(store)
    assert not store.finish(slow, ready(slow))
    assert not store.renew(slow, 60.0)
    assert not store.release(slow)
    assert not store.release(slow, "late")
    assert store.finish(quick, ready(quick))
    assert not store.finish(slow, ready(slow))
    segment = store.segment("org_local", quick.session_id, 0)
    assert segment == ready(quick)


def test_released_segments_are_claimed_again_at_once(store: Store) -> None:
    store.create(new(segments=1), None)
    first = claimed(store)
    assert store.release(first)
    assert claimed(store).attempt == first.attempt + 1


def test_a_failure_delays_the_next_attempt(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=1), None)
    assert store.release(claimed(store), "broken")
    assert store.claim("engine", 60.0) is None
    assert store.has_work()
    clock.step(BACK_OFF_S)
    claimed(store)


def test_giving_back_without_a_failure_is_never_counted(store: Store) -> None:
    store.create(new(segments=1), None)
    for _ in range(MAX_FAILURES * 2):
        assert store.release(claimed(store))
    claimed(store)


def test_the_third_failure_is_for_good_and_drops_what_follows(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=4), None)
    finished(store)
    fail_for_good(store, clock)
    session = store.session(LOCAL, "mfocus_000000000001")
    assert session is not None
    assert (session.status, session.ready_count, session.next_segment) == (SessionStatus.ACTIVE, 1, None)
    assert not store.has_work()


def test_a_failed_segment_leaves_other_sessions_alone(store: Store, clock: SteppedClock) -> None:
    store.create(new("mfocus_a", 1), None)
    fail_for_good(store, clock)
    store.create(new("mfocus_b", 2), None)
    assert claimed(store).session_id == "mfocus_b"


def test_a_segment_may_lose_more_engines_than_it_may_fail(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=1), None)
    for _ in range(MAX_FAILURES + 1):
        claimed(store)
        clock.step(61.0)
        assert store.fail_expired() == []
    finished(store)


def test_leases_that_end_again_and_again_are_failures_at_last(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=2), None)
    for _ in range(MOST_LOSSES - 1 + MAX_FAILURES):
        assert store.fail_expired() == []
        assert claimed(store).segment_index == 0
        clock.step(61.0)
    assert store.fail_expired() == [("mfocus_000000000001", 0)]
    assert not store.has_work()


def test_the_first_terminal_status_wins(store: Store) -> None:
    store.create(new(), None)
    assert store.end("mfocus_000000000001", SessionStatus.STOPPED_CAP, EndReason.CAP, 2000.0)
    assert not store.end("mfocus_000000000001", SessionStatus.ENDED, EndReason.CLIENT, 3000.0)
    session = store.session(LOCAL, "mfocus_000000000001")
    assert session is not None
    assert (session.status, session.ended_at, session.end_reason) == (SessionStatus.STOPPED_CAP, 2000.0, EndReason.CAP)


def test_the_end_keeps_what_is_ready_and_drops_what_is_in_flight(store: Store) -> None:
    store.create(new(), None)
    finished(store)
    in_flight = claimed(store)
    assert store.end("mfocus_000000000001", SessionStatus.ENDED, EndReason.CLIENT, 2000.0)
    assert not store.finish(in_flight, ready(in_flight))
    assert store.claim("engine", 60.0) is None
    session = store.session(LOCAL, "mfocus_000000000001")
    assert session is not None
    assert (session.ready_count, session.next_segment) == (1, None)


def test_ending_what_does_not_exist_changes_nothing(store: Store) -> None:
    assert not store.end("mfocus_ffffffffffff", SessionStatus.ENDED, EndReason.CLIENT, 2000.0)


def test_sessions_are_listed_newest_first_and_by_status(store: Store) -> None:
    for name in ("a", "b", "c"):
        store.create(new(f"mfocus_{name}"), None)
    store.end("mfocus_b", SessionStatus.ENDED, EndReason.CLIENT, 2000.0)

    def names(status: SessionStatus | None, limit: int = 50, offset: int = 0) -> list[str]:
        return [session.session_id[-1] for session in store.sessions(LOCAL, status, limit, offset)]

    assert names(None) == ["c", "b", "a"]
    assert names(SessionStatus.ACTIVE) == ["c", "a"]
    assert names(None, 1, 1) == ["b"]
    assert [session.session_id[-1] for session in store.active()] == ["a", "c"]


def test_how_much_there_is_to_do(reopen: Open, clock: SteppedClock) -> None:
    store = reopen()
    assert store.standing() == Standing(0, 0, 0.0)
    store.create(msgspec.structs.replace(new(segments=8), wanted_segments=2), None)
    clock.step(10.0)
    assert store.standing() == Standing(1, 2, 10.0)
    claimed(store)
    store.attend("mfocus_000000000001", 4)
    clock.step(1.0)
    assert store.standing() == Standing(1, 3, 11.0)
    claimed(store)
    assert store.standing() == Standing(1, 2, 1.0), "what is wanted later waits from then on"
    store = reopen()
    store.recover({})
    clock.step(3.0)
    assert store.standing() == Standing(1, 4, 3.0), "who begins anew counts anew"
    store.end("mfocus_000000000001", SessionStatus.ENDED, EndReason.CLIENT, 2000.0)
    assert store.standing() == Standing(0, 0, 0.0)


def test_the_same_idempotency_key_answers_the_same_session(store: Store) -> None:
    first = store.create(new("mfocus_a"), Idempotency("key", "digest"))
    assert store.create(new("mfocus_b"), Idempotency("key", "digest")) == first
    assert len(store.sessions(LOCAL, None, 50, 0)) == 1
    with pytest.raises(KeyReused):
        store.create(new("mfocus_c"), Idempotency("key", "another"))


def test_idempotency_keys_belong_to_their_owner(store: Store) -> None:
    other = Owner("org_local", "user_other")
    store.create(new("mfocus_a"), Idempotency("key", "digest"))
    assert store.create(new("mfocus_b", owner=other), Idempotency("key", "digest")).session_id == "mfocus_b"


def test_a_damaged_segment_is_planned_again(store: Store) -> None:
    store.create(new(), None)
    first = finished(store)
    finished(store)
    store.lose(ready(first))
    session = store.session(LOCAL, first.session_id)
    assert session is not None
    assert session.ready_count == 0
    again = finished(store)
    assert (again.segment_index, again.attempt) == (0, first.attempt + 1)
    session = store.session(LOCAL, first.session_id)
    assert session is not None
    assert session.ready_count == 2


def test_a_damaged_segment_of_an_ended_session_stays_lost(store: Store) -> None:
    store.create(new(), None)
    claim = finished(store)
    store.end(claim.session_id, SessionStatus.ENDED, EndReason.CLIENT, 2000.0)
    store.lose(ready(claim))
    assert not store.has_work()


def test_after_a_restart_everything_ready_is_ready_and_claims_are_free(reopen: Open, clock: SteppedClock) -> None:
    store = reopen()
    store.create(new(), None)
    done, cut_off = finished(store), claimed(store)
    store = reopen()
    recovered = store.recover({ready(done).object_key: 1000})
    assert (recovered.claims, recovered.segments) == (1, 0)
    listing = store.listing(LOCAL, done.session_id)
    assert listing is not None
    assert listing[1] == (ready(done),)
    assert claimed(store).segment_index == cut_off.segment_index
    assert not store.finish(cut_off, ready(cut_off))


def test_after_a_restart_a_session_is_the_same_piece(reopen: Open) -> None:
    piece = Piece(Goal.RELAX, Intensity.HIGH, 0.2, 7, 360, modulation=Modulation.HIGH)
    reopen().create(msgspec.structs.replace(new(), piece=piece.to_json()), None)
    assert Piece.from_json(claimed(reopen()).piece) == piece


def test_recovery_forgets_back_off_because_the_next_boot_counts_anew(reopen: Open, clock: SteppedClock) -> None:
    store = reopen()
    store.create(new(), None)
    store.release(claimed(store), "broken")
    clock.steady = 0.0
    store = reopen()
    store.recover({})
    assert claimed(store).segment_index == 0


@pytest.mark.parametrize("sizes", [{}, {"mfocus_000000000001/0.1": 999}], ids=["missing", "short"])
def test_recovery_plans_again_what_is_not_whole(store: Store, sizes: dict[str, int]) -> None:
    store.create(new(), None)
    finished(store)
    assert store.recover(sizes).segments == 1
    assert claimed(store).segment_index == 0
    assert store.object_keys() == []


def test_media_finds_a_segment_by_organization_session_and_index(store: Store) -> None:
    store.create(new(), None)
    claim = finished(store)
    assert store.segment("org_local", claim.session_id, 0) == ready(claim)
    assert store.segment("org_other", claim.session_id, 0) is None
    assert store.segment("org_local", claim.session_id, 1) is None
    assert store.object_keys() == [ready(claim).object_key]


def leased(session_id: str = "mfocus_000000000001", lease_s: float = 60.0) -> NewSession:
    return msgspec.structs.replace(new(session_id, 5), wanted_segments=2, lease_s=lease_s)


def wanted_now(store: Store) -> list[int]:
    """The segments that can be claimed now; each is claimed."""
    indices = []
    while claim := store.claim("engine", 60.0):
        indices.append(claim.segment_index)
    return indices


def test_only_what_is_wanted_is_claimed(store: Store) -> None:
    session = store.create(leased(), None)
    assert session.wanted_segments == 2
    assert wanted_now(store) == [0, 1]
    store.attend(session.session_id, 4)
    assert wanted_now(store) == [2, 3]
    store.attend(session.session_id, 1)
    store.attend(session.session_id, 99)
    assert wanted_now(store) == [4]
    again = store.session(LOCAL, session.session_id)
    assert again is not None
    assert again.wanted_segments == again.total_segments == 5


def test_what_nobody_wants_is_no_work(store: Store) -> None:
    session = store.create(leased(), None)
    finished(store)
    assert store.has_work()
    finished(store)
    assert not store.has_work()
    store.attend(session.session_id, 3)
    assert store.has_work()


def test_a_session_that_nobody_asks_for_comes_to_rest_and_goes_on_when_asked(store: Store, clock: SteppedClock) -> None:
    session = store.create(new(), None)
    clock.step(900)
    assert store.rest(901) == 0
    assert store.rest(900) == 1
    assert store.rest(900) == 0
    assert wanted_now(store) == []
    assert not store.has_work()
    store.attend(session.session_id, 2)
    assert wanted_now(store) == [0, 1]


def test_resting_takes_no_claim_away(store: Store, clock: SteppedClock) -> None:
    store.create(new(), None)
    claim = claimed(store)
    clock.step(900)
    store.rest(900)
    assert store.finish(claim, ready(claim))


def test_a_session_whose_lease_is_over_is_an_orphan(store: Store, clock: SteppedClock) -> None:
    session_id = store.create(leased(), None).session_id
    store.create(new("mfocus_000000000002"), None)
    in_flight = claimed(store)
    clock.step(60.0)
    assert store.end_orphans(5000.0) == []  # it may have been renewed, unwritten, for a quarter of it
    clock.step(15.0)
    assert store.end_orphans(5000.0) == [session_id]
    assert store.end_orphans(5001.0) == []
    session = store.session(LOCAL, session_id)
    assert session is not None
    assert (session.status, session.ended_at, session.end_reason) == (SessionStatus.ENDED, 5000.0, EndReason.ORPHAN)
    assert not store.finish(in_flight, ready(in_flight))
    clock.step(1e9)
    assert store.end_orphans(6000.0) == []


def test_who_asks_renews_the_lease(store: Store, clock: SteppedClock) -> None:
    session_id = store.create(leased(), None).session_id
    for _ in range(10):
        clock.step(74.0)
        store.attend(session_id, 1)
        assert store.end_orphans(5000.0) == []
    clock.step(75.0)
    assert store.end_orphans(5000.0) == [session_id]


def test_a_long_lease_has_no_more_than_half_a_minute_beside_it(store: Store, clock: SteppedClock) -> None:
    session_id = store.create(leased(lease_s=3600.0), None).session_id
    clock.step(3629.0)
    assert store.end_orphans(5000.0) == []
    clock.step(1.0)
    assert store.end_orphans(5000.0) == [session_id]


def test_attending_what_is_over_wants_nothing(store: Store) -> None:
    session_id = store.create(new(), None).session_id
    store.end(session_id, SessionStatus.ENDED, EndReason.CLIENT, 2000.0)
    store.attend(session_id, 3)
    store.attend("mfocus_ffffffffffff", 3)
    assert not store.has_work()


def test_leases_begin_anew_with_the_next_engine(reopen: Open, clock: SteppedClock) -> None:
    store = reopen()
    session_id = store.create(leased(), None).session_id
    clock.steady = 5.0  # the next boot counts from anew
    store = reopen()
    store.recover({})
    clock.step(74.0)
    assert store.end_orphans(5000.0) == []
    clock.step(1.0)
    assert store.end_orphans(5000.0) == [session_id]


def vitals(store: Store) -> Vitals:
    found = store.vitals(LOCAL, "mfocus_000000000001")
    assert found is not None
    return found


def test_a_renderers_state_and_its_last_sign_of_life_are_kept(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=2), None)
    assert vitals(store) == Vitals(WorkerState.STARTING, None)
    clock.step(5)
    claim = claimed(store)
    assert vitals(store) == Vitals(WorkerState.WORKING, clock.wall)
    clock.step(15)
    store.renew(claim, 60.0)
    assert vitals(store) == Vitals(WorkerState.WORKING, clock.wall)
    clock.step(5)
    store.finish(claim, ready(claim))
    assert vitals(store) == Vitals(WorkerState.IDLE, clock.wall)
    fail_for_good(store, clock)
    assert vitals(store).worker_state is WorkerState.FAILED
    store.end("mfocus_000000000001", SessionStatus.ENDED, EndReason.CLIENT, 2000.0)
    assert vitals(store).worker_state is WorkerState.STOPPED
    assert store.vitals(Owner("org_local", "user_other"), "mfocus_000000000001") is None


def test_one_that_was_overtaken_gives_no_sign_of_life(store: Store, clock: SteppedClock) -> None:
    store.create(new(segments=1), None)
    slow = claimed(store)
    clock.step(61)
    claimed(store)
    before = vitals(store)
    clock.step(5)
    store.renew(slow, 60.0)
    store.finish(slow, ready(slow))
    assert vitals(store) == before


def ended_with_audio(store: Store, session_id: str, clock: SteppedClock) -> None:
    store.create(new(session_id, 2), None)
    finished(store)
    finished(store)
    store.end(session_id, SessionStatus.ENDED, EndReason.CLIENT, clock.wall)


def test_within_the_quota_nothing_is_given_up(store: Store, clock: SteppedClock) -> None:
    ended_with_audio(store, "mfocus_a", clock)
    assert store.evict(2000) == []


def test_over_the_quota_the_least_recently_used_goes_first(store: Store, clock: SteppedClock) -> None:
    for name in ("a", "b", "c"):
        ended_with_audio(store, f"mfocus_{name}", clock)
        clock.step(60)
    store.attend("mfocus_a", 0)
    assert [key.split("/")[0] for key in store.evict(3000)] == ["mfocus_b", "mfocus_b", "mfocus_c"]
    assert store.evict(3000) == []
    session = store.session(LOCAL, "mfocus_b")
    assert session is not None
    assert session.ready_count == 0
    assert len(store.object_keys()) == 3


def test_of_an_active_session_only_what_lies_well_behind_is_given_up(store: Store, clock: SteppedClock) -> None:
    ended_with_audio(store, "mfocus_old", clock)
    store.create(new("mfocus_a", 20), None)
    store.attend("mfocus_a", 13)
    for _ in range(10):
        finished(store)
    given_up = store.evict(0)
    assert [key.partition(".")[0] for key in given_up] == [
        "mfocus_old/0",
        "mfocus_old/1",
        *(f"mfocus_a/{index}" for index in range(10)),
    ][: len(given_up)]
    assert len(given_up) == 2 + 10
    session = store.session(LOCAL, "mfocus_a")
    assert session is not None
    assert session.ready_count == 10, "what was given up stays listed"
