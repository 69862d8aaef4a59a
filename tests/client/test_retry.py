"""Passing failures are asked about again, gently; lasting ones are not."""

import pytest

from focuscli.client.api import EngineClient, Wish
from focuscli.client.retry import Retry
from focuscli.client.wire import LoopbackWire
from focuscli.errors import EngineFailed, EngineUnreachable, LimitReached, UsageError
from tests.fakes.clock import StepClock
from tests.fakes.engine import FakeEngine, Reply, envelope


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def client(fake: FakeEngine, clock: StepClock) -> EngineClient:
    retry = Retry(clock=clock, jitter=lambda: 1.0)
    return EngineClient(
        LoopbackWire(fake.url.removeprefix("http://")), key=fake.key, organization=fake.organization, retry=retry
    )


def test_a_passing_failure_is_waited_out(fake: FakeEngine, client: EngineClient, clock: StepClock) -> None:
    fake.answers = [envelope(503, "SERVICE_UNAVAILABLE", "starting"), envelope(500, "INTERNAL_SERVER_ERROR", "oops")]
    assert client.sessions() == []
    assert clock.slept == [0.5, 1.0]


def test_a_start_that_is_repeated_makes_one_session(fake: FakeEngine, client: EngineClient) -> None:
    fake.answers = [envelope(503, "SERVICE_UNAVAILABLE", "starting")]
    client.start(Wish("focus", 5))
    keys = {asked.headers["idempotency-key"] for asked in fake.asked}
    assert (len(fake.asked), len(keys), len(fake.sessions)) == (2, 1, 1)
    client.start(Wish("focus", 5))
    assert len(fake.sessions) == 2


def test_it_gives_up_with_the_last_error(fake: FakeEngine, client: EngineClient) -> None:
    fake.answers = [envelope(503, "SERVICE_UNAVAILABLE", f"failure {number}") for number in range(3)]
    with pytest.raises(EngineFailed, match="failure 2"):
        client.sessions()
    assert len(fake.asked) == 3


def test_retry_after_is_obeyed(fake: FakeEngine, client: EngineClient, clock: StepClock) -> None:
    limited = envelope(429, "RATE_LIMIT_EXCEEDED", "slowly")
    fake.answers = [Reply(429, limited.body, {"Retry-After": "3"})]
    client.sessions()
    assert clock.slept == [3.0]


def test_a_long_retry_after_is_handed_to_the_caller(fake: FakeEngine, client: EngineClient, clock: StepClock) -> None:
    fake.answers = [Reply(429, envelope(429, "RATE_LIMIT_EXCEEDED", "slowly").body, {"Retry-After": "60"})]
    with pytest.raises(LimitReached) as caught:
        client.sessions()
    assert (caught.value.retry_after_s, clock.slept) == (60, [])


def test_what_will_not_change_is_asked_once(fake: FakeEngine, client: EngineClient) -> None:
    with pytest.raises(UsageError):
        client.start(Wish("focus", 5, engine_key="nonesuch"))
    fake.answers = [Reply(200, b"not json")]
    with pytest.raises(EngineFailed):
        client.sessions()
    assert len(fake.asked) == 2


def test_nobody_there_is_asked_again_three_times_in_all(clock: StepClock) -> None:
    client = EngineClient(
        LoopbackWire("127.0.0.1:9"), key="k", organization="org_local", retry=Retry(clock=clock, jitter=lambda: 0.5)
    )
    with pytest.raises(EngineUnreachable):
        client.sessions()
    assert clock.slept == [0.25, 0.5]
