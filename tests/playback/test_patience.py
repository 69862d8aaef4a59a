"""How long is waited: longer from failure to failure, by chance not together, and as long as one is asked to."""

import pytest

from focuscli.playback.patience import Pace, Patience

PATIENCE = Patience(failed_first_s=0.25, failed_most_s=15.0)


@pytest.mark.parametrize(("chance", "share"), [(0.0, 1.0), (1.0, 0.5)])
def test_failures_in_a_row_double_the_wait_up_to_a_bound(chance: float, share: float) -> None:
    pace = Pace(PATIENCE, lambda: chance)
    waits = [pace.after_failure_s() for _ in range(8)]
    assert waits == pytest.approx([share * wait for wait in (0.25, 0.5, 1, 2, 4, 8, 15, 15)])


def test_a_success_makes_it_short_again() -> None:
    pace = Pace(PATIENCE, lambda: 0.0)
    for _ in range(5):
        pace.after_failure_s()
        pace.for_more_s()
    pace.succeeded()
    assert pace.after_failure_s() == 0.25
    assert pace.for_more_s() == PATIENCE.first_s


def test_who_asks_for_patience_gets_it_within_reason() -> None:
    pace = Pace(PATIENCE, lambda: 0.0)
    assert pace.after_failure_s(7.0) == 7.0
    assert pace.after_failure_s(86_400.0) == PATIENCE.asked_most_s
    assert pace.after_failure_s(0.0) == 1.0


def test_chance_is_chance() -> None:
    assert len({Pace(PATIENCE).after_failure_s() for _ in range(20)}) > 10
