"""Form of loops, tunes and sudden changes."""

import numpy as np
import pytest

from focuscli.bench.music.form import checkerboard, form, nearest_past, quarter_seconds
from focuscli.bench.music.recording import Recording
from tests.bench.signals import noise, tones, tune


def test_an_eight_second_loop_is_all_copies() -> None:
    figures = form(Recording(np.tile(tune(8.0), (5, 1))))
    assert figures["copy_rate"] > 0.97
    assert figures["nearest"] > 0.99


def test_a_tune_that_goes_on_copies_nothing() -> None:
    figures = form(Recording(tune(40.0)))
    assert figures["copy_rate"] == 0.0
    assert figures["nearest"] < 0.8


def test_a_single_repeated_passage_in_many_blocks_is_found() -> None:
    frames = np.random.default_rng(2).standard_normal((3000, 40)).astype(np.float32)
    frames[2000:2016] = frames[100:116]
    nearest = nearest_past(frames).nearest
    assert nearest.argmax() == 2000 - 32
    assert nearest.max() > 0.99
    assert np.sort(nearest)[-40] < 0.95


def test_a_long_fade_is_no_likeness() -> None:
    frames = np.random.default_rng(4).standard_normal((2400, 40)).astype(np.float32)
    fading = frames - np.linspace(0.0, 30.0, 2400, dtype=np.float32)[:, None]
    assert nearest_past(fading).nearest.max() < 0.5


def test_what_is_nearer_than_eight_seconds_is_no_past() -> None:
    frames = np.random.default_rng(2).standard_normal((400, 40)).astype(np.float32)
    frames[120:136] = frames[100:116]
    assert nearest_past(frames).nearest.max() < 0.5


def test_one_sudden_change_is_one_strong_boundary() -> None:
    novelty = checkerboard(quarter_seconds(Recording(np.concatenate([noise(24.0), tones(24.0, [200.0, 315.0])]))))
    assert novelty.argmax() == pytest.approx(24 * 4, abs=3)
    assert novelty.max() > 0.7
