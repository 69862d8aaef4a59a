"""The pitched instruments: each speaks, rings as the plan foresees, brightens with velocity, and ends."""

import numpy as np
import pytest

from focuscli.music.bank import VELOCITIES, Sounding, heard_energy, play
from focuscli.music.basses import BASSES
from focuscli.music.goals import CHARACTERS
from focuscli.music.instruments import FAMILIES, INSTRUMENTS, partials_of
from focuscli.music.plucks import PLUCKS
from focuscli.music.signals import TONE_RATE
from focuscli.music.tones import hertz
from focuscli.music.weighting import k_weight
from focuscli.music.winds import WINDS

STRUCK = [name for name in INSTRUMENTS if name not in WINDS and INSTRUMENTS[name].attack_ms < 10.0]


def note(name: str, velocity: int = 2, above: int = 0) -> Sounding:
    pitch = (36 if name in BASSES else 62) + above
    frames = int(2.0 * TONE_RATE * INSTRUMENTS[name].seconds) // 512 * 512
    return Sounding(name, pitch, velocity, frames, round(2 * TONE_RATE * INSTRUMENTS[name].attack_ms / 1000.0))


def spectrum(sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies and the power at each."""
    frames = sound.shape[1] + TONE_RATE // 2
    return np.arange(frames // 2 + 1) * TONE_RATE / frames, (np.abs(np.fft.rfft(sound, frames)) ** 2).sum(axis=0)


@pytest.mark.parametrize("name", INSTRUMENTS)
@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.0])
def test_a_note_is_as_loud_as_its_partials_say(name: str, seconds: float) -> None:
    for above in (0, 7):
        key = note(name, above=above)
        heard = play(key)[:, : int(seconds * TONE_RATE)]
        frequency, power = spectrum(heard)
        frames = heard.shape[1] + TONE_RATE // 2
        energy = 2.0 * float((power * k_weight(frequency)).sum()) / frames / TONE_RATE
        assert 10.0 * np.log10(energy / heard_energy(key, np.array([seconds]))[0][0]) == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_note_has_no_offset_and_nothing_near_the_end_of_its_band(name: str) -> None:
    for above in (0, 12):
        sound = play(note(name, VELOCITIES - 1, above))
        assert np.abs(sound.mean(axis=1)).max() < 1e-3 * np.abs(sound).max()
        frequency, power = spectrum(sound)
        assert power[frequency > 11_500.0].sum() < 1e-5 * power.sum()


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_velocity_brightens(name: str) -> None:
    centroids = []
    for velocity in (0, VELOCITIES - 1):
        frequency, power = spectrum(play(note(name, velocity))[:, : TONE_RATE // 3])
        centroids.append(float((frequency * power).sum() / power.sum()))
    assert centroids[1] > 1.01 * centroids[0]


@pytest.mark.parametrize("name", STRUCK)
def test_what_is_struck_or_plucked_is_there_within_ten_milliseconds(name: str) -> None:
    envelope = np.abs(play(note(name, 3))).max(axis=0)
    loudest = envelope[: TONE_RATE // 4].max()
    assert envelope[: TONE_RATE // 100].max() > (0.35 if name in BASSES else 0.5) * loudest


@pytest.mark.parametrize("name", WINDS)
def test_what_is_blown_or_bowed_swells_and_then_wavers(name: str) -> None:
    sound = play(note(name))[0]
    early, later = (np.sqrt(np.mean(sound[at : at + TONE_RATE // 50] ** 2)) for at in (0, TONE_RATE // 2))
    assert early < 0.5 * later
    carrier, (low, high) = hertz(62), (hertz(62) - 8.0, hertz(62) + 8.0)

    def sidebands(start: float) -> float:
        """Power beside the first partial against its own, over a second."""
        first = int(start * TONE_RATE)
        window = np.hanning(TONE_RATE) * sound[first : first + TONE_RATE]
        power, frequency = np.abs(np.fft.rfft(window)) ** 2, np.arange(TONE_RATE // 2 + 1)
        inside = (frequency > low) & (frequency < high)
        beside = inside & (np.abs(frequency - carrier) > 3.0)
        return float(power[beside].sum() / power[inside].sum())

    assert sidebands(1.5) > 2e-3
    assert sidebands(1.5) > 1.5 * sidebands(0.0)


@pytest.mark.parametrize("name", BASSES)
def test_a_bass_is_mono(name: str) -> None:
    left, right = play(note(name))
    assert np.abs(left - right).max() < 1e-5 * np.abs(left).max()


@pytest.mark.parametrize("name", PLUCKS)
def test_the_treble_of_a_pluck_dies_first(name: str) -> None:
    partials = partials_of(name, 62, 0.7)
    assert partials.decay[partials.frequency > 2500.0].min() > 1.5 * partials.decay[partials.frequency < 400.0].min()


@pytest.mark.parametrize("character", CHARACTERS.values(), ids=lambda character: character.goal.value)
def test_every_goal_has_instruments_of_three_families_and_a_rhythm_section(character: object) -> None:
    names = {*character.keys, *character.lead}  # type: ignore[attr-defined]
    assert names <= set(INSTRUMENTS)
    assert sum(bool(names & set(family)) for family in FAMILIES[:-1]) >= 3
    assert set(character.basses) <= set(BASSES)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "highest_db"), [("felt", -11.5), ("marimba", -18.5)])
def test_no_single_partial_of_high_notes_rings_out(name: str, highest_db: float) -> None:
    shares_db = []
    for pitch in range(74, 82):
        frequency, power = spectrum(play(note(name, VELOCITIES - 2, pitch - 62)))
        highest = frequency[np.where(frequency > 2500.0, power, 0.0).argmax()]
        line = np.abs(frequency - highest) < 20.0
        shares_db.append(10.0 * np.log10(power[line].sum() / power.sum()))
    assert np.mean(shares_db) < highest_db
