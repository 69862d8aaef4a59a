"""The limiter: nothing over the ceiling, nothing else touched."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.bench.hot import Samples, hot_signals, true_peak_32x
from focuscli.loudness.limiter import Limiter
from focuscli.loudness.true_peak import true_peak


def limited(samples: Samples, block: int = 1_920) -> Samples:
    limiter = Limiter()
    pieces = [limiter.push(samples[at : at + block]) for at in range(0, len(samples), block)]
    return np.concatenate([*pieces, limiter.finish()])


@pytest.mark.parametrize("name", hot_signals())
def test_no_true_peak_passes_the_ceiling(name: str) -> None:
    loud = hot_signals()[name]
    quiet = limited(loud)
    assert len(quiet) == len(loud)
    assert true_peak_32x(loud) > 0.0
    assert true_peak_32x(quiet) <= -1.0 + 0.03


@given(seed=st.integers(0, 1_000), block=st.integers(1, 9_000))
@settings(max_examples=25, deadline=None)
def test_below_the_ceiling_every_bit_is_kept(seed: int, block: int) -> None:
    samples = np.random.default_rng(seed).standard_normal((20_000, 2)).astype(np.float32)
    samples *= np.float32(10 ** ((-1.02 - true_peak(samples)) / 20))
    assert np.array_equal(limited(samples, block), samples)


def test_the_size_of_the_blocks_makes_no_difference() -> None:
    loud = hot_signals()["bursts"]
    assert np.abs(limited(loud, 1_920) - limited(loud, 7_001)).max() < 1e-6


def test_both_sides_are_turned_down_together() -> None:
    loud = hot_signals()["hot noise"].copy()
    loud[:, 1] = 0.25 * loud[:, 0]
    quiet = limited(loud)
    assert np.abs(quiet[:, 1] - 0.25 * quiet[:, 0]).max() < 1e-6


def test_it_lets_go_after_the_peak() -> None:
    samples = np.full((48_000, 2), 0.1, np.float32)
    samples[10_000] = 2.0
    quiet = limited(samples)
    assert quiet[10_300, 0] < 0.08
    assert np.array_equal(quiet[-10_000:], samples[-10_000:])


def test_a_sound_shorter_than_the_look_ahead_comes_out_whole() -> None:
    samples = np.full((3, 2), 0.5, np.float32)
    assert np.array_equal(limited(samples), samples)
