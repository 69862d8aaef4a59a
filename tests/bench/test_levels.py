"""Levels of sounds whose levels are known, and agreement with libebur128."""

import numpy as np
import pyebur128
import pytest

from focuscli.bench.music.levels import by_ffmpeg, exponent, levels, loudness_step, spread_of_windows, swell_lu
from focuscli.bench.music.recording import Recording
from tests.bench.signals import RATE, noise, seconds, stereo, tones


def two_levels(apart_db: float) -> np.ndarray:  # type: ignore[type-arg]
    sound = tones(40.0, [997.0])
    sound[len(sound) // 2 :] *= 10.0 ** (apart_db / 20.0)
    return sound


def test_two_levels_have_the_range_between_them() -> None:
    assert levels(Recording(two_levels(-8.0)))["lra_lu"] == pytest.approx(8.0, abs=0.3)


def test_loudness_and_range_are_those_of_libebur128() -> None:
    swelling = noise(30.0) * (0.55 + 0.45 * np.sin(2 * np.pi * seconds(30.0) / 13.0))[:, None].astype(np.float32)
    state = pyebur128.R128State(2, RATE, pyebur128.MeasurementMode.MODE_LRA | pyebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(swelling).ravel(), len(swelling))
    figures = levels(Recording(swelling))
    assert figures["lufs"] == pytest.approx(pyebur128.get_loudness_global(state), abs=0.1)
    assert figures["lra_lu"] == pytest.approx(pyebur128.get_loudness_range(state), abs=0.5)


def test_without_ffmpeg_the_own_meters_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = Recording(two_levels(-6.0))
    judged = levels(recording)
    monkeypatch.setenv("PATH", "")
    assert by_ffmpeg(recording.sound) == {}
    alone = levels(recording)
    assert all(alone[name] == pytest.approx(judged[name], abs=0.15) for name in ("lufs", "lra_lu", "dbtp"))


def test_a_jump_of_six_decibels_is_a_step_of_six_unless_a_rest_is_meant() -> None:
    curve = np.where(np.arange(400) < 200, -20.0, -26.0)
    assert loudness_step(curve) == pytest.approx(6.0)
    assert loudness_step(curve, [(17.0, 23.5)]) == 0.0


def test_a_fade_of_one_unit_a_second_steps_three_units_in_three_seconds() -> None:
    assert loudness_step(-20.0 - 0.1 * np.arange(300)) == pytest.approx(3.0)


def test_steady_sound_has_no_spread_and_alternating_sound_half_the_difference() -> None:
    assert spread_of_windows(tones(20.0, [440.0]), 1.0) < 0.01
    alternating = tones(20.0, [440.0]) * np.repeat([1.0, 0.5] * 10, RATE)[:, None].astype(np.float32)
    assert spread_of_windows(alternating, 1.0) == pytest.approx(3.01, abs=0.05)


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0])
def test_the_exponent_of_noise_is_the_one_it_was_made_with(slope: float) -> None:
    generator = np.random.default_rng(7)
    found = []
    for _ in range(8):
        spectrum = generator.standard_normal(1025) + 1j * generator.standard_normal(1025)
        spectrum[1:] /= np.arange(1, 1025) ** (slope / 2)
        spectrum[0] = 0.0
        curve = np.fft.irfft(spectrum)
        found.append(exponent(-20.0 + 3.0 * curve / curve.std()))
    assert np.mean(found) == pytest.approx(slope, abs=0.2)


def test_a_swell_is_as_deep_as_it_was_drawn() -> None:
    depth = 10.0 ** (1.5 * np.sin(2 * np.pi * seconds(90.0) / 10.0) / 20.0)
    swelling = Recording(tones(90.0, [440.0]) * depth[:, None].astype(np.float32))
    assert swell_lu(swelling, 8.0, 12.0) == pytest.approx(3.0, abs=0.4)
    assert swell_lu(swelling, 18.0, 30.0) < 0.5


def test_silence_breaks_nothing() -> None:
    figures = levels(Recording(stereo(np.zeros(10 * RATE))))
    assert figures["lra_lu"] == 0.0
    assert figures["dc_db"] < -100.0
