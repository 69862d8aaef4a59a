"""What is heard of a session is what was in it, wherever the blocks begin and end."""

import numpy as np
import pytest

from focuscli.loudness.meter import LoudnessMeter
from focuscli.report.figures import Heard, Seam, portrait, step_at
from focuscli.report.hearing import COLUMNS, Hearing, Listener, at_seconds, highest
from focuscli.report.sparkline import sparkline
from focuscli.spectra.spectrogram import Sound

RATE = 48_000


def tone(hertz: float, seconds: float, level: float = 0.1) -> Sound:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def clicks(every_s: float, seconds: float) -> Sound:
    """Short bursts of a tone, each of which begins anew."""
    sound = tone(660.0, seconds, 0.3)
    since = np.arange(len(sound)) / RATE % every_s
    return (sound * np.exp(-since * 12.0)[:, None]).astype(np.float32)


def heard(sound: Sound, block: int = 16_384) -> Hearing:
    listener = Listener(len(sound) / RATE)
    for first in range(0, len(sound), block):
        listener.push(sound[first : first + block])
    return listener.finish()


def test_blocks_of_any_size_are_heard_alike() -> None:
    sound = np.concatenate([tone(440.0, 7.3), tone(220.0, 6.0, 0.3)])
    one, other = heard(sound), heard(sound, 5_000)
    assert one.seconds == other.seconds == pytest.approx(13.3)
    assert one.loudness_lufs == pytest.approx(other.loudness_lufs, abs=1e-3)
    np.testing.assert_allclose(one.peaks, other.peaks)
    np.testing.assert_allclose(one.spectrum, other.spectrum, atol=1e-6)


def test_the_figures_of_a_segment_are_those_of_its_own_sound() -> None:
    hearing = heard(np.concatenate([tone(440.0, 20.0, 0.05), tone(1760.0, 20.0, 0.2)]))
    first, second = (
        portrait(Heard(index, 20.0 * index, 20.0 * index + 20.0, 0.0, -14.0, -20.0), hearing) for index in (0, 1)
    )
    alone = LoudnessMeter()
    alone.push(tone(1760.0, 20.0, 0.2))
    assert second.loudness_lufs == pytest.approx(alone.integrated(), abs=0.1)
    assert first.brightness_hz == pytest.approx(440.0, rel=0.02)
    assert second.brightness_hz == pytest.approx(1760.0, rel=0.02)
    assert first.note_names == second.note_names == ["A"]


@pytest.mark.parametrize("every_s", [0.5, 1.0])
def test_density_counts_what_begins(every_s: float) -> None:
    hearing = heard(clicks(every_s, 20.0))
    assert hearing.stretches[0].onsets_per_s == pytest.approx(1.0 / every_s, rel=0.15)


def test_a_step_at_a_seam_is_its_difference() -> None:
    hearing = heard(np.concatenate([tone(440.0, 10.0, 0.1), tone(440.0, 10.0, 0.2)]))
    assert step_at(Seam(0, 1, 9.0, 2.0, 1.0), hearing) == pytest.approx(6.02, abs=0.1)
    assert step_at(Seam(0, 1, 4.0, 2.0, 1.0), hearing) == pytest.approx(0.0, abs=0.05)


def test_a_moment_is_where_it_was() -> None:
    """A short burst shows at the same place in waveform, spectrogram and loudness."""
    sound = np.zeros((60 * RATE, 2), np.float32)
    sound[45 * RATE : 46 * RATE] = tone(1000.0, 1.0, 0.5)
    hearing = heard(sound)
    assert highest(hearing.peaks, 1000).argmax() == pytest.approx(1000 * 45.5 / 60, abs=10)
    columns = hearing.spectrum.max(axis=0)
    assert np.flatnonzero(columns > -10.0).mean() == pytest.approx(len(columns) * 45.5 / 60, rel=0.01)
    assert int(np.nanargmax(at_seconds(hearing.momentary, 0.4, hearing.seconds))) in {45, 46}


def test_a_long_session_has_no_more_columns_than_there_are() -> None:
    listener = Listener(expected_s=10.0)  # a guess that is wrong
    for _ in range(9):
        listener.push(tone(220.0, 10.0))
    assert listener.finish().spectrum.shape[1] <= COLUMNS


def test_silence_has_figures_too() -> None:
    hearing = heard(np.zeros((3 * RATE, 2), np.float32))
    silent = portrait(Heard(0, 0.0, 3.0, 0.0, -np.inf, -14.0), hearing)
    assert (silent.loudness_lufs, silent.onsets_per_s, silent.note_names) == (-np.inf, 0.0, [])
    assert step_at(Seam(0, 1, 1.0, 1.0, 1.0), hearing) is None


@pytest.mark.parametrize(("letters", "drawn"), [(False, "▁▄█ "), (True, "_~# ")])
def test_a_sparkline_rises_with_its_values(letters: bool, drawn: str) -> None:
    assert sparkline([-24.0, -16.0, -6.0, None], 10, -24.0, -6.0, ascii=letters) == drawn
    assert len(sparkline([-10.0] * 500, 40, -24.0, -6.0, ascii=letters)) == 40
