"""True peaks against EBU Tech 3341's signals and against a long interpolation."""

import numpy as np
import pytest

from focuscli.loudness.true_peak import TruePeakMeter, true_peak
from tests.loudness.signals import hot_signals, sine, true_peak_32x


@pytest.mark.parametrize(
    ("share", "degrees", "peak", "expected"),
    [
        (1 / 4, 0, 0.5, -6.0),
        (1 / 4, 45, 0.5, -6.0),
        (1 / 6, 60, 0.5, -6.0),
        (1 / 8, 67.5, 0.5, -6.0),
        (1 / 4, 45, 1.41, 3.0),
    ],
)
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_the_ebu_tones(share: float, degrees: float, peak: float, expected: float, rate: int) -> None:
    measured = true_peak(sine(share, degrees, peak, rate=rate))
    assert expected - 0.1 < measured < expected + 0.05


def test_random_sines_read_within_three_hundredths_of_a_decibel() -> None:
    random = np.random.default_rng(1)
    for _ in range(60):
        wave = sine(float(random.uniform(0.01, 0.42)), float(random.uniform(0, 360)), 0.5, 0.3)
        assert true_peak(wave) == pytest.approx(20 * np.log10(0.5), abs=0.03)


def test_noise_reads_as_the_long_interpolation_does() -> None:
    samples = hot_signals()["noise"]
    assert true_peak(samples) == pytest.approx(true_peak_32x(samples), abs=0.05)


def test_the_size_of_the_blocks_makes_no_difference() -> None:
    samples = (0.2 * np.random.default_rng(2).standard_normal((20_000, 2))).astype(np.float32)
    meter = TruePeakMeter()
    for at in range(0, len(samples), 777):
        meter.push(samples[at : at + 777])
    assert meter.true_peak() == pytest.approx(true_peak(samples), abs=1e-4)


def test_a_peak_at_the_very_end_is_seen() -> None:
    samples = np.zeros((1_000, 2), np.float32)
    samples[-1, 1] = 0.5
    assert true_peak(samples) == pytest.approx(-6.02, abs=0.01)


def test_silence_has_no_peak() -> None:
    assert true_peak(np.zeros((1_000, 2), np.float32)) == -np.inf
    assert TruePeakMeter().true_peak() == -np.inf
