"""Sections rise and fall, parts come and go one at a time, grooves vary and breathe, and nothing ticks."""

from itertools import pairwise

import numpy as np
import pytest

from focuscli.model import Goal, Intensity
from focuscli.music.bars import bars_of
from focuscli.music.events import Note
from focuscli.music.form import energy, phrases_per_section, resting, section
from focuscli.music.goals import CHARACTERS
from focuscli.music.groove import BEATS, beats_of, feel_of
from focuscli.music.harmony import chord_of, key_of
from focuscli.music.keys import euclidean
from focuscli.music.score import score_of
from focuscli.music.tempo import phrases
from focuscli.music.timeline import Piece

GOALS = ["focus", "relax", "sleep", "energize"]


def a_piece(goal: str, intensity: str = "medium", divergence: float = 0.35, seed: int = 5) -> Piece:
    return Piece(Goal(goal), Intensity(intensity), divergence, seed, 5400)


def notes_of(piece: Piece, first: int, stop: int) -> list[Note]:
    return [note for phrase in phrases(piece)[first:stop] for note in score_of(piece, phrase).notes]


@pytest.mark.parametrize(("goal", "intensity"), [(goal.value, intensity.value) for goal, intensity in CHARACTERS])
def test_a_section_lasts_about_half_a_minute(goal: str, intensity: str) -> None:
    piece = a_piece(goal, intensity)
    size = phrases_per_section(CHARACTERS[Goal(goal), Intensity(intensity)])
    starts = [phrase.start / 48_000 for phrase in phrases(piece)[: 20 * size + 1 : size]]
    lengths = np.diff(starts)
    assert lengths.min() >= 24.0
    assert lengths.max() <= (56.0 if goal == "sleep" else 50.0)


@pytest.mark.parametrize("divergence", [0.0, 1.0])
@pytest.mark.parametrize("goal", GOALS)
def test_from_section_to_section_of_a_chapter_one_part_enters_or_leaves(goal: str, divergence: float) -> None:
    piece = a_piece(goal, divergence=divergence)
    sections = [section(piece, number) for number in range(40)]
    for before, after in pairwise(sections):
        assert abs(after.level - before.level) == 1
        if before.chapter == after.chapter:
            assert len(before.parts ^ after.parts) <= 1
    assert len({one.parts for one in sections}) >= 2


@pytest.mark.parametrize("goal", GOALS)
def test_energy_is_smooth_and_follows_the_sections(goal: str) -> None:
    piece = a_piece(goal)
    curve = np.array([energy(piece, 0.5 * half) for half in range(2400)])
    assert np.abs(np.diff(curve)).max() < 0.06
    assert 0.3 < curve.mean() < 0.75
    assert curve.std() > (0.02 if goal == "sleep" else 0.05)


def test_a_session_ends_with_as_few_parts_as_it_began_with() -> None:
    piece = a_piece("energize")
    last = (len(phrases(piece)) - 1) // phrases_per_section(CHARACTERS[Goal.ENERGIZE, Intensity.MEDIUM])
    assert section(piece, last).level == section(piece, 0).level == 0


def test_now_and_then_a_part_rests_for_a_phrase_and_the_others_come_forward() -> None:
    piece = a_piece("focus")
    size = phrases_per_section(CHARACTERS[Goal.FOCUS, Intensity.MEDIUM])
    rests = [resting(piece, phrase) for phrase in range(400)]
    assert 0.1 < np.mean([bool(parts) for parts in rests]) < 0.25
    assert not any(resting(a_piece("focus", divergence=1.0), phrase) for phrase in range(400))
    assert not any(rests[::size])
    assert not any(before and after for before, after in pairwise(rests))
    bars = [bars_of(piece, phrases(piece)[number])[0] for number in range(8, 200)]
    without_bass = [bar for bar in bars if "bass" in bar.resting]
    assert without_bass
    assert all(bar.presence("bass") == 0.0 for bar in without_bass)
    assert all(bar.presence("keys") > bar._replace(resting=frozenset()).presence("keys") for bar in without_bass)


@pytest.mark.parametrize("style", BEATS)
def test_a_groove_s_four_bars_differ(style: str) -> None:
    different = [len(set(beats_of(style, 7, renewal, number))) for renewal in range(4) for number in range(10)]
    assert np.mean(different) >= 2.5
    assert len({beats_of(style, 7, 0, number) for number in range(10)}) > 3


def test_drums_breathe_at_the_ends_of_sections() -> None:
    piece = a_piece("energize")
    bars = [bar for phrase in phrases(piece)[20:180] for bar in bars_of(piece, phrase)]
    starts = np.array([note.start for note in notes_of(piece, 20, 180) if note.instrument == "kick"])
    counts: dict[bool, list[int]] = {False: [], True: []}
    for bar in bars:
        inside = ((starts > bar.start - 1200) & (starts < bar.start + bar.phrase.bar - 1200)).sum()
        counts[bar.ends_section and bar.in_phrase == 3].append(int(inside))
    assert np.mean(counts[True]) < 0.75 * np.mean(counts[False])


@pytest.mark.parametrize(("goal", "most"), [("focus", 0.8), ("relax", 0.8), ("energize", 0.86)])
def test_onsets_do_not_tick(goal: str, most: float) -> None:
    """The highest peak of the autocorrelation of half minutes of onsets, 12 ms wide, at lags of 0.2 to 4 s."""
    notes = [note for note in notes_of(a_piece(goal), 30, 90) if not note.is_echo]
    train = np.zeros((notes[-1].start - notes[0].start) // 240 + 1)
    for note in notes:
        train[(note.start - notes[0].start) // 240] += note.amplitude
    train = np.convolve(train, np.exp(-0.5 * (np.arange(-10, 11) / 2.4) ** 2), "same")
    peaks = []
    for start in range(0, len(train) - 6000 + 1, 6000):
        part = train[start : start + 6000] - train[start : start + 6000].mean()
        product = np.correlate(part, part, "full")[5999:6800]
        product = product * 6000 / (6000 - np.arange(len(product)))
        peaks.append(product[40:].max() / product[0])
    assert np.median(peaks) < most


@pytest.mark.parametrize("goal", ["focus", "relax", "energize"])
def test_velocities_vary_as_players_do(goal: str) -> None:
    accents = np.concatenate([feel_of(3, bar, 4).accents for bar in range(0, 800, 4)]).reshape(-1, 16)
    spread = accents.std(axis=0) / accents.mean(axis=0)
    assert 0.05 < spread.mean() < 0.15
    assert accents[:, 0].mean() > accents[:, 1].mean()
    keys = [note.velocity for note in notes_of(a_piece(goal), 10, 60) if note.part == "keys"]
    assert 0.08 < np.std(keys) / np.mean(keys) < 0.22


@pytest.mark.parametrize(
    ("goal", "intensity", "shortest", "longest"),
    [
        ("sleep", "low", 16, 32), ("sleep", "medium", 12, 24), ("sleep", "high", 8, 16), ("relax", "low", 8, 16),
        ("relax", "medium", 8, 12), ("relax", "high", 6, 10), ("focus", "low", 8, 16), ("focus", "medium", 4, 8),
        ("focus", "high", 4, 8), ("energize", "low", 4, 8), ("energize", "medium", 3.5, 4.5),
        ("energize", "high", 2, 4),
    ],
)  # fmt: skip
def test_chords_change_as_often_as_the_table_says(goal: str, intensity: str, shortest: float, longest: float) -> None:
    piece = a_piece(goal, intensity)
    bars = [bar for phrase in phrases(piece)[40:100] for bar in bars_of(piece, phrase)]
    changes = sum(before.chord.number != after.chord.number for before, after in pairwise(bars))
    assert shortest <= (bars[-1].start - bars[0].start) / 48_000 / changes <= longest


def test_with_more_divergence_more_keys_and_chords_are_heard() -> None:
    def heard(divergence: float) -> tuple[float, float]:
        pieces = [a_piece("focus", divergence=divergence, seed=seed) for seed in range(5)]
        keys = [len({key_of(piece, cycle) for cycle in range(60)}) for piece in pieces]
        chords = [len({chord_of(piece, index).tones for index in range(240)}) for piece in pieces]
        return float(np.mean(keys)), float(np.mean(chords))

    (none, few), (some, more), (many, most) = heard(0.0), heard(0.4), heard(1.0)
    assert 1.0 < none <= 3.0
    assert none < some < many
    assert few < more < most


def test_a_euclidean_rhythm_spreads_its_strikes() -> None:
    assert euclidean(4, 0) == [0, 4, 8, 12]
    gaps = np.diff([*euclidean(5, 0), 16])
    assert set(gaps) == {3, 4}
