"""Melodies, counter-lines and basses move as good lines do, and themes come back as score."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest

from focuscli.model import Goal, Intensity
from focuscli.music.bars import bars_of
from focuscli.music.bassline import play_bass
from focuscli.music.character import character_of
from focuscli.music.counterline import play_counterline
from focuscli.music.events import Note
from focuscli.music.harmony import CHORDS_PER_CYCLE, MAJOR, chord_of, key_of, progression_of, spell
from focuscli.music.melody import play_lead
from focuscli.music.motif import augment, close, fragment, invent, invert, transpose, vary
from focuscli.music.randomness import Stream
from focuscli.music.score import score_of
from focuscli.music.tempo import Phrase, phrases
from focuscli.music.timeline import Piece
from focuscli.music.voicing import bass_pitch, voicing_of

AWAKE = ["focus", "relax", "energize"]
GOALS = [*AWAKE, "sleep"]
PHRASES = 100


def a_piece(goal: str, intensity: str = "medium", divergence: float = 0.35, seed: int = 3) -> Piece:
    return Piece(Goal(goal), Intensity(intensity), divergence, seed, 5400)


@lru_cache(maxsize=16)
def chosen_phrases(piece: Piece) -> tuple[Phrase, ...]:
    return phrases(piece)[: min(PHRASES, len(phrases(piece)) - 1)]


def lead_of(piece: Piece, phrase: Phrase) -> list[Note]:
    return [note for note in play_lead(bars_of(piece, phrase)) if not note.is_echo]


def melodies(piece: Piece) -> list[list[Note]]:
    return [line for line in (lead_of(piece, phrase) for phrase in chosen_phrases(piece)) if line]


def intervals(line: list[Note]) -> list[int]:
    return [after.pitch - before.pitch for before, after in pairwise(line) if after.start - before.start < 96_000]


@pytest.mark.parametrize("intensity", ["low", "medium", "high"])
@pytest.mark.parametrize("goal", AWAKE)
def test_a_melody_steps_and_goes_back_after_a_leap(goal: str, intensity: str) -> None:
    moves = [intervals(line) for line in melodies(a_piece(goal, intensity))]
    sizes = np.abs(np.concatenate(moves))
    assert np.mean((sizes == 1) | (sizes == 2)) >= 0.5
    assert np.mean(sizes == 0) < 0.3
    assert np.mean(sizes > 7) <= 0.04
    answered = [leap * back < 0 and abs(back) <= 4 for line in moves for leap, back in pairwise(line) if abs(leap) >= 5]
    assert np.mean(answered) >= 0.6


@pytest.mark.parametrize("divergence", [0.0, 1.0])
@pytest.mark.parametrize("goal", AWAKE)
def test_a_melody_stays_within_an_octave_in_one_phrase(goal: str, divergence: float) -> None:
    for line in melodies(a_piece(goal, divergence=divergence)):
        pitches = [note.pitch for note in line]
        assert max(pitches) - min(pitches) <= 12


@pytest.mark.parametrize("goal", AWAKE)
def test_the_lead_both_speaks_and_rests(goal: str) -> None:
    piece = a_piece(goal)
    spoken = len(melodies(piece)) / len(chosen_phrases(piece))
    assert 0.3 < spoken < 0.95


def rhythm_of(line: list[Note], phrase: Phrase) -> tuple[int, ...]:
    """The eighths on which a phrase's first half begins its tones."""
    eighths = (round((note.start - phrase.start) / (phrase.beat / 2) - 0.1) for note in line)
    return tuple(eighth for eighth in eighths if eighth < 16)


def most_common_rhythm(piece: Piece) -> float:
    """The share of spoken phrases that begin with the commonest rhythm."""
    spoken = ((lead_of(piece, phrase), phrase) for phrase in chosen_phrases(piece))
    rhythms = [rhythm for rhythm in (rhythm_of(line, phrase) for line, phrase in spoken) if rhythm]
    return max(rhythms.count(rhythm) for rhythm in set(rhythms)) / len(rhythms)


@pytest.mark.parametrize("goal", AWAKE)
def test_a_theme_returns_while_divergence_is_small(goal: str) -> None:
    returning = np.mean([most_common_rhythm(a_piece(goal, divergence=0.0, seed=seed)) for seed in range(4)])
    wandering = np.mean([most_common_rhythm(a_piece(goal, divergence=1.0, seed=seed)) for seed in range(4)])
    assert returning > 0.25
    assert returning > wandering + 0.08


@pytest.mark.parametrize("goal", AWAKE)
def test_no_phrase_is_a_copy_of_another_even_without_divergence(goal: str) -> None:
    piece = a_piece(goal, divergence=0.0)
    seen = set()
    for phrase in chosen_phrases(piece):
        notes = score_of(piece, phrase).notes
        played = tuple((note.start - phrase.start, note.instrument, note.pitch) for note in notes)
        assert played not in seen or not played
        seen.add(played)


@pytest.mark.parametrize("intensity", ["low", "medium", "high"])
def test_a_sleeper_hears_long_tones_and_no_tune(intensity: str) -> None:
    piece = a_piece("sleep", intensity)
    notes = [note for phrase in chosen_phrases(piece) for note in score_of(piece, phrase).notes]
    assert all(note.gate >= 4 * 48_000 for note in notes)
    assert max((len(line) for line in melodies(piece)), default=0) <= 4
    shapes = [tuple(note.pitch for note in line) for line in melodies(piece) if len(line) > 2]
    assert len(set(shapes)) == len(shapes)


def test_a_motif_can_be_moved_turned_and_slowed() -> None:
    motif = invent(4, 0, 0, (5, 7), False)
    assert [tone.step + 2 for tone in motif] == [tone.step for tone in transpose(motif, 2)]
    assert [-tone.step for tone in motif] == [tone.step for tone in invert(motif)]
    assert all(slow.slot == 2 * tone.slot for slow, tone in zip(augment(motif), motif, strict=False))
    assert {tone.slot % 8 for tone in fragment(motif, 1)} == {tone.slot for tone in motif if tone.slot < 8}
    assert close(motif)[-1].step <= 0
    assert any(vary(motif, Stream(seed), 1.0) != motif for seed in range(4))


@pytest.mark.parametrize("goal", AWAKE)
def test_a_counter_line_goes_against_the_lead_and_never_above_it(goal: str) -> None:
    against = along = 0
    pieces = [a_piece(goal, seed=seed) for seed in range(4)]
    for bars in (bars_of(piece, phrase) for piece in pieces for phrase in chosen_phrases(piece)):
        lead = lead_of(bars[0].piece, bars[0].phrase)
        counter = list(play_counterline(bars, lead))
        assert all(note.pitch <= min((other.pitch for other in lead), default=128) + 2 for note in counter)
        for bar, following in pairwise(bars):
            upper = [first_in(lead, place.start, place.phrase.bar) for place in (bar, following)]
            lower = [first_in(counter, place.start, place.phrase.bar) for place in (bar, following)]
            if all(upper) and all(lower):
                product = (upper[1] - upper[0]) * (lower[1] - lower[0])
                against, along = against + (product < 0), along + (product > 0)
    assert against > 10
    assert against > 2 * along


def first_in(line: list[Note], start: int, frames: int) -> int:
    """The first pitch within a bar; a player's lateness and the ensemble's lean are allowed for."""
    return next((note.pitch for note in line if start - 1200 <= note.start < start + frames - 1200), 0)


@pytest.mark.parametrize("goal", AWAKE)
def test_the_bass_leads_into_the_next_chord(goal: str) -> None:
    piece = a_piece(goal)
    before_changes: list[int] = []
    for phrase in chosen_phrases(piece):
        for bar in bars_of(piece, phrase):
            notes = list(play_bass(bar))
            if notes and bar.closes_chord and bar.chord_in(1).root != bar.chord.root:
                before_changes.append(notes[-1].pitch - bass_pitch(bar.chord_in(1), bar.character.lowest))
    near = np.isin(np.abs(before_changes), (1, 2, 7))
    assert len(before_changes) > 20
    assert np.mean(near) > 0.4


@pytest.mark.parametrize("goal", GOALS)
def test_basses_stay_in_their_register(goal: str) -> None:
    piece = a_piece(goal, divergence=1.0)
    low = [
        note.pitch for phrase in chosen_phrases(piece) for note in score_of(piece, phrase).notes if note.part == "bass"
    ]
    assert all(character_of(piece).lowest - 2 <= pitch <= character_of(piece).lowest + 24 for pitch in low)


@pytest.mark.parametrize("goal", GOALS)
def test_outer_voices_part_and_every_voice_moves_little(goal: str) -> None:
    moves: list[int] = []
    contrary: list[bool] = []
    for seed in range(4):
        piece = a_piece(goal, seed=seed)
        character = character_of(piece)
        chords = [chord_of(piece, index) for index in range(100)]
        voicings = [voicing_of(piece, index, character.pad_centre) for index in range(100)]
        roots = [bass_pitch(chord, character.lowest) for chord in chords]
        for (before, after), (low, next_low) in zip(pairwise(voicings), pairwise(roots), strict=True):
            if before != after:
                moves += [abs(there - here) for here, there in zip(before, after, strict=True)]
                contrary.append((after[-1] - before[-1]) * (next_low - low) < 0)
    assert np.mean(moves) <= 1.5
    assert np.mean(np.array(moves) <= 2) >= 0.85
    assert np.mean(np.array(moves) == 0) >= 0.3
    assert np.mean(contrary) >= 0.25


@pytest.mark.parametrize("goal", GOALS)
def test_keys_move_by_a_fifth_at_most(goal: str) -> None:
    for seed in range(6):
        piece = a_piece(goal, divergence=1.0, seed=seed)
        collections = [key_of(piece, cycle).collection for cycle in range(60)]
        fifths = {(after - before) * 7 % 12 for before, after in pairwise(collections)}
        assert fifths <= {0, 1, 11}
    assert len(MAJOR) == len(key_of(piece, 0).scale)


@pytest.mark.parametrize("goal", AWAKE)
def test_two_minutes_are_heard_in_the_more_keys_the_more_may_diverge(goal: str) -> None:
    def keys(divergence: float) -> float:
        pieces = [a_piece(goal, divergence=divergence, seed=seed) for seed in range(6)]
        bar_s = phrases(pieces[0])[20].bar / 48_000
        rounds = 120.0 / (CHORDS_PER_CYCLE * character_of(pieces[0]).bars_per_chord * bar_s)
        starts = range(8, 60, 8)
        return float(
            np.mean(
                [
                    len({key_of(piece, cycle) for cycle in range(start, start + round(rounds))})
                    for piece in pieces
                    for start in starts
                ]
            )
        )

    assert 1.0 < keys(0.0) < 1.75
    assert keys(0.35) > 2.0


@pytest.mark.parametrize("goal", AWAKE)
def test_without_divergence_a_piece_leaves_its_key_and_comes_home(goal: str) -> None:
    for seed in range(6):
        piece = a_piece(goal, divergence=0.0, seed=seed)
        collections = [key_of(piece, cycle).collection for cycle in range(60)]
        fifths = [((collection - collections[0]) * 7 + 5) % 12 - 5 for collection in collections]
        assert max(map(abs, fifths)) <= 2
        assert np.ptp(fifths) >= 1
        assert 0 in fifths[20:]


def test_a_sleeper_stays_in_one_key_without_divergence() -> None:
    piece = a_piece("sleep", divergence=0.0)
    assert len({key_of(piece, cycle) for cycle in range(60)}) == 1


@pytest.mark.parametrize("goal", AWAKE)
def test_a_borrowed_third_or_seventh_leads_to_the_chord_that_follows(goal: str) -> None:
    piece = a_piece(goal)
    dominants = 0
    for cycle in range(100):
        steps = progression_of(piece, cycle)
        for (degree, borrowed), (following, _) in pairwise(steps):
            if borrowed.seventh or (borrowed.third > 0 and degree != 3):
                assert (degree - following) % 7 == 4 or (degree, following) == (2, 3)
                root, goal_root = (spell(key_of(piece, cycle), step).root for step in (degree, following))
                chord = spell(key_of(piece, cycle), degree, borrowed)
                assert {(root + 4) % 12, (root + 10) % 12} <= set(chord.tones[:2])
                dominants += (root - goal_root) % 12 == 7
    assert dominants > 10


def test_a_chord_borrows_no_more_than_one_tone_and_lines_know_it() -> None:
    piece = a_piece("relax", divergence=1.0)
    chords = [chord_of(piece, index) for index in range(400)]
    borrowing = [chord for chord in chords if not set(chord.tones) <= chord.key.scale]
    assert 0.1 < len(borrowing) / len(chords) < 0.35
    for chord in borrowing:
        assert len(set(chord.tones) - chord.key.scale) == 1
        assert set(chord.tones) <= chord.scale
    assert not any(any(borrowed) for cycle in range(50) for _, borrowed in progression_of(a_piece("sleep"), cycle))
