"""Colour of noises and tones."""

import numpy as np
import pytest

from focuscli.bench.music.colour import colour
from focuscli.bench.music.recording import Recording
from tests.bench.signals import RATE, noise, tones


def test_white_noise_is_flat_and_rises_three_decibels_an_octave_in_third_octaves() -> None:
    figures = colour(Recording(noise(10.0)))
    assert figures["flatness"] > 0.5
    assert figures["tilt_db_oct"] == pytest.approx(3.0, abs=0.2)
    assert figures["air_db"] == pytest.approx(10 * np.log10(0.75), abs=0.1)
    assert figures["motion_oct"] < 0.05


def test_a_grid_of_sines_is_sterile() -> None:
    assert colour(Recording(tones(8.0, [220.0 * k for k in range(1, 8)])))["flatness"] < 3e-5


def test_the_centroid_of_two_equal_tones_lies_between_them() -> None:
    figures = colour(Recording(tones(8.0, [400.0, 1200.0])))
    assert figures["centroid_hz"] == pytest.approx(800.0, abs=5.0)
    assert figures["frame_centroid_hz"] == pytest.approx(800.0, abs=15.0)


def test_a_tone_that_goes_up_and_down_two_octaves_moves_its_centroid() -> None:
    pieces = [tones(2.0, [hertz]) for hertz in (300.0, 1200.0) * 3]
    assert colour(Recording(np.concatenate(pieces)))["motion_oct"] == pytest.approx(1.0, abs=0.1)


def test_a_partial_above_2500_hz_is_found_at_its_level_and_noise_is_none() -> None:
    mix = tones(8.0, [300.0]) + 0.1 * tones(8.0, [4003.0])
    assert colour(Recording(mix))["high_partial_db"] == pytest.approx(-20.0, abs=1.0)
    assert colour(Recording(noise(8.0)))["high_partial_db"] < -80.0


def test_frames_of_near_silence_do_not_count() -> None:
    sound = tones(10.0, [400.0])
    sound[5 * RATE :] = noise(5.0, level=1e-5)
    assert colour(Recording(sound))["frame_centroid_hz"] == pytest.approx(400.0, abs=10.0)
