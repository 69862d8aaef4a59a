"""Silence at the edges and fades that are in the sound already."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.audio.edges import LAWS, Curve, Edges, FadeLaw

HOP = 480
BODY = 0.01


def found(powers: Curve, gain_db: float = 0.0) -> Edges:
    return Edges.found(powers, HOP, len(powers) * HOP, gain_db)


def steady(seconds: float, seed: int = 1) -> Curve:
    """The powers of noise."""
    return BODY * np.random.default_rng(seed).gamma(200.0, 1 / 200.0, round(100 * seconds))


def faded(powers: Curve, law: FadeLaw, seconds: float) -> Curve:
    hops = round(100 * seconds)
    share = (np.arange(hops) + 0.5) / hops
    made = powers.copy()
    made[-hops:] *= law.amplitude(1.0 - share) ** 2
    return made


def test_silence_is_left_out_at_both_ends() -> None:
    quiet = np.full(120, 1e-9)
    assert found(np.concatenate([quiet, steady(5), quiet[:70]])) == Edges(120 * HOP, 620 * HOP)


def test_what_is_silent_depends_on_the_gain_it_is_played_with() -> None:
    powers = np.concatenate([np.full(100, 1e-8), steady(5)])
    assert found(powers).begins_at == 100 * HOP
    assert found(powers, gain_db=30.0).begins_at == 0


@pytest.mark.parametrize("hops", [0, 4])
def test_a_moment_of_silence_stays(hops: int) -> None:
    powers = np.concatenate([np.zeros(hops), steady(5), np.zeros(hops)])
    assert found(powers) == Edges(0, len(powers) * HOP)


def test_what_is_silent_throughout_stays_as_it_is() -> None:
    assert found(np.zeros(500)) == Edges(0, 500 * HOP)
    assert found(np.zeros(0)) == Edges(0, 0)


@pytest.mark.parametrize("seconds", [0.5, 1.5, 3.0, 8.0])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_drawn_fade_is_recognised(law: FadeLaw, seconds: float) -> None:
    """What matters is how loud the sound is taken to be at each place, not the law's name."""
    powers = faded(steady(40), law, seconds)
    fade = found(powers).fade_out
    assert fade is not None
    middles = HOP * (np.arange(len(powers)) + 0.5)
    share = (len(powers) - np.arange(len(powers)) - 0.5) / (100 * seconds)
    true, taken = law.amplitude(share), fade.amplitude(middles)
    heard = true > 0.1
    assert np.abs(20 * np.log10(taken[heard] / true[heard])).max() < 1.5


def test_a_fade_in_is_the_mirror_image() -> None:
    powers = faded(steady(20), LAWS[0], 3.0)
    out, into = found(powers).fade_out, found(powers[::-1]).fade_in
    assert out is not None
    assert into is not None
    assert (into.silent_at, into.full_at) == (2_000 * HOP - out.silent_at, 2_000 * HOP - out.full_at)
    assert found(powers).fade_in is None


@given(seed=st.integers(0, 500), swing_db=st.floats(0.0, 6.0), period_s=st.floats(0.3, 8.0))
@settings(max_examples=30, deadline=None)
def test_music_that_is_not_faded_is_not_taken_for_it(seed: int, swing_db: float, period_s: float) -> None:
    powers = steady(20, seed)
    swell = swing_db * np.sin(2 * np.pi * np.arange(len(powers)) / (100 * period_s) + seed)
    edges = found(powers * 10 ** (swell / 10))
    assert edges.fade_in is None
    assert edges.fade_out is None


@pytest.mark.parametrize("hops", [1, 30, 79])
def test_a_sound_too_short_to_tell_has_no_fades(hops: int) -> None:
    assert found(steady(2)[:hops]) == Edges(0, hops * HOP)
