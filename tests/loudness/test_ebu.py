"""Every case of EBU Tech 3341 and 3342 that can be synthesised, at five rates, with half the tolerance."""

import pytest

from focuscli.bench.ebu import RATES, TRUE_PEAK_DB, readings

CASES = 107
"""Readings of cases 1 to 6, 9 to 23 and 1 to 4; some cases are read more than once."""


@pytest.mark.parametrize("rate", RATES)
def test_the_ebu_cases_use_no_more_than_half_of_their_tolerance(rate: int) -> None:
    read = list(readings(rate))
    assert len(read) == CASES
    assert [reading for reading in read if reading.share > 0.5] == []
    assert max(reading.error for reading in read if reading.tolerance == TRUE_PEAK_DB) <= 0.05
