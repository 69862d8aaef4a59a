"""The meter rises at once, falls slowly, holds its peak."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.view.meter import FALL_DB_S, FLOOR_DB, HOLD_S, PEAK_FALL_DB_S, Meter


def test_it_rises_at_once():
    assert Meter().hear(-6.0).level_db == -6.0


def test_it_falls_at_its_rate_and_not_below_what_is_heard():
    meter = Meter().hear(-6.0).hear(-30.0)
    assert meter.level_db == -6.0
    assert meter.fall(0.5).level_db == pytest.approx(-6.0 - FALL_DB_S / 2)
    assert meter.fall(60.0).level_db == -30.0


def test_the_peak_is_held_and_then_falls():
    meter = Meter().hear(-6.0).hear(-60.0)
    assert meter.fall(HOLD_S * 0.9).peak_db == -6.0
    assert meter.fall(HOLD_S + 0.5).peak_db == pytest.approx(-6.0 - PEAK_FALL_DB_S / 2)


def test_silence_without_end_is_the_floor():
    for level_db in (-math.inf, math.nan, -400.0):
        assert Meter().hear(level_db).level_db == FLOOR_DB
        assert Meter().hear(level_db).fraction == 0.0


@given(st.lists(st.tuples(st.floats(), st.floats(-1, 10))))
def test_the_peak_is_never_below_the_level_and_both_stay_on_the_scale(steps: list[tuple[float, float]]):
    meter = Meter()
    for level_db, elapsed_s in steps:
        meter = meter.hear(level_db).fall(elapsed_s)
        assert meter.peak_db >= meter.level_db >= FLOOR_DB
        assert 0.0 <= meter.fraction <= meter.peak_fraction <= 1.0
