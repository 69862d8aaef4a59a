"""Width of mono, wide and inverted sounds."""

import numpy as np
import pytest

from focuscli.bench.music.recording import Recording
from focuscli.bench.music.width import width
from tests.bench.signals import noise, tones


def test_mono_is_one_and_loses_nothing() -> None:
    figures = width(Recording(np.repeat(noise(5.0)[:, :1], 2, axis=1)))
    assert figures["corr"] == pytest.approx(1.0)
    assert figures["mono_loss_db"] == pytest.approx(0.0, abs=0.01)


def test_unrelated_channels_lose_three_decibels() -> None:
    figures = width(Recording(noise(5.0)))
    assert figures["corr"] == pytest.approx(0.0, abs=0.02)
    assert figures["mono_loss_db"] == pytest.approx(-3.01, abs=0.1)


def test_bass_in_the_middle_under_wide_treble_is_heard_apart() -> None:
    figures = width(Recording(tones(5.0, [60.0]) + 0.1 * noise(5.0)))
    assert figures["corr_low"] > 0.95
    assert figures["corr_high"] < 0.1
