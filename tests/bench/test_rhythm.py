"""Rhythm of metronomes, noises and modulated sounds."""

import numpy as np
import pytest

from focuscli.bench.music.recording import Recording
from focuscli.bench.music.rhythm import rhythm
from tests.bench.signals import RATE, metronome, noise, seconds, stereo


def test_a_metronome_is_all_pulse_and_keeps_its_tempo() -> None:
    figures = rhythm(Recording(metronome(20.0, 0.5)))
    assert figures["pulse"] > 0.95
    assert 120.0 % figures["audio_bpm"] == pytest.approx(0.0, abs=0.5) or figures["audio_bpm"] == pytest.approx(
        120.0, abs=0.5
    )
    assert figures["grid_sd_ms"] < 1.5
    assert figures["onset_sd_db"] < 1.0


def test_noise_has_no_pulse() -> None:
    assert rhythm(Recording(noise(20.0)))["pulse"] < 0.15


def test_playing_unevenly_is_heard_as_such() -> None:
    assert rhythm(Recording(metronome(30.0, 0.25, jitter_ms=8.0)))["grid_sd_ms"] == pytest.approx(8.0, abs=2.5)


def test_tails_that_are_cut_fall_faster_than_tails_that_ring() -> None:
    t = seconds(0.5)
    wave = np.sin(2 * np.pi * 2000 * t)
    cut, ringing = wave * (t < 0.3), wave * np.exp(-t * 60.0 / 8.686)
    dry, wet = (rhythm(Recording(stereo(0.3 * np.tile(note, 20))))["decay_db_s"] for note in (cut, ringing))
    assert dry > 680.0
    assert wet < 120.0


def test_a_second_of_near_silence_in_ten_is_a_gap_of_a_tenth_and_a_dip_is_none() -> None:
    sound = noise(10.0)
    sound[3 * RATE : 4 * RATE] *= 0.003
    sound[6 * RATE : 7 * RATE] *= 0.01
    assert rhythm(Recording(sound))["gaps"] == pytest.approx(0.1, abs=0.002)


def test_dips_at_16_hz_stand_out_and_deeper_ones_more() -> None:
    cycle = 0.5 - 0.5 * np.cos(2 * np.pi * 16.0 * seconds(20.0))
    shallow, deep = (
        rhythm(Recording(noise(20.0) * (1.0 - depth * cycle)[:, None].astype(np.float32)))["am16_db"]
        for depth in (0.1, 0.4)
    )
    assert abs(rhythm(Recording(noise(20.0)))["am16_db"]) < 1.0
    assert 1.0 < shallow < deep - 6.0
