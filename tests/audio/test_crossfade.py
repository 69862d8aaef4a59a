"""The crossfade's law."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.audio.block import Block
from focuscli.audio.crossfade import LOWEST_CORRELATION, STRANGERS, Comparison, Crossfade, Drawn, Likeness
from focuscli.audio.edges import LAWS, DrawnFade, FadeLaw

FRAMES = 8 * 48_000


def related_noise(correlation: float, seed: int = 1) -> tuple[Block, Block]:
    """Two noises of the same power and that correlation."""
    first, other = np.random.default_rng(seed).standard_normal((2, FRAMES, 1))
    second = correlation * first + np.sqrt(1 - correlation**2) * other
    return (0.1 * first).astype(np.float32).repeat(2, axis=1), (0.1 * second).astype(np.float32).repeat(2, axis=1)


def compared(a: Block, b: Block, block: int = 10_000) -> Likeness:
    comparison = Comparison(len(a))
    for at in range(0, len(a), block):
        comparison.push(a[at : at + block], b[at : at + block])
    return comparison.likeness()


def level_db(sound: Block) -> npt.NDArray[np.float64]:
    """Of each 400 ms."""
    return 10 * np.log10(np.square(sound, dtype=np.float64).reshape(-1, 19_200, 2).mean(axis=(1, 2)))


@pytest.mark.parametrize("correlation", [-0.5, -0.25, 0.0, 0.15, 0.5, 0.8, 0.95, 1.0])
def test_the_level_stays_within_four_tenths_of_a_decibel(correlation: float) -> None:
    a, b = related_noise(correlation)
    fade = Crossfade(FRAMES, compared(a, b))
    assert np.abs(level_db(fade.blend(a, b, 0)) + 20.0).max() <= 0.4


def test_between_unequal_levels_it_takes_the_straight_line_in_decibels() -> None:
    a, b = related_noise(0.0)
    b = b * np.float32(10 ** (-12 / 20))
    levels = level_db(Crossfade(FRAMES, compared(a, b)).blend(a, b, 0))
    share = np.sin(0.5 * np.pi * (np.arange(len(levels)) + 0.5) / len(levels)) ** 2
    assert np.abs(levels - (-20.0 - 12.0 * share)).max() <= 0.5


@given(
    correlation=st.floats(-1.0, 1.0),
    ratio=st.floats(0.01, 100.0),
    frames=st.integers(1, 100_000),
    share=st.floats(0.0, 1.0),
)
@settings(max_examples=200, deadline=None)
def test_the_sum_has_the_power_between_the_two(correlation: float, ratio: float, frames: int, share: float) -> None:
    first = min(frames - 1, int(share * frames))
    out, into = Crossfade(frames, Likeness(correlation, ratio)).gains(first, 1)
    r = max(LOWEST_CORRELATION, correlation)
    v = np.sin(0.5 * np.pi * (first + 0.5) / frames) ** 2
    power = out**2 + into**2 * ratio**2 + 2 * r * out * into * ratio
    assert power == pytest.approx(ratio ** (2 * v), rel=1e-6)
    assert out[0] >= 0.0
    assert into[0] >= 0.0


@given(seed=st.integers(0, 100), frames=st.integers(1, 5_000), block=st.integers(1, 2_000))
@settings(max_examples=50, deadline=None)
def test_the_same_music_comes_out_to_the_bit(seed: int, frames: int, block: int) -> None:
    music = np.random.default_rng(seed).standard_normal((frames, 2)).astype(np.float32)
    fade = Crossfade(frames, compared(music, music))
    pieces = [fade.blend(music[at : at + block], music[at : at + block], at) for at in range(0, frames, block)]
    assert np.array_equal(np.concatenate(pieces), music)


def test_it_begins_with_one_and_ends_with_the_other() -> None:
    for likeness in (STRANGERS, Likeness(-0.9, 3.0), Likeness(0.9, 0.1)):
        fade = Crossfade(48_000, likeness)
        assert np.concatenate(fade.gains(0, 1)) == pytest.approx([1.0, 0.0], abs=1e-6)
        assert np.concatenate(fade.gains(47_999, 1)) == pytest.approx([0.0, 1.0], abs=1e-6)


def test_the_gain_moves_without_steps() -> None:
    out, into = Crossfade(72_000, STRANGERS).gains(0, 72_000)
    assert np.abs(np.diff(out)).max() < 5e-5
    assert np.abs(np.diff(into)).max() < 5e-5


@pytest.mark.parametrize("correlation", [-0.6, 0.0, 0.4, 0.99])
def test_the_correlation_is_found(correlation: float) -> None:
    a, b = related_noise(correlation)
    assert compared(a, b).correlation == pytest.approx(correlation, abs=0.02)
    assert compared(a, b * np.float32(2.0)).ratio == pytest.approx(2.0, rel=0.02)


def test_silence_is_a_stranger() -> None:
    nothing = np.zeros((1_000, 2), np.float32)
    assert compared(nothing, nothing) == STRANGERS
    assert compared(nothing, nothing + np.float32(0.1)) == STRANGERS


def test_the_correlation_is_followed_where_it_drifts() -> None:
    """A tone and one that is a twentieth of a hertz away: in step first, against each other at the end."""
    time = np.arange(FRAMES) / 48_000
    a, b = (np.repeat(0.1 * np.sin(2 * np.pi * hertz * time)[:, None], 2, axis=1) for hertz in (440.0, 440.05))
    a, b = a.astype(np.float32), b.astype(np.float32)
    likeness = compared(a, b)
    assert len(likeness.course) == 16
    assert likeness.course[0] > 0.95
    assert likeness.course[15] < -0.5
    drifting = np.abs(level_db(Crossfade(FRAMES, likeness).blend(a, b, 0)) + 23.0)
    constant = np.abs(level_db(Crossfade(FRAMES, Likeness(likeness.correlation, 1.0)).blend(a, b, 0)) + 23.0)
    assert drifting.max() < 0.3
    assert constant.max() > 0.9


def test_a_long_fade_has_the_gains_of_the_law_between_its_knots() -> None:
    fade = Crossfade(30 * 48_000, Likeness(0.3, 2.0, tuple(np.linspace(-0.5, 0.9, 60))))
    middles = np.arange(700_000, 700_500) + 0.5
    for knotted, exact in zip(fade.gains(700_000, 500), fade._gains_at(middles), strict=True):
        assert np.abs(knotted - exact).max() < 1e-7


@given(cut=st.integers(1, 99_999))
@settings(max_examples=30, deadline=None)
def test_the_gains_are_the_same_in_any_blocks(cut: int) -> None:
    fade = Crossfade(100_000, Likeness(0.3, 2.0))
    whole = fade.gains(0, 100_000)
    parts = zip(fade.gains(0, cut), fade.gains(cut, 100_000 - cut), strict=True)
    assert all(np.array_equal(one, np.concatenate(part)) for one, part in zip(whole, parts, strict=True))


@pytest.mark.parametrize("law", LAWS[:4], ids=lambda law: law.name)
@pytest.mark.parametrize("correlation", [0.0, 0.7])
def test_fades_that_are_drawn_already_are_not_drawn_twice(law: FadeLaw, correlation: float) -> None:
    a, b = related_noise(correlation)
    out, into = Drawn(DrawnFade(law, FRAMES, 0), 0), Drawn(DrawnFade(law, 0, FRAMES), 0)
    middles = np.arange(FRAMES) + 0.5
    heard = Crossfade(FRAMES, compared(a, b), out, into).blend(
        a * out.amplitude(middles).astype(np.float32)[:, None],
        b * into.amplitude(middles).astype(np.float32)[:, None],
        0,
    )
    assert np.abs(level_db(heard) + 20.0).max() <= 0.4


def test_one_drawn_fade_is_met_by_one_of_ours() -> None:
    a, b = related_noise(0.0)
    out = Drawn(DrawnFade(LAWS[0], FRAMES, 0), 0)
    faded = a * out.amplitude(np.arange(FRAMES) + 0.5).astype(np.float32)[:, None]
    heard = Crossfade(FRAMES, compared(a, b), out).blend(faded, b, 0)
    assert np.abs(level_db(heard) + 20.0).max() <= 0.4


def test_a_drawn_fade_that_is_entered_late_stays_where_it_is() -> None:
    out, into = Drawn(DrawnFade(LAWS[0], FRAMES, 0), 0), Drawn(DrawnFade(LAWS[0], 0, FRAMES), 0)
    late = Crossfade(FRAMES, Likeness(0.2, 1.0, (0.2,) * 4), out, into).shortened(100_000)
    assert late.frames == FRAMES - 100_000
    assert late.drawn_out is not None
    assert late.drawn_out.amplitude(np.array([0.0])) == pytest.approx(1 - 100_000 / FRAMES)
