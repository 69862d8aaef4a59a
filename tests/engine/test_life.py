"""A session's life as a client sees it: leases, leads, rest, and audio that comes back."""

import asyncio

import pytest

from focuscli.engine.pace import FEWEST_AHEAD, lead_segments
from focuscli.engine.store import EndReason, StoreFull
from tests.engine.rig import LOCAL, SESSIONS, START, Rig, audio


def leased(rig: Rig, seconds: int = 60) -> str:
    answer = rig.ask("POST", SESSIONS, START, headers={"X-Focus-Lease": str(seconds)})
    assert answer.headers["x-focus-lease"] == str(seconds)
    session_id: str = answer.json["session_id"]
    return session_id


def work_off(rig: Rig) -> int:
    """Render all that is wanted; returns how many segments that was."""
    made = 0
    while claim := rig.store.claim("rig", 60.0):
        assert rig.store.finish(claim, rig.place(claim))
        made += 1
    return made


@pytest.mark.parametrize(("segment_s", "lead"), [(5, 72), (20, 18), (120, 3), (150, 3), (600, 3)])
def test_the_lead_is_three_segments_or_six_minutes(segment_s: int, lead: int) -> None:
    assert lead_segments(segment_s) == lead


def test_nobody_asks_and_so_no_more_than_the_lead_is_made(rig: Rig) -> None:
    rig.start()
    assert work_off(rig) == FEWEST_AHEAD
    assert not rig.store.has_work()


def test_each_question_is_worth_a_lead_beyond_what_it_is_answered(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    work_off(rig)
    for ready in range(FEWEST_AHEAD, 30, FEWEST_AHEAD):
        session = rig.get(session_id)
        assert (session["ready_count"], session["more_pending"]) == (ready, True)
        assert session["next_ready_at"] is not None
        assert work_off(rig) == FEWEST_AHEAD
    assert rig.get(session_id)["more_pending"] is False


def test_the_list_and_strangers_prolong_nothing(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    work_off(rig)
    rig.ask("GET", SESSIONS)
    rig.ask("GET", f"{SESSIONS}/{session_id}", key="g" * 43)
    assert not rig.store.has_work()


def test_a_question_sets_the_dispatcher_to_work(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    work_off(rig)
    rig.parts.dispatcher._wake.clear()
    rig.get(session_id)
    assert rig.parts.dispatcher._wake.is_set()


def test_questions_are_not_written_down_more_often_than_needed(rig: Rig) -> None:
    session_id = leased(rig)
    work_off(rig)
    rig.get(session_id)
    work_off(rig)
    before = rig.file._writer.total_changes
    for _ in range(14):
        rig.clock.step(1.0)
        rig.ask("GET", SESSIONS)
    assert rig.file._writer.total_changes == before
    rig.get(session_id)
    before = rig.file._writer.total_changes
    for _ in range(13):
        rig.clock.step(1.0)
        rig.get(session_id)
    assert rig.file._writer.total_changes == before


def test_whoever_asks_within_the_lease_keeps_the_session(rig: Rig) -> None:
    session_id = leased(rig)
    for _ in range(40):
        rig.clock.step(59.9)
        assert rig.parts.sessions.sweep() == 0
        assert rig.get(session_id)["status"] == "active"


def test_a_client_that_left_leaves_an_orphan_that_is_gone_within_two_minutes(rig: Rig) -> None:
    session_id, other = leased(rig, 300), rig.start()["session_id"]
    rig.clock.step(300)
    swept_after = 0
    while not rig.parts.sessions.sweep():
        rig.clock.step(15)
        swept_after += 15
    assert swept_after <= 120
    session = rig.store.session(LOCAL, session_id)
    assert session is not None
    assert session.end_reason is EndReason.ORPHAN
    assert session.ended_at == rig.clock.wall
    answer = rig.ask("GET", f"{SESSIONS}/{session_id}")
    assert answer.json["status"] == "ended"
    assert "x-focus-lease" not in answer.headers
    assert rig.get(other)["status"] == "active"


def test_a_session_without_a_lease_rests_and_never_is_an_orphan(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.clock.step(901)
    assert rig.parts.sessions.sweep() == 0
    assert not rig.store.has_work()
    assert "x-focus-lease" not in rig.ask("GET", f"{SESSIONS}/{session_id}").headers
    assert rig.store.has_work()


@pytest.mark.parametrize(
    "header", ["4", "86401", "-5", "1.5", "5m", "", "60 ", "\u0661\u0662".encode().decode("latin-1")]
)
def test_a_lease_that_is_none_is_named(quiet_rig: Rig, header: str) -> None:
    answer = quiet_rig.ask("POST", SESSIONS, START, headers={"X-Focus-Lease": header})
    assert (answer.status, answer.error["details"]) == (422, {"field": "X-Focus-Lease"})


def test_a_poll_is_answered_though_it_cannot_be_written_down(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = rig.start()["session_id"]
    work_off(rig)

    def full(*_: object) -> None:
        raise StoreFull("database or disk is full")

    monkeypatch.setattr(rig.store, "attend", full)
    assert rig.get(session_id)["ready_count"] == FEWEST_AHEAD


def test_a_lease_is_part_of_what_was_asked_for(rig: Rig) -> None:
    def start(lease: str) -> int:
        headers = {"Idempotency-Key": "again", "X-Focus-Lease": lease}
        return rig.ask("POST", SESSIONS, START, headers=headers).status

    assert [start("60"), start("60"), start("61")] == [202, 202, 422]


def given_up(rig: Rig) -> str:
    """A session of which more was made than the quota holds."""
    session_id = rig.start()["session_id"]
    while rig.get(session_id)["more_pending"]:
        work_off(rig)
    quota = sum(rig.objects.survey().values()) // 2
    for key in rig.store.evict(quota):
        rig.objects.remove(key)
    assert sum(rig.objects.survey().values()) <= quota
    return session_id


def test_what_was_given_up_stays_listed_and_comes_back_when_it_is_asked_for(rig: Rig) -> None:
    session_id = given_up(rig)
    session = rig.get(session_id)
    assert session["ready_count"] == 30
    path = session["segments"][0]["playback_url"].partition("4711")[2]
    answer = rig.ask("GET", path, key=None)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert work_off(rig) == 1
    session = rig.get(session_id)
    assert session["ready_count"] == 30
    again = rig.ask("GET", session["segments"][0]["playback_url"].partition("4711")[2], key=None)
    assert (again.status, again.body) == (200, audio(0))


def test_what_was_given_up_is_not_made_again_by_a_restart(rig: Rig) -> None:
    session_id = given_up(rig)
    recovered = rig.store.recover(rig.objects.survey())
    assert recovered.segments == 0
    assert not rig.store.has_work()
    assert rig.get(session_id)["ready_count"] == 30


def test_audio_that_goes_while_it_is_known_to_be_whole_is_missed(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready(1)
    path = rig.get(session_id)["segments"][0]["playback_url"].partition("4711")[2]
    assert rig.ask("GET", path, key=None).status == 200
    (key,) = rig.store.object_keys()
    rig.objects.remove(key)
    assert rig.ask("GET", path, key=None).status == 503


def test_what_is_damaged_is_kept_aside_and_rendered_again(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready(1)
    (key,) = rig.store.object_keys()
    rotten = bytearray(rig.objects.path(key).read_bytes())
    rotten[100] ^= 1
    rig.objects.path(key).write_bytes(rotten)
    path = rig.get(session_id)["segments"][0]["playback_url"].partition("4711")[2]
    assert rig.ask("GET", path, key=None).status == 503
    (kept,) = rig.objects.damaged.iterdir()
    assert kept.read_bytes() == rotten
    work_off(rig)
    path = rig.get(session_id)["segments"][0]["playback_url"].partition("4711")[2]
    assert rig.ask("GET", path, key=None).body == audio(0)


def test_of_many_that_stop_a_session_one_is_told_so(rig: Rig) -> None:
    session_id = rig.start()["session_id"]

    async def stop_together() -> list[bool]:
        stops = [asyncio.to_thread(rig.parts.sessions.stop, LOCAL, session_id) for _ in range(8)]
        return [won for won, _ in await asyncio.gather(*stops)]

    assert sorted(asyncio.run(stop_together())) == [False] * 7 + [True]
