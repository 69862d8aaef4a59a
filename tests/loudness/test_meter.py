"""Loudness against EBU Tech 3341's signals and against libebur128."""

import numpy as np
import numpy.typing as npt
import pyebur128
import pyloudnorm
import pytest

from focuscli.loudness.meter import SILENT, LoudnessMeter, integrated_loudness

Samples = npt.NDArray[np.float32]
TOLERANCE_LU = 0.05
"""Half of what EBU Tech 3341 allows."""


def tone(parts: list[tuple[float, float]], rate: int) -> Samples:
    """A 1 kHz sine in both channels; parts of (seconds, peak dBFS), phase running on."""
    level = np.concatenate([np.full(round(duration * rate), 10 ** (db / 20)) for duration, db in parts])
    sine = level * np.sin(2 * np.pi * 1000 / rate * np.arange(len(level)))
    return np.repeat(sine[:, None], 2, axis=1).astype(np.float32)


def judged(samples: Samples, rate: int) -> float:
    """Integrated loudness as libebur128 has it."""
    state = pyebur128.R128State(samples.shape[1], rate, pyebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(samples).ravel(), len(samples))
    return float(pyebur128.get_loudness_global(state))


CASES = {
    1: ([(20, -23.0)], -23.0),
    2: ([(20, -33.0)], -33.0),
    3: ([(10, -36.0), (60, -23.0), (10, -36.0)], -23.0),
    4: ([(10, -72.0), (10, -36.0), (60, -23.0), (10, -36.0), (10, -72.0)], -23.0),
    5: ([(20, -26.0), (20.1, -20.0), (20, -26.0)], -23.0),
}


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("case", CASES)
def test_integrated_loudness_of_the_ebu_cases(case: int, rate: int) -> None:
    parts, expected = CASES[case]
    samples = tone(parts, rate)
    measured = integrated_loudness(samples, rate)
    assert measured == pytest.approx(expected, abs=TOLERANCE_LU)
    assert measured == pytest.approx(judged(samples, rate), abs=0.001)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_short_term_loudness_of_case_9_stands_still(rate: int) -> None:
    meter = LoudnessMeter(rate)
    meter.push(tone([(1.34, -20.0), (1.66, -30.0)] * 5, rate))
    assert np.abs(meter.short_term() + 23.0).max() < TOLERANCE_LU


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_momentary_loudness_of_case_12_stands_still(rate: int) -> None:
    meter = LoudnessMeter(rate)
    meter.push(tone([(0.18, -20.0), (0.22, -30.0)] * 25, rate))
    assert np.abs(meter.momentary()[100:] + 23.0).max() < TOLERANCE_LU


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
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
    assert integrated_loudness(tone([(0.3, -23.0)], 48_000)) == pytest.approx(-23.0, abs=0.15)


def test_silence_has_no_loudness() -> None:
    assert integrated_loudness(np.zeros((100_000, 2), np.float32)) == SILENT
    assert integrated_loudness(np.zeros((10, 2), np.float32)) == SILENT
    assert LoudnessMeter().integrated() == SILENT
