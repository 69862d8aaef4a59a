"""Limits, the tables of them, and the distance of minutes."""

import numpy as np
import pytest

from focuscli.bench.music.divergence import spearman
from focuscli.bench.music.limits import Limit, judge
from focuscli.bench.music.recording import Recording
from focuscli.bench.music.signs import free_of, real_limits
from focuscli.bench.music.table import table_limits
from focuscli.bench.music.vector import distance, vector
from focuscli.model import Goal, Intensity
from tests.bench.signals import noise, tune


def test_a_verdict_tells_what_was_wanted() -> None:
    limit = Limit("table", "air dB", "air_db", -30.0, -20.0)
    (verdict,) = judge({"air_db": -10.0, "else": 1.0}, [limit, Limit("floor", "unmeasured", "nothing", high=1.0)])
    assert not verdict.ok
    assert verdict.off == pytest.approx(0.5)
    assert verdict.sentence() == "table air dB: -10, not -30…-20"


@pytest.mark.parametrize("goal", [Goal.SLEEP, Goal.RELAX, Goal.FOCUS, Goal.ENERGIZE])
@pytest.mark.parametrize("intensity", list(Intensity))
def test_every_column_of_the_table_is_whole(goal: Goal, intensity: Intensity) -> None:
    limits = table_limits(goal, intensity)
    assert len(limits) >= 16
    assert all(limit.low <= limit.high for limit in limits)


def test_the_middle_half_is_drawn_between_the_deciles() -> None:
    motion = next(limit for limit in real_limits(Goal.FOCUS) if limit.figure == "motion_oct")
    assert (motion.low, motion.high) == (pytest.approx(0.8125), pytest.approx(1.3125))
    assert real_limits(Goal.SLEEP) == []


def test_a_sign_that_two_figures_show_counts_once() -> None:
    assert free_of(Goal.FOCUS, {"copy_rate": 1.0, "nearest": 0.99}) == 11


def test_timing_is_no_sign_where_there_is_no_pulse() -> None:
    assert free_of(Goal.FOCUS, {"grid_sd_ms": 0.5, "pulse": 0.3}) == 12
    assert free_of(Goal.FOCUS, {"grid_sd_ms": 0.5, "pulse": 0.8}) == 11


def test_ranks_decide_spearman_and_not_sizes() -> None:
    assert spearman([0, 1, 2, 3], [1.0, 2.0, 30.0, 400.0]) == pytest.approx(1.0)
    assert spearman([0, 1, 2, 3], [4.0, 3.0, 2.0, 1.0]) == pytest.approx(-1.0)
    assert spearman([0, 1], [1.0, 1.0]) == 0.0


def test_a_minute_lies_near_its_like_and_far_from_noise() -> None:
    one, other, strange = (vector(Recording(sound)) for sound in (tune(30.0, 1), tune(30.0, 2), noise(30.0)))
    assert one.shape == (43,)
    assert distance(one, one) == 0.0
    assert distance(one, other) < 0.5 * distance(one, strange)
    assert np.isfinite(distance(one, strange))


def test_loudness_alone_is_no_distance() -> None:
    sound = tune(20.0, 1)
    assert distance(vector(Recording(sound)), vector(Recording(0.25 * sound))) < 0.1
