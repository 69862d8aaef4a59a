"""True peaks against sines, whose height is known, and against a long interpolation."""

import numpy as np
import pytest

from focuscli.bench.ebu import tapered
from focuscli.bench.hot import hot_signals, true_peak_32x
from focuscli.loudness.true_peak import TruePeakMeter, true_peak


def test_random_sines_read_within_two_hundredths_of_a_decibel() -> None:
    random = np.random.default_rng(1)
    for _ in range(60):
        share, phase = float(random.uniform(0.001, 0.45)), float(random.uniform(0.0, 2 * np.pi))
        wave = tapered(0.5 * np.sin(2 * np.pi * share * np.arange(14_400) + phase), 48_000)
        assert true_peak(wave) == pytest.approx(20 * np.log10(0.5), abs=0.02)


def test_noise_reads_as_the_long_interpolation_does() -> None:
    samples = hot_signals()["hot noise"]
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
