"""The shift at which two sounds are most alike."""

import numpy as np
import pytest

from focuscli.audio.lag import MOST_LAG, SHORTEST_SEARCH, best_lag
from tests.fakes.source import noise


@pytest.mark.parametrize("lag", [-MOST_LAG, -701, -1, 0, 1, 333, MOST_LAG])
def test_a_shifted_copy_is_found_to_the_frame(lag: int) -> None:
    music = noise(2.0, 1)
    assert best_lag(music[3_000:60_000], music[3_000 - lag : 60_000 - lag]) == lag


def test_a_copy_among_other_music_is_found() -> None:
    music, other = noise(2.0, 1), noise(2.0, 2, 0.2)
    assert best_lag(music[:60_000], music[500:60_500] + other[:60_000]) == -500


def test_strangers_stay_where_they_are() -> None:
    assert best_lag(noise(4.0, 1), noise(4.0, 2)) == 0
    assert best_lag(noise(1.0, 1), np.zeros((48_000, 2), np.float32)) == 0


def test_what_is_too_short_to_tell_stays_where_it_is() -> None:
    music = noise(1.0, 1)
    assert best_lag(music[: SHORTEST_SEARCH - 1], music[100 : SHORTEST_SEARCH + 99]) == 0
