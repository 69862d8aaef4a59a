"""The drums: kits differ, round robins differ, a harder strike is brighter, and no stroke begins with a step."""

from itertools import combinations

import numpy as np
import pytest

from focuscli.model import Goal, Intensity
from focuscli.music.bank import Bank, Sounding, strike
from focuscli.music.drumkit import DRUMS, ROLES, ROUND_ROBINS, variant_of
from focuscli.music.events import Note
from focuscli.music.goals import CHARACTERS
from focuscli.music.kits import KITS
from focuscli.music.orchestration import assigned, section_of
from focuscli.music.score import score_of
from focuscli.music.tempo import phrases
from focuscli.music.timeline import Piece

PIECE = Piece(Goal.ENERGIZE, Intensity.MEDIUM, 0.8, 7, 3600)


def struck(name: str, round_robin: int = 0, velocity: float = 0.8) -> np.ndarray:  # type: ignore[type-arg]
    return strike(Sounding(name, 33, variant_of(round_robin, velocity), round(DRUMS[name].seconds * 48_000), 0))


def centroid(sound: np.ndarray) -> float:  # type: ignore[type-arg]
    power = np.abs(np.fft.rfft(sound[0])) ** 2
    return float((power * np.fft.rfftfreq(sound.shape[1], 1 / 48_000)).sum() / power.sum())


@pytest.mark.parametrize("name", DRUMS)
def test_round_robins_of_a_drum_differ(name: str) -> None:
    strikes = [struck(name, robin) for robin in range(ROUND_ROBINS)]
    for one, other in combinations(strikes, 2):
        assert not np.array_equal(one, other)


@pytest.mark.parametrize("name", [name for name in DRUMS if not name.endswith("kick")])
def test_a_hard_strike_is_brighter_than_a_soft_one(name: str) -> None:
    assert centroid(struck(name, velocity=0.9)) > centroid(struck(name, velocity=0.2))


@pytest.mark.parametrize("role", ROLES)
def test_the_kits_sound_different(role: str) -> None:
    for one, other in combinations(KITS, 2):
        sounds = [struck(f"{kit} {role}") for kit in (one, other)]
        frames = min(sound.shape[1] for sound in sounds)
        assert abs(np.corrcoef(*(sound[0, :frames] for sound in sounds))[0, 1]) < 0.98


@pytest.mark.parametrize("kit", KITS)
def test_a_bass_drum_is_in_the_middle(kit: str) -> None:
    left, right = struck(f"{kit} kick")
    assert np.array_equal(left, right)


def test_a_kick_speaks_at_once_and_a_tight_one_ends_sooner_than_a_soft_one() -> None:
    lasting = {}
    for kit in ("felt", "tight"):
        level = np.abs(struck(f"{kit} kick")[0])
        assert level[:960].max() > 0.5 * level.max()
        lasting[kit] = np.nonzero(level > 0.05 * level.max())[0][-1]
    assert lasting["tight"] < lasting["felt"]


def test_the_bank_keeps_only_so_many_strikes() -> None:
    bank = Bank()
    for pitch in range(28, 41):
        for variant in range(12):
            bank.strike(Sounding("felt rim", pitch, variant, 7200, 0))
    assert len(bank._strikes) <= 128


def test_a_phrase_says_who_plays_the_bass_and_the_kick() -> None:
    for phrase in range(40):
        section = section_of(PIECE, phrase)
        kick = assigned(section, Note(48_000, "drums", "kick", 33, 0.8, 1.0))
        bass = assigned(section, Note(48_000, "bass", "bass", 40, 0.8, 1.0))
        assert (kick.instrument, bass.instrument) == (f"{section.kit} kick", section.bass)
    vibes = Note(48_000, "lead", "vibes", 70, 0.8, 1.0)
    assert assigned(section_of(PIECE, 3), vibes) == vibes


@pytest.mark.parametrize("role", ["hat", "shaker"])
def test_no_kit_takes_the_air_out_of_the_music(role: str) -> None:
    section = section_of(PIECE, 0)
    air_db = []
    for kit in KITS:
        played = assigned(section._replace(kit=kit), Note(48_000, "drums", role, 0, 0.8, 1.0, variant=1))
        sound = played.gain * struck(played.instrument, played.variant)
        power = np.abs(np.fft.rfft(sound, axis=1)) ** 2
        air_db.append(10.0 * np.log10(power[:, np.fft.rfftfreq(sound.shape[1], 1 / 48_000) > 6000.0].sum()))
    assert np.ptp(air_db) < 3.0


def test_a_session_hears_several_basses_and_kits() -> None:
    sections = [section_of(PIECE, phrase) for phrase in range(200)]
    assert len({section.bass for section in sections}) >= 3
    assert len({section.kit for section in sections}) >= 2


def test_every_goal_names_kits_that_exist() -> None:
    for character in CHARACTERS.values():
        assert set(character.kits) <= set(KITS)


@pytest.mark.parametrize("name", DRUMS)
def test_a_strike_has_no_mean_of_its_own(name: str) -> None:
    sound = struck(name)
    assert abs(float(sound.mean())) < 1e-5 * float(np.abs(sound).max())


def beats_of_hats(seed: int, section: int = 12) -> set[tuple[int, ...]]:
    """The beats of the hat in the first bar of each of a section's phrases, where they are three or more."""
    piece = Piece(Goal.FOCUS, Intensity.HIGH, 0.0, seed, 3600)
    found = set()
    for phrase in phrases(piece)[4 * section : 4 * section + 4]:
        start = phrase.start - phrase.beat // 8
        strikes = [note.start - start for note in score_of(piece, phrase).notes if note.instrument == "hat"]
        found.add(tuple(sorted({strike // phrase.beat for strike in strikes if strike < phrase.bar})))
    return {beats for beats in found if len(beats) >= 3}


def test_the_faster_of_two_tempi_has_a_beat_without_cymbals() -> None:
    by_tempo: dict[int, list[bool]] = {}
    for seed in range(12):
        piece = Piece(Goal.FOCUS, Intensity.HIGH, 0.0, seed, 3600)
        beats = beats_of_hats(seed)
        if beats:
            by_tempo.setdefault(round(60 * 48_000 / phrases(piece)[0].beat), []).append((0, 1, 2, 3) in beats)
    assert set(by_tempo) == {107, 120}
    assert all(by_tempo[107])
    assert not any(by_tempo[120])
