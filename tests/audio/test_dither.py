"""Rounding to 16 bits: the same in every segment, unbiased, and never off by more than its noise."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.audio.dither import BLOCK, FULL_SCALE, to_int16


def _music(frames: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, (frames, 2)).astype(np.float32)


@settings(max_examples=30, deadline=None)
@given(first=st.integers(0, 4 * BLOCK), cut=st.integers(0, 20_000), length=st.integers(1, 20_000))
def test_a_slice_rounds_as_it_does_inside_the_whole(first: int, cut: int, length: int) -> None:
    music = _music(40_000)
    whole = to_int16(music, first)
    part = to_int16(music[cut : cut + length], first + cut)
    assert np.array_equal(part, whole[cut : cut + length])


def test_the_error_stays_under_one_and_a_half_steps_and_has_no_bias() -> None:
    music = _music(300_000)
    error = to_int16(music, 12_345).astype(np.float64) - music.astype(np.float64) * FULL_SCALE
    assert np.abs(error).max() <= 1.5
    assert abs(error.mean()) < 0.01
    # uniform rounding (1/12) plus triangular dither of two steps' width (1/6)
    assert abs(error.var() - 0.25) < 0.01


def test_the_error_does_not_follow_a_signal_smaller_than_one_step() -> None:
    time = np.arange(480_000) / 48_000
    quiet = (0.4 / FULL_SCALE * np.sin(2 * np.pi * 500 * time)).astype(np.float32)[:, None].repeat(2, axis=1)
    rounded = to_int16(quiet, 0).astype(np.float64)[:, 0]
    heard = 2 * np.mean(rounded * np.sin(2 * np.pi * 500 * time))
    assert abs(heard - 0.4) < 0.02  # plain rounding would hear nothing at all


def test_samples_beyond_full_scale_are_clipped_not_wrapped() -> None:
    loud = np.array([[2.0, -2.0], [1.1, -1.1]], np.float32)
    assert to_int16(loud, 0).tolist() == [[32767, -32768], [32767, -32768]]


def test_both_channels_have_noise_of_their_own() -> None:
    silence = np.zeros((100_000, 2), np.float32)
    noise = to_int16(silence, 0).astype(np.float64)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.02
