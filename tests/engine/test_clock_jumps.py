"""The wall clock is put forward or back in the middle: nothing is lost, nobody is ended, and URLs are good."""

import pytest

from focuscli.clock import parse_wire_time
from tests.engine.rig import SESSIONS, START, Rig, audio

JUMPS = [pytest.param(86_400.0, id="a day forward"), pytest.param(-3600.0, id="an hour back")]


def leased(rig: Rig) -> str:
    answer = rig.ask("POST", SESSIONS, START, headers={"X-Focus-Lease": "60"})
    session_id: str = answer.json["session_id"]
    return session_id


@pytest.mark.parametrize("jump_s", JUMPS)
def test_nobody_is_ended_and_nothing_that_was_ready_goes(rig: Rig, jump_s: float) -> None:
    active, ended = leased(rig), rig.start()["session_id"]
    rig.make_ready(8)
    rig.ask("POST", f"{SESSIONS}/{ended}/end")
    before = rig.get(active)["ready_count"], rig.get(ended)["ready_count"]
    rig.parts.sessions.sweep()
    rig.clock.wall += jump_s
    for _ in range(3):
        rig.clock.step(15)
        assert rig.parts.sessions.sweep() == 0
        assert rig.parts.retention.apply() == 0
    assert rig.get(active)["status"] == "active"
    assert (rig.get(active)["ready_count"], rig.get(ended)["ready_count"]) == before


def test_a_jump_before_the_first_sweep_ends_nobody(rig: Rig) -> None:
    before = rig.start()["session_id"]
    rig.clock.wall += 86_400
    after = rig.start()["session_id"]
    assert rig.parts.sessions.sweep() == 0
    rig.clock.wall -= 86_400
    assert rig.parts.sessions.sweep() == 0
    assert {rig.get(session_id)["status"] for session_id in (before, after)} == {"active"}


@pytest.mark.parametrize("jump_s", JUMPS)
def test_a_claim_is_neither_lost_nor_kept_by_it(rig: Rig, jump_s: float) -> None:
    rig.start(target_minutes=2)
    claim = rig.store.claim("rig", 60.0)
    assert claim is not None
    rig.clock.wall += jump_s
    assert rig.store.claim("other", 60.0) is None
    rig.clock.step(61)
    assert rig.store.claim("other", 60.0) is not None


@pytest.mark.parametrize("jump_s", JUMPS)
def test_urls_that_are_minted_after_it_are_good(rig: Rig, jump_s: float) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready(1)
    rig.get(session_id)
    rig.clock.wall += jump_s
    url = rig.get(session_id)["segments"][0]["playback_url"]
    assert rig.ask("GET", url.partition("4711")[2], key=None).body == audio(0)


@pytest.mark.parametrize("jump_s", JUMPS)
def test_the_next_segment_is_never_expected_in_the_past(rig: Rig, jump_s: float) -> None:
    session_id = rig.start()["session_id"]
    rig.parts.dispatcher._pace.begin(session_id, 0)
    for _ in range(3):
        rig.clock.wall += jump_s
        rig.clock.step(7)
        expected = parse_wire_time(rig.get(session_id)["next_ready_at"])
        assert (rig.clock.now() - expected).total_seconds() <= 1


def test_after_a_day_that_really_passed_the_audio_goes(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready(1)
    rig.ask("POST", f"{SESSIONS}/{session_id}/end")
    rig.clock.wall += 86_401
    assert rig.parts.retention.apply() == 0
    rig.clock.wall -= 86_401
    rig.clock.step(86_401)
    assert rig.parts.retention.apply() == 1
