"""The score keeps to the table: tempi, density, ranges, voice-leading, melody and the session's arc."""

from itertools import pairwise

import numpy as np
import pytest

from focuscli.model import Goal, Intensity
from focuscli.music.arc import moment
from focuscli.music.bars import bars_of
from focuscli.music.character import character_of
from focuscli.music.cues import cues_of
from focuscli.music.events import Note
from focuscli.music.groove import feel_of
from focuscli.music.harmony import chord_of
from focuscli.music.score import score_of
from focuscli.music.tempo import phrases, phrases_between
from focuscli.music.timeline import Piece
from focuscli.music.voicing import voicing_of
from focuscli.units import SAMPLE_RATE

SEEDS = (1, 2, 3)
ONSETS_A_SECOND = {
    "sleep": {"low": (0.08, 0.3), "medium": (0.15, 0.5), "high": (0.3, 0.8)},
    "relax": {"low": (0.3, 0.8), "medium": (0.6, 1.5), "high": (1.0, 2.2)},
    "focus": {"low": (1.0, 2.5), "medium": (2.0, 4.0), "high": (3.0, 6.0)},
    "energize": {"low": (3.0, 5.0), "medium": (4.0, 7.0), "high": (6.0, 9.0)},
}
TEMPI = {
    "sleep": {"low": (40, 48), "medium": (48, 56), "high": (54, 62)},
    "relax": {"low": (52, 60), "medium": (60, 68), "high": (66, 76)},
    "focus": {"low": (73.8, 80), "medium": (87.2, 96), "high": (106.6, 120)},
    "energize": {"low": (104, 112), "medium": (117, 126), "high": (131, 140)},
}
EVERY_COLUMN = [(goal, intensity) for goal in TEMPI for intensity in ("low", "medium", "high")]


def a_piece(
    goal: str, intensity: str = "medium", seed: int = 1, duration_s: int = 1800, divergence: float = 0.35
) -> Piece:
    return Piece(Goal(goal), Intensity(intensity), divergence, seed, duration_s)


def notes_between(piece: Piece, start_s: float, stop_s: float) -> list[Note]:
    chosen = phrases_between(piece, round(start_s * 48_000), round(stop_s * 48_000))
    return [note for phrase in chosen for note in score_of(piece, phrase).notes]


def onset_rate(piece: Piece, start_s: float, stop_s: float) -> float:
    """Moments a second at which something begins; what begins within 30 ms begins together."""
    starts = sorted(note.start for note in notes_between(piece, start_s, stop_s) if not note.is_echo)
    starts = [start for start in starts if start_s <= start / 48_000 < stop_s]
    apart = [after - before for before, after in pairwise(starts)]
    return (1 + sum(gap > 1440 for gap in apart)) / (stop_s - start_s) if starts else 0.0


def tempo_at(piece: Piece, t: float) -> float:
    return 60 * 48_000 / phrases_between(piece, round(t * 48_000), round(t * 48_000) + 1)[0].beat


@pytest.mark.parametrize(("goal", "intensity"), EVERY_COLUMN)
def test_tempo_and_density_are_the_table_s(goal: str, intensity: str) -> None:
    pieces = [a_piece(goal, intensity, seed) for seed in SEEDS]
    slow, fast = TEMPI[goal][intensity]
    assert all(slow <= tempo_at(piece, 0.0) <= fast for piece in pieces)
    low, high = ONSETS_A_SECOND[goal][intensity]
    plateau = (20.0, 180.0) if goal == "sleep" else (300.0, 900.0)
    assert low <= np.mean([onset_rate(piece, *plateau) for piece in pieces]) <= high


@pytest.mark.parametrize(("goal", "intensity"), EVERY_COLUMN)
def test_no_pitch_leaves_its_register(goal: str, intensity: str) -> None:
    piece = a_piece(goal, intensity, divergence=1.0)
    pitches = [note.pitch for note in notes_between(piece, 0, 1800) if note.part in {"keys", "lead"}]
    character = character_of(piece)
    assert all(min(36, character.lowest) <= pitch <= character.ceiling for pitch in pitches)


@pytest.mark.parametrize("intensity", list(Intensity))
def test_focus_beats_hold_a_whole_number_of_cycles_of_16_hz(intensity: Intensity) -> None:
    for seed in SEEDS:
        assert {phrase.beat % 3000 for phrase in phrases(a_piece("focus", intensity, seed))} == {0}


@pytest.mark.parametrize("duration_s", [60, 300, 7200, 86_400])
@pytest.mark.parametrize("goal", list(TEMPI))
def test_phrases_tile_the_session(goal: str, duration_s: int) -> None:
    tiles = phrases(a_piece(goal, duration_s=duration_s))
    assert tiles[0].start == 0
    assert tiles[-1].stop == duration_s * 48_000
    assert tiles[-1].is_coda
    assert all(before.stop == after.start for before, after in pairwise(tiles))


@pytest.mark.parametrize("divergence", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("goal", list(TEMPI))
def test_voices_move_little_and_avoid_parallel_fifths(goal: str, divergence: float) -> None:
    moves, parallels = [], []
    for seed in SEEDS:
        piece = a_piece(goal, seed=seed, divergence=divergence)
        voicings = [voicing_of(piece, index, character_of(piece).pad_centre) for index in range(150)]
        for before, after in pairwise(voicings):
            if before != after:
                moves += [abs(here - there) for here, there in zip(before, after, strict=True)]
            fifths = {(i, j) for i in range(4) for j in range(i) if (before[i] - before[j]) % 12 == 7}
            parallels += [(after[i] - after[j]) % 12 == 7 and before[i] != after[i] for i, j in fifths]
    assert np.mean(moves) < 1.5
    assert np.mean(np.array(moves) == 0) > 0.3
    assert np.mean(parallels) < 0.05


@pytest.mark.parametrize("goal", ["focus", "relax", "energize"])
def test_melodies_mostly_step(goal: str) -> None:
    leaps = []
    for seed in SEEDS:
        lead = [n for n in notes_between(a_piece(goal, seed=seed), 0, 1800) if n.part == "lead" and not n.is_echo]
        leaps += [abs(b.pitch - a.pitch) for a, b in pairwise(lead) if b.start - a.start < 2 * 48_000]
    assert len(leaps) > 300
    assert np.mean(np.array(leaps) <= 2) > 0.55
    assert np.mean(np.array(leaps) > 7) < 0.04


def test_divergence_decides_how_many_chords_are_heard() -> None:
    def shared(divergence: float) -> float:
        """How many chords of the second quarter of an hour were heard in the first."""
        shares = []
        for seed in range(6):
            piece = a_piece("relax", seed=seed, divergence=divergence)
            chords = [(chord_of(piece, index).root, chord_of(piece, index).tones) for index in range(200)]
            shares.append(np.mean([chord in chords[:100] for chord in chords[100:]]))
        return float(np.mean(shares))

    assert shared(0.0) > 0.85
    assert shared(0.0) > shared(0.4) > shared(1.0)


def test_the_ensemble_leans_by_a_few_milliseconds_that_belong_together() -> None:
    late = np.concatenate([feel_of(5, bar, 4).late_ms[::16] for bar in range(0, 2000, 4)])
    assert 2.5 < late.std() < 8.0
    assert np.corrcoef(late[:-1], late[1:])[0, 1] > 0.15


def test_relaxing_slows_down_by_a_seventh() -> None:
    piece = a_piece("relax")
    assert tempo_at(piece, 500.0) / tempo_at(piece, 0.0) == pytest.approx(0.855, abs=0.02)


def test_energy_builds_and_cools_down() -> None:
    piece = a_piece("energize")
    start, built, end = (tempo_at(piece, t) for t in (0.0, 900.0, 1780.0))
    assert 4.0 <= built - start <= 8.0
    assert end < 0.86 * built
    assert onset_rate(piece, 1740, 1785) < 0.8 * onset_rate(piece, 800, 900)


def test_a_sleeper_hears_ever_fewer_notes() -> None:
    early, late = (
        np.mean([onset_rate(a_piece("sleep", "high", seed, 3600), start, start + 300) for seed in SEEDS])
        for start in (0, 2700)
    )
    assert late < 0.5 * early


@pytest.mark.parametrize("intensity", ["low", "medium", "high"])
def test_after_a_third_of_the_session_nothing_rises_faster_than_400_ms_for_a_sleeper(intensity: str) -> None:
    piece = a_piece("sleep", intensity, duration_s=3600)
    late = phrases_between(piece, int(0.35 * piece.frames), piece.frames)
    attacks = [cue.sounding.attack for phrase in late for cue in cues_of(piece, phrase)]
    assert attacks
    assert min(attacks) >= 0.4 * SAMPLE_RATE


def test_focus_breathes_every_22_minutes() -> None:
    assert moment(Goal.FOCUS, 1307.0, 5400.0).pulse == 0.0
    assert moment(Goal.FOCUS, 1307.0, 5400.0).modulation == pytest.approx(0.5)
    assert moment(Goal.FOCUS, 1200.0, 5400.0).pulse == 1.0


def test_the_last_chord_is_the_tonic() -> None:
    piece = a_piece("relax")
    coda = phrases(piece)[-1]
    key = chord_of(piece, (coda.first_bar - 1) // character_of(piece).bars_per_chord).key
    lowest = min(score_of(piece, coda).chords[0].pitches)
    assert lowest % 12 == key.tonic


def test_relaxing_music_pauses_every_minute_or_two() -> None:
    piece = a_piece("relax")
    bars = [bar for phrase in phrases(piece)[:-1] for bar in bars_of(piece, phrase)]
    rests = [(bar.start, bar.start + bar.phrase.bar) for bar in bars if bar.pauses]
    assert all(60.0 < (after - before) / 48_000 < 140.0 for (before, _), (after, _) in pairwise(rests))
    starts = [note.start for note in notes_between(piece, 0, 1780) if not note.is_echo]
    assert not [start for start in starts for first, last in rests if first <= start < last - 2400]
