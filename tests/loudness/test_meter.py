"""Loudness against libebur128, in any blocks and of any length."""

import numpy as np
import numpy.typing as npt
import pyebur128
import pyloudnorm
import pytest

from focuscli.bench.ebu import sine
from focuscli.loudness.meter import SILENT, LoudnessMeter, integrated_loudness

Samples = npt.NDArray[np.float32]


def judged(samples: Samples, rate: int) -> float:
    """Integrated loudness as libebur128 has it."""
    state = pyebur128.R128State(samples.shape[1], rate, pyebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(samples).ravel(), len(samples))
    return float(pyebur128.get_loudness_global(state))


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_music_like_noise_measures_as_libebur128_does(rate: int, channels: int) -> None:
    random = np.random.default_rng(7)
    level = np.repeat(10 ** (random.uniform(-50, -10, 12) / 20), rate)[:, None]
    samples = (level * random.standard_normal((12 * rate, channels))).astype(np.float32)
    assert integrated_loudness(samples, rate) == pytest.approx(judged(samples, rate), abs=0.001)


def test_pyloudnorm_with_the_exact_filters_agrees() -> None:
    samples = (0.1 * np.random.default_rng(3).standard_normal((48_000 * 5, 2))).astype(np.float32)
    reference = pyloudnorm.Meter(48_000, filter_class="DeMan").integrated_loudness(samples.astype(np.float64))
    assert integrated_loudness(samples) == pytest.approx(reference, abs=0.01)


@pytest.mark.parametrize("block", [1, 479, 4_800, 60_736, 100_000])
def test_the_size_of_the_blocks_makes_no_difference(block: int) -> None:
    frames = 100 if block == 1 else 150_000
    samples = (0.1 * np.random.default_rng(5).standard_normal((frames, 2))).astype(np.float32)
    meter = LoudnessMeter()
    for at in range(0, frames, block):
        meter.push(samples[at : at + block])
    assert meter.integrated() == pytest.approx(integrated_loudness(samples), abs=1e-4)


@pytest.mark.parametrize("frames", [1, 100, 4_800, 19_199])
def test_a_sound_shorter_than_a_gating_block_is_measured_whole(frames: int) -> None:
    samples = (0.1 * np.random.default_rng(5).standard_normal((frames, 2))).astype(np.float32)
    assert -40.0 < integrated_loudness(samples) < 0.0


def test_short_and_long_agree_on_a_steady_tone() -> None:
    assert integrated_loudness(sine([(0.3, -23.0)], 48_000)) == pytest.approx(-23.0, abs=0.15)


def test_silence_has_no_loudness() -> None:
    assert integrated_loudness(np.zeros((100_000, 2), np.float32)) == SILENT
    assert integrated_loudness(np.zeros((10, 2), np.float32)) == SILENT
    assert LoudnessMeter().integrated() == SILENT


def test_a_loudness_that_stands_still_has_no_range() -> None:
    meter = LoudnessMeter()
    meter.push(sine([(6.0, -23.0)], 48_000))
    assert meter.loudness_range() == pytest.approx(0.0, abs=0.01)
    assert LoudnessMeter().loudness_range() == 0.0


def test_a_channel_weighs_what_it_is_told_to() -> None:
    samples = sine([(1.0, -23.0)], 48_000, 3)
    meter = LoudnessMeter(weights=(1.0, 1.0, 2.0))
    meter.push(samples)
    assert meter.integrated() == pytest.approx(integrated_loudness(samples[:, :2]) + 10 * np.log10(2.0), abs=1e-3)
