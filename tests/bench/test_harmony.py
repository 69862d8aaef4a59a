"""Harmony of scales, chords and clusters."""

import numpy as np
import pytest

from focuscli.bench.music.harmony import harmony
from focuscli.bench.music.recording import Recording
from tests.bench.signals import tones


def hertz(*pitches: int) -> list[float]:
    return [440.0 * 2.0 ** ((pitch - 69) / 12) for pitch in pitches]


def test_a_triad_and_its_scale_tell_their_key() -> None:
    figures = harmony(Recording(tones(6.0, hertz(60, 64, 67, 72, 60, 67))))
    assert figures["key_clarity"] > 0.75
    assert figures["entropy_bits"] < 1.7


def test_twelve_equal_tones_have_the_highest_entropy_and_no_key() -> None:
    figures = harmony(Recording(tones(6.0, hertz(*range(69, 81)), 0.05)))
    assert figures["entropy_bits"] == pytest.approx(np.log2(12), abs=0.1)
    assert figures["key_clarity"] < 0.5


def test_a_held_chord_does_not_step_and_strange_chords_do() -> None:
    first, other = tones(2.0, hertz(60, 64, 67)), tones(2.0, hertz(61, 66, 70))
    assert harmony(Recording(np.concatenate([first] * 4)))["harmonic_step"] < 0.02
    assert harmony(Recording(np.concatenate([first, other] * 3)))["harmonic_step"] > 0.4


def test_a_semitone_is_rough_and_an_octave_smooth() -> None:
    rough, smooth = (harmony(Recording(tones(4.0, hertz(60, top))))["roughness"] for top in (61, 72))
    assert rough > 0.07
    assert smooth < 0.02
