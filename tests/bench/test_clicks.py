"""Clicks and steps that were put there, and none elsewhere."""

import numpy as np

from focuscli.bench.music.clicks import impulses_per_minute, steps
from focuscli.bench.music.recording import Recording
from tests.bench.signals import RATE, metronome, noise, tones


def test_a_click_in_ten_seconds_is_six_a_minute() -> None:
    sound = tones(10.0, [300.0, 510.0]) + noise(10.0, level=1e-4)
    assert impulses_per_minute(Recording(sound)) == 0.0
    sound[123_456] += 0.05
    assert impulses_per_minute(Recording(sound)) == 6.0


def test_a_step_in_a_stem_is_found_where_it_is() -> None:
    stem = tones(4.0, [110.0, 277.0])
    assert len(steps(stem)) == 0
    stem[100_000:] += 0.03
    assert steps(stem).tolist() == [100_000]


def test_a_tail_that_is_cut_at_once_is_a_step() -> None:
    stem = tones(2.0, [150.0])
    cut = 48_000 + int(np.abs(stem[48_000:48_400, 0]).argmax())
    stem[cut:] = 0.0
    assert steps(stem).tolist() == [cut]


def test_soft_attacks_and_low_notes_are_no_steps() -> None:
    assert len(steps(metronome(6.0, 0.5))) == 0
    swelling = tones(6.0, [41.0, 55.0]) * np.linspace(0.0, 1.0, 6 * RATE)[:, None].astype(np.float32)
    assert len(steps(swelling)) == 0


def test_where_a_recording_begins_and_ends_is_no_impulse() -> None:
    drift = np.cumsum(np.random.default_rng(3).standard_normal((10 * 48_000, 2)), axis=0)
    drift /= np.abs(drift).max()
    assert impulses_per_minute(Recording(drift.astype(np.float32))) == 0.0
