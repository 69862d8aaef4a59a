"""Prompts mean what people expect of them; no mixture of words and noise leaves the bounds of its goal."""

import re

import pytest

from focuscli.bench.prompts import entries_of, misses, random_prompts, trespasses
from focuscli.model import Goal
from focuscli.music.prompt import read
from focuscli.music.prompt.anchors import ANCHORS
from focuscli.music.prompt.grammar import STOP_WORDS
from focuscli.music.prompt.lexicon import CONCEPTS, known_phrases
from focuscli.music.prompt.meaning import Sense
from focuscli.music.prompt.nearest import nearest
from focuscli.music.prompt.reading import understand
from focuscli.music.prompt.text import cleaned, folded


@pytest.mark.parametrize("table", ["table", "unseen"])
def test_nine_in_ten_prompts_are_understood(table: str) -> None:
    entries = entries_of(table)
    wrong = {entry["prompt"]: missed for entry in entries if (missed := misses(entry))}
    assert len(wrong) <= 0.1 * len(entries), wrong


def test_the_table_is_as_varied_as_people_are() -> None:
    entries = entries_of("table")
    assert len({entry["prompt"] for entry in entries}) == 100
    assert sum("without" in entry for entry in entries) >= 15
    assert sum("bpm" in entry or "tonic" in entry for entry in entries) >= 10
    assert {goal for entry in entries if (goal := entry.get("goal"))} == {goal.value for goal in Goal} - {
        "custom_prompt"
    }


def test_a_wrong_expectation_is_noticed() -> None:
    assert misses({"prompt": "slow rain, no drums", "goal": "energize", "tempo": "fast", "with": ["drums"]}) == [
        "goal: energize",
        "tempo: fast",
        "with: ['drums']",
    ]


def test_no_random_prompt_leaves_the_bounds_of_its_goal() -> None:
    outside = {prompt: left for prompt in random_prompts(2000, seed=2) if (left := trespasses(prompt))}
    assert outside == {}


def heard(prompt: str) -> dict[str, Sense]:
    return {one.meaning: one.sense for one in read(prompt).understood}


@pytest.mark.parametrize(
    ("prompt", "absent", "present"),
    [
        ("no drums or bass, soft piano", {"drums", "bass"}, {"piano", "soft"}),
        ("without drums, bass or vocals", {"drums", "bass", "choir"}, set()),
        ("no drums and soft piano", {"drums"}, {"soft", "piano"}),
        ("without any loud annoying drums but with piano", {"drums"}, {"piano"}),
        ("not too fast piano", {"fast"}, {"piano"}),
        ("not fast and not bright", {"fast", "bright"}, set()),
        ("drums off, rain", {"drums"}, {"rain"}),
        ("beat-free rain", {"drums"}, {"rain"}),
        ("weder Klavier noch Bass", {"piano", "bass"}, set()),
        ("kein Schlagzeug, aber Klavier", {"drums"}, {"piano"}),
        ("ni piano ni batería", {"piano", "drums"}, set()),
        ("pas de batterie mais du piano", {"drums"}, {"piano"}),
        ("nothing but piano", set(), {"piano"}),
        ("sleep music without music, just rain", set(), {"sleep", "rain"}),
        ("without music just rain", set(), {"rain"}),
        ("piano lento bajo la lluvia", set(), {"piano", "slow", "rain"}),
    ],
)
def test_a_negation_reaches_as_far_as_it_is_meant_to(prompt: str, absent: set[str], present: set[str]) -> None:
    senses = heard(prompt)
    assert {meaning for meaning, sense in senses.items() if sense is Sense.UNWANTED} >= absent
    assert {meaning for meaning, sense in senses.items() if sense is Sense.WANTED} >= present


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("at 72 BPM", 72),
        ("72bpm", 72),
        ("72.5 bpm", 72.5),
        ("tempo: 90", 90),
        ("60-70 bpm", 65),
        ("80 Schläge pro Minute", 80),
        ("１００ bpm", 100),
        ("999 bpm", 150),
        ("5 bpm", 40),
        ("432 hz", None),
        ("90 minutes", None),
        ("123456789 bpm", None),
    ],
)
def test_a_tempo_in_figures_is_found_and_bounded(prompt: str, bpm: float | None) -> None:
    assert read(prompt).bpm == bpm


@pytest.mark.parametrize(
    ("prompt", "tonic", "modes"),
    [
        ("in F# minor", 6, ("aeolian",)),
        ("Bb major", 10, ("ionian",)),
        ("b-Moll", 10, ("aeolian",)),
        ("h-Moll", 11, ("aeolian",)),
        ("Cis-Dur", 1, ("ionian",)),
        ("si bemol menor", 10, ("aeolian",)),
        ("en fa dièse majeur", 6, ("ionian",)),
        ("piano in Dm", 2, ("aeolian",)),
        ("key of A", 9, ()),
        ("a minor detail", None, ()),
        ("in a major way", None, ()),
        ("la mayor parte", None, ()),
        ("at 3am", None, ()),
        ("entspannt am Meer", None, ()),
    ],
)
def test_a_key_is_found_and_an_article_is_none(prompt: str, tonic: int | None, modes: tuple[str, ...]) -> None:
    assert (read(prompt).tonic, read(prompt).modes) == (tonic, modes)


def test_slips_of_the_finger_are_forgiven_and_other_words_left_alone() -> None:
    assert heard("paino, guitarr, medtation, slwo").keys() == {"piano", "guitar", "meditation", "slow"}
    assert heard("brain, horse, plane").keys() == set()


def test_german_compounds_are_taken_apart() -> None:
    assert heard("Klaviermusik Regennacht").keys() == {"piano", "rain", "night"}


def test_unknown_scenes_mean_what_the_nearest_phrase_means() -> None:
    found = nearest(folded("staring out of the train window"))
    assert found is not None
    assert found.phrase == "looking out of a train window"
    assert nearest(folded("quarterly report for the finance board")) is None
    assert read("quarterly fnord").ignored == ("quarterly", "fnord")


def test_every_phrase_stands_for_concepts_that_exist_and_is_nearest_to_itself() -> None:
    assert len(ANCHORS) >= 150
    for phrase, concepts in ANCHORS:
        assert all(concept.strip() in CONCEPTS for concept in concepts.split(",")), phrase
        found = nearest(folded(phrase))
        assert found is not None
        assert found.phrase == phrase


def test_no_small_word_is_a_concept_by_accident() -> None:
    assert {word for word in known_phrases() if word in STOP_WORDS} == {"tune", "old"}


def test_a_text_is_clean_before_it_is_read() -> None:
    assert cleaned("\x1b[31mslow\x1b[0m \x1b]0;title\x07piano\u202e\x00\ud800 é") == " slow piano e"
    assert re.fullmatch(r"[ \n]*", cleaned("\u200e\u2066\x07\x1b[2J\n"))


@pytest.mark.parametrize(
    "unit",
    [
        "a", " ", "a ", "no ", "no , ", "7", "7 - ", "in d ", "a minor ", "\x1b[", "\x1b]", "and the ", "ﷺ", "👩‍👩‍👧",
        "x\u0301", "'s ", "lovely ", "no drums, bass ", "60 to ",
    ],
)  # fmt: skip
def test_endless_text_is_cut_before_anything_looks_at_it(unit: str) -> None:
    reading = understand(unit * 1_000_000)
    assert reading == understand(unit * 2000)
    assert len(reading.understood) <= 48


def test_figures_alone_speak_for_a_goal_where_no_word_does() -> None:
    assert read("128 bpm").goal is Goal.ENERGIZE
    assert read("128 bpm for studying").goal is Goal.FOCUS
