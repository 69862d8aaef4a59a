"""A key that asks too often waits; the others do not notice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from focuscli.engine.rate_limits import Rates
from tests.engine.rig import GUEST_KEY, KEY, SESSIONS, Rig

LIMIT = 6
FAMILIES = [("x-ratelimit-limit-requests", "x-ratelimit-limit"), ("x-ratelimit-remaining-requests",
            "x-ratelimit-remaining"), ("x-ratelimit-reset-requests", "x-ratelimit-reset")]  # fmt: skip


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path, rates=Rates(LIMIT))
    yield rig
    rig.file.close()


def exhaust(rig: Rig) -> None:
    for _ in range(LIMIT):
        assert rig.ask("GET", SESSIONS).status == 200


def test_every_answer_tells_the_limit_in_both_families_of_headers(limited: Rig) -> None:
    answers = [limited.ask("GET", SESSIONS), limited.ask("GET", SESSIONS + "/mfocus_0")]
    for remaining, answer in zip((5, 4), answers, strict=True):
        told = [(answer.headers[first], answer.headers[second]) for first, second in FAMILIES]
        resets_at = int(limited.clock.now().timestamp()) + (LIMIT - remaining) * 10
        assert told == [(str(value), str(value)) for value in (LIMIT, remaining, resets_at)]


def test_who_asks_too_often_is_told_when_to_come_back(limited: Rig) -> None:
    exhaust(limited)
    answer = limited.ask("GET", SESSIONS)
    assert answer.status == 429
    assert (answer.error["code"], answer.error["type"]) == ("RATE_LIMIT_EXCEEDED", "rate_limit_error")
    assert (answer.headers["retry-after"], answer.headers["x-ratelimit-remaining"]) == ("10", "0")
    limited.clock.step(9.9)
    assert limited.ask("GET", SESSIONS).headers["retry-after"] == "1"  # never 0, which clients ignore
    limited.clock.step(0.2)
    assert limited.ask("GET", SESSIONS).status == 200
    assert limited.ask("GET", SESSIONS).status == 429


def test_each_key_has_a_bucket_of_its_own(limited: Rig) -> None:
    exhaust(limited)
    assert limited.ask("GET", SESSIONS, key=GUEST_KEY).status == 200


def test_a_bucket_never_holds_more_than_a_minute(limited: Rig) -> None:
    exhaust(limited)
    limited.clock.step(86_400)
    exhaust(limited)
    assert limited.ask("GET", SESSIONS).status == 429


def test_a_jump_of_the_wall_clock_fills_no_bucket(limited: Rig) -> None:
    exhaust(limited)
    limited.clock.wall += 86_400
    assert limited.ask("GET", SESSIONS).status == 429


def test_unknown_keys_health_and_media_take_nothing(limited: Rig) -> None:
    for _ in range(LIMIT + 1):
        assert limited.ask("GET", SESSIONS, key="unknown").status == 401
        assert limited.ask("GET", "/v1/health").status == 200
        assert limited.ask("GET", "/v1/media/x").status == 403
    assert limited.ask("GET", SESSIONS).headers["x-ratelimit-remaining"] == "5"


def test_nothing_is_started_above_the_limit(limited: Rig) -> None:
    exhaust(limited)
    assert limited.ask("POST", SESSIONS, {"goal": "focus", "target_minutes": 1}).status == 429
    limited.clock.step(10)
    assert limited.ask("GET", SESSIONS).json["items"] == []


def test_without_a_limit_nothing_is_told_of_one(rig: Rig) -> None:
    assert not [name for name in rig.ask("GET", SESSIONS).headers if "ratelimit" in name]


def test_keys_of_an_organization_share_what_it_may_ask(tmp_path: Path) -> None:
    rig = Rig(tmp_path, rates=Rates(key=4, organization=6))
    answers = [rig.ask("GET", SESSIONS, key=key) for key in (KEY, KEY, GUEST_KEY, KEY, GUEST_KEY, KEY)]
    assert [answer.status for answer in answers] == [200] * 6
    # of both buckets the one is told that has less: the key's own, then the organization's
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["3", "2", "3", "1", "1", "0"]
    refused = rig.ask("GET", SESSIONS, key=GUEST_KEY)
    assert (refused.status, refused.headers["x-ratelimit-limit"]) == (429, "6")
    rig.clock.step(10)
    assert rig.ask("GET", SESSIONS, key=GUEST_KEY).status == 200  # the refusal took nothing from the key either
    rig.file.close()


def test_an_organization_can_have_a_limit_of_its_own(tmp_path: Path) -> None:
    rig = Rig(tmp_path, rates=Rates(organization=1, by_organization={"org_team": 3, "org_free": 0}))

    def asked(organization_id: str) -> list[int]:
        made = rig.ask("POST", "/v1/engine/keys", {"organization_id": organization_id}).json
        rig.clock.step(60)
        path = f"/v1/music/{organization_id}/focus/sessions"
        return [rig.ask("GET", path, key=made["key"]).status for _ in range(5)]

    assert asked("org_team") == [200, 200, 200, 429, 429]
    assert asked("org_free") == [200] * 5
    assert asked("org_other") == [200, 429, 429, 429, 429]
    rig.file.close()
