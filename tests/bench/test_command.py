"""The bench from its options to its page."""

import argparse
import json

import pytest

from focuscli.bench.music import add_options, run
from focuscli.bench.music.command import columns_of, in_parallel, takes_of
from focuscli.bench.music.divergence import LEVELS, Pair, row
from focuscli.bench.music.take import Take
from focuscli.model import Goal, Intensity
from focuscli.music.timeline import spans


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    add_options(parser)
    return parser.parse_args(words)


def test_a_take_is_rendered_judged_and_shown() -> None:
    rows, page = run(options("--goal", "sleep", "--intensity", "low", "--minutes", "0.5", "--phrases", "30"))
    take, paper = rows
    assert (take["goal"], take["intensity"], take["seed"]) == ("sleep", "low", 1)
    assert 0 <= take["signs_absent"] <= 12
    assert take["bytes_differing"] == 0.0
    assert take["dbtp"] <= -1.0
    assert {"lufs", "motion_oct", "pulse", "entropy_bits", "corr", "copy_rate", "stem_steps", "onsets_s"} <= take.keys()
    assert paper["phrases"] >= 10
    assert json.loads(json.dumps(rows)) == rows
    assert all(sentence in page for sentence in take["missed"])
    assert "share of takes that meet each limit" in page


def test_quick_leaves_out_what_was_not_asked_for() -> None:
    assert len(columns_of(options())) == 12
    assert columns_of(options("--quick", "--goal", "focus")) == [(Goal.FOCUS, Intensity.MEDIUM)]
    assert columns_of(options("--quick", "--goal", "focus", "--intensity", "high")) == [(Goal.FOCUS, Intensity.HIGH)]


def test_takes_are_of_every_column_divergence_and_seed() -> None:
    assert {take.divergence for take in takes_of(options("--quick"))} == {0.35}
    takes = takes_of(options("--goal", "relax", "--seeds", "2", "--divergence", "0", "--divergence", "1"))
    assert len(takes) == len(set(takes)) == 12
    assert {(take.divergence, take.seed) for take in takes} == {(0.0, 1), (0.0, 2), (1.0, 1), (1.0, 2)}


def test_the_music_of_words_is_judged_by_floor_and_signs_of_the_goal_they_mean() -> None:
    words = "a harp by the sea, to fall asleep"
    (take,), page = run(options("--quick", "--prompt", words, "--minutes", "0.5"))
    assert (take["goal"], take["prompt"], take["intensity"]) == ("custom_prompt", words, "medium")
    assert 0 <= take["signs_absent"] <= 12
    assert "table" not in page
    assert "sign  4 no life: 1 s level" in page
    assert "sign  4 every note equally loud" not in page
    assert words[:13] in page


def test_takes_begin_on_the_plateau() -> None:
    take = Take(Goal.FOCUS, Intensity.MEDIUM, 1, 2.0, 0.35)
    assert 240.0 <= spans(take.piece)[take.number].start / 48_000 < 360.0


def test_work_comes_back_in_order_from_several_processes() -> None:
    assert in_parallel(divmod, [(7, 2), (9, 4), (5, 5)], 2) == [(3, 1), (2, 1), (1, 0)]


@pytest.mark.parametrize(("slope", "kept"), [(0.75, True), (0.1, False)])
def test_divergence_keeps_its_contract_only_if_distances_grow_with_it(slope: float, kept: bool) -> None:
    pairs = [
        Pair(Goal.FOCUS, level, seed, (0.55 + slope * level + 0.02 * seed,), (0.8,))
        for level in LEVELS
        for seed in range(3)
    ]
    found = row(Goal.FOCUS, pairs)
    assert found["spearman"] == pytest.approx(1.0)
    assert found["ok"] is kept
