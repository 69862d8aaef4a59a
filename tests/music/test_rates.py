"""A change of rate keeps what lies in the band and makes nothing out of it."""

import numpy as np
import pytest

from focuscli.music.rates import REACH, double, halve

RATE = 24_000


def sine(hertz: float, rate: int, frames: int) -> np.ndarray:  # type: ignore[type-arg]
    return np.sin(2.0 * np.pi * hertz / rate * np.arange(frames)).astype(np.float32)


@pytest.mark.parametrize("hertz", [40.0, 1000.0, 5000.0, 8000.0])
def test_doubling_keeps_a_sine(hertz: float) -> None:
    low = sine(hertz, RATE, 16 * 400 + 2 * REACH)
    high = double(np.stack((low, -low)), REACH)
    wanted = sine(hertz, 2 * RATE, 2 * len(low))[2 * REACH : -2 * REACH]
    assert high.shape == (2, 16 * 800)
    assert np.abs(high[0] - wanted).max() < 4e-3
    assert np.array_equal(high[0, 0::2], low[REACH:-REACH])
    assert np.array_equal(high[1], -high[0])


@pytest.mark.parametrize("hertz", [40.0, 1000.0, 3000.0, 4000.0])
def test_halving_keeps_a_sine(hertz: float) -> None:
    half = halve(sine(hertz, RATE, 8000), 2 * REACH)
    assert np.abs(half - sine(hertz, RATE, 8000)[2 * REACH : -2 * REACH : 2]).max() < 4e-3


@pytest.mark.parametrize("hertz", [8500.0, 11_000.0])
def test_halving_removes_what_would_fold_back(hertz: float) -> None:
    assert np.abs(halve(sine(hertz, RATE, 8000), 2 * REACH)).max() < 1e-2
