"""What is heard: goals and intensities differ as the table says, in stereo, without clicks."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import signal

from focuscli.model import Goal, Intensity
from focuscli.music import modal
from focuscli.music.bank import Bank, Sounding, sounding
from focuscli.music.basses import BASSES
from focuscli.music.drumkit import DRUMS
from focuscli.music.events import Note
from focuscli.music.instruments import INSTRUMENTS
from focuscli.music.noise import normals, uniforms
from focuscli.music.pads import DARK, table
from focuscli.music.render import render_span
from focuscli.music.reverb import MARGIN, ROOM_BLOCK, convolve, room_of
from focuscli.music.signals import TONE_RATE
from focuscli.music.timbres import TIMBRES
from focuscli.music.timeline import Piece, Span
from tests.music.conftest import Recording
from tests.music.listening import air_db, band, centroid_hz, clicks, correlation, lufs

GOALS = ["focus", "relax", "sleep", "energize"]


def test_brightness_rises_from_sleep_over_relax_to_energize(record: Callable[..., Recording]) -> None:
    air = {goal: air_db(record(goal)[1][1]) for goal in GOALS}
    assert air["sleep"] < air["relax"] < air["energize"]
    assert air["sleep"] < -42.0
    assert -40.0 < air["relax"] < -24.0
    assert -34.0 < air["focus"] < -20.0
    assert -28.0 < air["energize"] < -17.0


@pytest.mark.parametrize("goal", ["focus", "relax", "energize"])
def test_intensity_brightens(goal: str, record: Callable[..., Recording]) -> None:
    low, high = (air_db(record(goal, intensity)[1][1]) for intensity in ("low", "high"))
    assert high > low + 1.0


def test_intensity_brightens_a_sleeper_s_overtones_where_there_is_no_air(record: Callable[..., Recording]) -> None:
    parts = [record("sleep", intensity)[1][1] for intensity in ("low", "high")]
    low, high = (lufs(band(part, 700.0, 8000.0)) - lufs(part) for part in parts)
    assert high > low + 0.7


def test_a_sleeper_s_session_grows_darker_and_softer(record: Callable[..., Recording]) -> None:
    piece = Piece(Goal.SLEEP, Intensity.MEDIUM, 0.3, 4, 1800)
    early, late = (render_span(piece, Span(t * 48_000, (t + 60) * 48_000)) for t in (60, 1200))
    assert lufs(late) < lufs(early) - 5.0
    overtones = [lufs(band(part, 700.0, 8000.0)) - lufs(part) for part in (early, late)]
    assert overtones[1] < overtones[0] - 2.0


@pytest.mark.parametrize("goal", GOALS)
def test_it_is_stereo_above_and_mono_below(goal: str, record: Callable[..., Recording]) -> None:
    segment = record(goal)[1][1]
    assert -0.05 < correlation(segment) < 0.9
    assert correlation(band(segment, 25.0, 110.0)) > 0.8
    assert correlation(band(segment, 1000.0, 12_000.0)) < 0.75
    mono_loss = 10 * np.log10(np.mean(segment.mean(axis=1) ** 2) / np.mean(segment**2))
    assert mono_loss > -3.0


@pytest.mark.parametrize("intensity", ["low", "medium", "high"])
def test_where_there_are_no_drums_nothing_clicks(intensity: str, record: Callable[..., Recording]) -> None:
    segment = record("sleep", intensity)[1][1]
    assert clicks(segment) == 0
    damaged = segment.copy()
    damaged[2_000_000:] += 0.02
    assert clicks(damaged) > 0


def modulation_db(sound: np.ndarray) -> float:  # type: ignore[type-arg]
    """The envelope's line at 16 Hz against its surroundings."""
    envelope = np.abs(band(sound, 200.0, 4000.0)).mean(axis=1)
    envelope = envelope[: len(envelope) // 240 * 240].reshape(-1, 240).mean(axis=1)
    frequency, power = signal.welch(envelope, 200.0, nperseg=2000)
    beside = ((frequency > 11) & (frequency < 14)) | ((frequency > 18) & (frequency < 22))
    return float(10 * np.log10(power[(frequency > 15.7) & (frequency < 16.3)].max() / power[beside].mean()))


def test_only_focus_is_modulated_sixteen_times_a_second(record: Callable[..., Recording]) -> None:
    assert modulation_db(record("focus", "high")[1][1]) > modulation_db(record("focus", "low")[1][1]) + 3.0
    assert modulation_db(record("focus", "high")[1][1]) > modulation_db(record("energize", "low")[1][1]) + 6.0


def test_divergence_changes_more_of_the_harmony() -> None:
    def change(divergence: float) -> float:
        """Distance of the pitch classes of two neighbouring minutes."""
        profiles = []
        for start in (240, 360):
            piece = Piece(Goal.RELAX, Intensity.MEDIUM, divergence, 9, 1800)
            sound = render_span(piece, Span(start * 48_000, (start + 60) * 48_000)).mean(axis=1)
            frequency, power = signal.welch(sound, 48_000, nperseg=16_384)
            inside = (frequency > 100) & (frequency < 1500)
            classes = np.round(12 * np.log2(frequency[inside] / 440.0)).astype(int) % 12
            profiles.append(np.bincount(classes, power[inside], 12) / power[inside].sum())
        return float(1.0 - np.corrcoef(*profiles)[0, 1])

    assert change(1.0) > change(0.0) + 0.1


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_note_begins_and_ends_at_zero_without_a_step(name: str) -> None:
    pitch = 40 if name in BASSES else 64
    sound = Bank().tone(sounding(Note(0, "keys", name, pitch, 0.7, 1.0), 1.0))
    peak = np.abs(sound).max()
    assert np.abs(sound[:, 0]).max() < 0.02 * peak
    assert np.abs(sound[:, -24:]).max() < 1e-3 * peak


@pytest.mark.parametrize("name", DRUMS)
def test_a_drum_ends_at_zero(name: str) -> None:
    sound = Bank().strike(Sounding(name, 33, 0, round(DRUMS[name].seconds * 48_000), 0)).dry
    assert np.abs(sound[:, -8:]).max() < 1e-3 * np.abs(sound).max()


def test_the_bank_forgets_the_oldest_and_makes_it_anew_alike() -> None:
    bank = Bank(bound_bytes=1_000_000)
    keys = [Sounding("vibes", pitch, 2, 48_128, 100) for pitch in range(60, 66)]
    first = bank.tone(keys[0]).copy()
    for key in keys:
        bank.tone(key)
    assert np.array_equal(bank.tone(keys[0]), first)


def test_modal_synthesis_is_the_sum_of_its_partials() -> None:
    frequency, decay = np.array([220.0, 1234.5, 7000.0]), np.array([0.5, 3.0, 12.0])
    left, right = np.array([1.0, 0.4j, -0.2]), np.array([0.7 + 0.1j, 0.4, 0.1])
    t = np.arange(30_000) / TONE_RATE
    waves = np.exp(np.outer(-decay + 2j * np.pi * frequency, t))
    sound = modal.render(modal.Partials(frequency, decay, left, right), len(t))
    assert np.allclose(sound, np.stack(((left @ waves).real, (right @ waves).real)), atol=2e-4)


def test_chords_share_the_phase_of_a_common_tone() -> None:
    timbre = TIMBRES["warm"]
    one, other = (table(pitches, timbre, DARK)[0] for pitches in ((57, 64), (57, 60)))
    bin_of_a = round(220.0 * DARK.frames / DARK.rate)
    angles = [np.angle(np.fft.rfft(sound)[bin_of_a]) for sound in (one, other)]
    assert angles[0] == pytest.approx(angles[1], abs=1e-3)


def test_the_room_answers_across_blocks_as_one_convolution_would() -> None:
    room = room_of(1.6)
    sends = normals(2 * ROOM_BLOCK, "test").reshape(2, -1)
    silence = np.zeros_like(sends[0])
    both = convolve(room, sends[0], sends[1])
    apart = convolve(room, silence, sends[1]) + convolve(room, sends[0], silence)
    assert np.allclose(both, apart, atol=1e-4)
    assert np.abs(convolve(room, sends[0], silence)[:, :1200]).max() > 0.01


def test_a_block_s_answer_reaches_over_its_ends() -> None:
    room = room_of(1.6)
    sends = normals(2 * ROOM_BLOCK, "test").reshape(2, -1)
    earlier, later = convolve(room, np.zeros_like(sends[0]), sends[0]), convolve(room, sends[0], sends[1])
    assert np.allclose(earlier[:, -2 * MARGIN :], later[:, : 2 * MARGIN], atol=1e-4)
    assert np.abs(later[:, : 2 * MARGIN]).max() > 0.01


def test_noise_is_even_and_normal() -> None:
    assert uniforms(100_001, "even").mean() == pytest.approx(0.5, abs=0.01)
    assert normals(100_001, "bell").std() == pytest.approx(1.0, abs=0.01)
    assert not np.array_equal(uniforms(100, "even"), uniforms(100, "odd"))


def test_the_power_centroid_of_sleep_is_low(record: Callable[..., Recording]) -> None:
    assert centroid_hz(record("sleep")[1][1]) < centroid_hz(record("energize")[1][1])
    assert centroid_hz(record("sleep")[1][1]) < 420.0
