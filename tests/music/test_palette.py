"""Every two minutes have a palette of their own: alike without divergence, another album's with all of it."""

from itertools import pairwise

import numpy as np
import pytest

from focuscli.model import Goal, Intensity
from focuscli.music import motion
from focuscli.music.arrangement import colours
from focuscli.music.events import Note
from focuscli.music.form import bounds, phrases_per_section, section
from focuscli.music.goals import CHARACTERS
from focuscli.music.harmony import key_of
from focuscli.music.motion import KNOT_S, pad_brightness, pad_gain, room_level, texture_gain
from focuscli.music.palette import ASPECTS, balanced, level_at, sections_per_stretch, stretch_of, value
from focuscli.music.score import score_of
from focuscli.music.tempo import phrases
from focuscli.music.timeline import Piece

GOALS = ["focus", "relax", "sleep", "energize"]
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)


def a_piece(goal: str, divergence: float, seed: int = 5) -> Piece:
    return Piece(Goal(goal), Intensity.MEDIUM, divergence, seed, 5400)


def apart(piece: Piece, aspect: str) -> float:
    """How far neighbouring stretches lie apart in an aspect, root mean square."""
    step = sections_per_stretch(CHARACTERS[piece.goal, piece.intensity])
    values = [value(piece, aspect, number) for number in range(0, 40 * step, step)]
    return float(np.sqrt(np.mean(np.diff(values) ** 2)))


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("goal", ["focus", "relax", "energize"])
def test_the_more_divergence_the_farther_neighbouring_stretches_lie_apart(goal: str, aspect: str) -> None:
    distances = [apart(a_piece(goal, divergence), aspect) for divergence in LEVELS]
    assert distances[0] > 0.0
    assert all(there > here for here, there in pairwise(distances))
    assert distances[-1] > 1.5 * distances[0]


@pytest.mark.parametrize("goal", GOALS)
def test_a_stretch_is_about_as_long_as_a_segment(goal: str) -> None:
    piece = a_piece(goal, 0.5)
    size = phrases_per_section(CHARACTERS[Goal(goal), Intensity.MEDIUM])
    count = size * sections_per_stretch(CHARACTERS[Goal(goal), Intensity.MEDIUM])
    starts = [phrase.start / 48_000 for phrase in phrases(piece)[: 10 * count + 1 : count]]
    assert 90.0 < np.mean(np.diff(starts)) < 160.0


@pytest.mark.parametrize("goal", GOALS)
def test_not_every_aspect_moves_at_one_boundary(goal: str) -> None:
    piece = a_piece(goal, 0.3)
    moving = [
        {aspect for aspect in ASPECTS if stretch_of(piece, aspect, number) > stretch_of(piece, aspect, number - 1)}
        for number in range(1, 20)
    ]
    assert all(len(aspects) < 0.8 * len(ASPECTS) for aspects in moving)
    assert all(aspects for aspects in moving)


@pytest.mark.parametrize("divergence", [0.0, 1.0])
@pytest.mark.parametrize("goal", GOALS)
def test_a_new_palette_comes_without_a_step(goal: str, divergence: float) -> None:
    piece = a_piece(goal, divergence)
    knots = np.arange(240.0, 1500.0, KNOT_S)
    for aspect in ASPECTS:
        levels = np.array([level_at(piece, aspect, float(t)) for t in knots])
        assert np.abs(np.diff(levels)).max() <= 0.55 * max(np.ptp(levels), 1e-9)
    bright = pad_brightness(piece, knots)
    dark = pad_gain(piece, knots, bright)
    curves = (dark, room_level(piece, knots), dark * bright)
    assert all(np.all(np.isfinite(curve)) and curve.min() > 0.0 for curve in curves)


@pytest.mark.parametrize("goal", ["focus", "relax", "energize"])
def test_a_player_comes_to_a_new_level_without_a_step(goal: str) -> None:
    piece = a_piece(goal, 1.0)
    farthest = max(range(1, 60), key=lambda number: value(piece, "keys", number) - value(piece, "keys", number - 1))
    before, here = value(piece, "keys", farthest - 1), value(piece, "keys", farthest)
    assert here - before > 4.0
    begin, stop = bounds(piece, farthest)
    times = np.linspace(begin, stop, 200, endpoint=False).astype(int).tolist()
    played = balanced(piece, farthest, [Note(time, "keys", "felt", 60, 0.5, 1.0) for time in times])
    levels = 20.0 * np.log10([note.gain for note in played])
    assert levels[0] == pytest.approx(before, abs=0.01)
    assert levels[-1] == pytest.approx(here, abs=0.01)
    assert 0.0 <= np.diff(levels).min() <= np.diff(levels).max() < 0.05 * (here - before)


def test_a_bed_keeps_its_distance_to_the_pad_where_little_else_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    times = np.arange(240.0, 600.0, 5.0)

    def louder(goal: str) -> float:
        """By how much the bed grows with a pad that is 6 dB up, in dB."""
        piece = a_piece(goal, 0.5)
        with monkeypatch.context() as patch:
            patch.setattr(motion, "level_at", lambda p, aspect, t: level_at(p, aspect, t) + 6.0 * (aspect == "pad"))
            motion._pad_knot.cache_clear()
            up = texture_gain(piece, times, 0, 1)
        motion._pad_knot.cache_clear()
        return float(20.0 * np.log10(up / texture_gain(piece, times, 0, 1)).mean())

    assert louder("sleep") == pytest.approx(6.0)
    assert louder("relax") == pytest.approx(0.0)


def test_nothing_is_brighter_harder_or_noisier_for_a_sleeper_than_the_goal_has_it() -> None:
    for divergence in LEVELS:
        piece = a_piece("sleep", divergence)
        for aspect in ("bright", "texture", "other texture", "touch", "register"):
            assert max(value(piece, aspect, number) for number in range(60)) <= 0.0


def test_words_reach_farther_than_chance() -> None:
    told = Piece(Goal.CUSTOM_PROMPT, Intensity.MEDIUM, 1.0, 5, 5400, "relax, bright, no drums")
    assert max(abs(value(told, "bright", number)) for number in range(60)) <= 0.5 * 10.0


@pytest.mark.parametrize("goal", ["focus", "relax", "energize"])
def test_with_all_divergence_no_instrument_keeps_its_part_for_long(goal: str) -> None:
    def kept(divergence: float) -> float:
        """The share of stretches whose keys and lead are those of the stretch before."""
        piece = a_piece(goal, divergence)
        size = phrases_per_section(CHARACTERS[Goal(goal), Intensity.MEDIUM])
        step = size * sections_per_stretch(CHARACTERS[Goal(goal), Intensity.MEDIUM])
        players = [(colours(piece, phrase).keys, colours(piece, phrase).lead) for phrase in range(0, 30 * step, step)]
        return float(
            np.mean(
                [
                    here == there
                    for before, after in pairwise(players)
                    for here, there in zip(before, after, strict=True)
                ]
            )
        )

    assert kept(0.0) == 1.0
    assert kept(0.0) > kept(0.4) > kept(1.0)
    assert kept(1.0) == 0.0


@pytest.mark.parametrize("goal", GOALS)
def test_no_key_is_stayed_in_for_long_with_all_divergence(goal: str) -> None:
    pieces = [a_piece(goal, 1.0, seed) for seed in range(4)]
    moved = [
        key_of(piece, cycle).collection != key_of(piece, cycle + 4).collection
        for piece in pieces
        for cycle in range(0, 100, 4)
    ]
    assert np.mean(moved) > 0.4


@pytest.mark.parametrize("goal", ["focus", "energize"])
def test_loud_and_soft_parts_change_places(goal: str) -> None:
    """The power of the keys against the drums, stretch by stretch."""

    def spread(divergence: float) -> float:
        piece = a_piece(goal, divergence)
        ratios = []
        for number in range(4, 40):
            size = phrases_per_section(CHARACTERS[Goal(goal), Intensity.MEDIUM])
            notes = score_of(piece, phrases(piece)[number * size]).notes
            if {"kick", "keys"} <= section(piece, number).parts:
                power = {part: sum(n.amplitude**2 for n in notes if n.part == part) for part in ("keys", "drums")}
                ratios.append(10.0 * np.log10((power["keys"] + 1e-4) / (power["drums"] + 1e-4)))
        return float(np.std(ratios))

    assert spread(1.0) > 1.5 * spread(0.0)


def test_backgrounds_come_and_go_with_divergence() -> None:
    times = np.arange(300.0, 1800.0, 60.0)

    def spread(divergence: float) -> float:
        return float(np.std(20.0 * np.log10(texture_gain(a_piece("relax", divergence), times, 0, 2))))

    assert spread(1.0) > spread(0.0) + 1.5
