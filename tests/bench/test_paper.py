"""What is read off a score: voices, melodies and timing that were written for it."""

import numpy as np
import pytest

from focuscli.bench.music.timing import exponent, periodicity
from focuscli.bench.music.voices import chord_figures, matched, melody_figures, parallel_fifths
from focuscli.music.events import Note


def note(start_s: float, pitch: int, part: str = "lead") -> Note:
    return Note(round(start_s * 48_000), part, "felt", pitch, 0.5, 1.0)


def test_block_triads_move_in_parallel() -> None:
    figures = chord_figures([(60, 64, 67), (62, 66, 69), (64, 68, 71)], [48, 50, 52])
    assert figures["voice_move"] == 2.0
    assert figures["parallel_fifths"] == 1.0
    assert figures["voices_held"] == 0.0
    assert figures["outer_contrary"] == 0.0


def test_held_tones_and_contrary_outer_voices_are_counted() -> None:
    figures = chord_figures([(60, 64, 67), (60, 65, 69), (60, 65, 69)], [48, 41, 41])
    assert figures["voices_held"] == pytest.approx(1 / 3)
    assert figures["outer_contrary"] == 1.0
    assert figures["parallel_fifths"] == 0.0


def test_chords_of_different_size_are_matched_to_the_nearest() -> None:
    assert matched((60, 64, 67), (59, 62, 65, 67)) == [(60, 59), (64, 65), (67, 67)]
    assert parallel_fifths([(60, 60), (67, 67)]) == 0


def test_intervals_of_a_melody_are_put_into_their_classes() -> None:
    pitches = [60, 60, 62, 64, 67, 72, 71, 69, 67, 65, 64, 62, 60] * 2
    figures = melody_figures([note(0.5 * place, pitch) for place, pitch in enumerate(pitches)])
    assert figures["melody_range"] == 12.0
    assert figures["melody_leaps"] == 0.0
    assert figures["leaps_answered"] == 1.0
    assert figures["melody_repeats"] == pytest.approx(3 / 25)


def test_a_silence_of_two_seconds_ends_a_line() -> None:
    pitches = [60, 62] * 30
    figures = melody_figures([note(place + 3.0 * (place // 2), pitch) for place, pitch in enumerate(pitches)])
    assert figures["melody_steps"] == 1.0
    assert figures["melody_range"] == 2.0


def test_a_metronome_on_paper_is_periodic_and_chance_is_not() -> None:
    generator = np.random.default_rng(5)
    ticking = [note(0.5 * beat, 60) for beat in range(120)]
    chance = [note(float(start), 60) for start in np.sort(generator.uniform(0.0, 60.0, 120))]
    assert periodicity(ticking) > 0.97
    assert periodicity(chance) < 0.45


@pytest.mark.parametrize("slope", [0.0, 1.0])
def test_white_and_pink_errors_are_told_apart(slope: float) -> None:
    generator = np.random.default_rng(9)
    spectrum = generator.standard_normal(4097) + 1j * generator.standard_normal(4097)
    spectrum[1:] /= np.arange(1, 4097) ** (slope / 2)
    assert exponent(np.fft.irfft(spectrum)) == pytest.approx(slope, abs=0.2)
