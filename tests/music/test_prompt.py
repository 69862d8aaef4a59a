"""Words of a prompt take effect, and no text does harm."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.model import Goal, Intensity
from focuscli.music.character import character_of, seed_of
from focuscli.music.goals import Character
from focuscli.music.prompt import read
from focuscli.music.render import render_segment, render_span
from focuscli.music.score import score_of
from focuscli.music.tempo import phrases
from focuscli.music.timeline import Piece, Span, target_lufs
from tests.music.listening import centroid_hz, lufs


def a_piece(prompt: str, seed: int = 1) -> Piece:
    return Piece(Goal.CUSTOM_PROMPT, Intensity.MEDIUM, 0.3, seed, 120, prompt)


def meant(prompt: str) -> Character:
    return character_of(a_piece(prompt))


@pytest.mark.parametrize(
    ("prompt", "goal"),
    [
        ("music to fall asleep, a slow dream at night", Goal.SLEEP),
        ("upbeat running music", Goal.ENERGIZE),
        ("calm rainy afternoon with tea", Goal.RELAX),
        ("deep focus for coding", Goal.FOCUS),
        ("zxqv", Goal.FOCUS),
    ],
)
def test_words_vote_for_a_purpose(prompt: str, goal: Goal) -> None:
    assert read(prompt).goal is goal
    assert a_piece(prompt).plain_goal is goal


def test_words_change_what_they_name() -> None:
    assert meant("slow").tempo < meant("").tempo < meant("fast").tempo
    assert meant("dark").brightness < meant("").brightness < meant("bright").brightness
    assert meant("sparse").onsets < meant("").onsets < meant("busy").onsets
    assert meant("solo piano").keys == ("felt",)
    assert meant("in d minor").modes == ("aeolian",)
    assert meant("rainy").textures == ("rain",)
    assert meant("huge cathedral").room_s > meant("").room_s > meant("dry").room_s


def test_no_takes_away() -> None:
    assert meant("calm music with drums").groove
    assert not meant("coding music, no drums").groove
    assert "epiano" not in meant("focus without keys").keys
    assert meant("no vinyl").textures == ("room",)


def test_a_tempo_and_a_key_are_taken_at_their_word() -> None:
    for bpm in (40, 70, 90, 111, 150):
        beat = phrases(a_piece(f"{bpm} bpm, in e flat minor"))[0].beat
        assert 60 * 48_000 / beat == pytest.approx(bpm, rel=0.001)
    assert read("90 bpm, in e flat minor").tonic == 3
    assert read("in a quiet room").tonic is None


def test_drums_are_gone_from_the_score_when_they_are_unwanted() -> None:
    for prompt, expected in (("focus", True), ("focus, no drums", False)):
        piece = a_piece(prompt)
        parts = {note.part for phrase in phrases(piece) for note in score_of(piece, phrase).notes}
        assert ("drums" in parts) is expected


@pytest.mark.parametrize(
    "words", ["relax, {}, no drums", "{} piano by the sea", "study music, {}", "{} harp", "{} guitar"]
)
def test_a_bright_prompt_is_heard_to_be_brighter_than_a_dark_one(words: str) -> None:
    dark, bright = (render_span(a_piece(words.format(word)), Span(960_000, 1_900_000)) for word in ("dark", "bright"))
    assert centroid_hz(bright) > 1.05 * centroid_hz(dark)


def test_unknown_words_make_other_music_of_the_same_character() -> None:
    one, other = a_piece("fjord"), a_piece("heath")
    assert character_of(one) == character_of(other)
    assert seed_of(one) != seed_of(other)


@pytest.mark.parametrize(("one", "other"), [("rain", "Rain"), ("rain", "rain."), ("🌧", "🔥"), ("\ud800", "\ud801")])
def test_two_prompts_never_share_all_of_their_music(one: str, other: str) -> None:
    assert seed_of(a_piece(one)) != seed_of(a_piece(other))
    assert seed_of(a_piece(one)) == seed_of(a_piece(one))


def test_a_prompted_session_is_as_loud_as_planned() -> None:
    piece = a_piece("slow dark rain, piano in d minor, no drums")
    assert lufs(render_segment(piece, 0)) == pytest.approx(target_lufs(piece, 0), abs=0.8)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=3000))
def test_any_text_gives_a_playable_character(text: str) -> None:
    character = meant(text)
    assert 38.0 <= character.tempo[0] <= character.tempo[1] <= 155.0
    assert character.keys
    assert character.lead
    assert character.pads
    phrases(a_piece(text))


@pytest.mark.parametrize("prompt", ["fast dense busy " * 200, "no " * 999, "𝕱" * 2000, "\x00\n999 bpm in h dur"])
def test_hostile_text_is_bounded_in_time_and_effect(prompt: str) -> None:
    began = time.process_time()
    sound = render_span(a_piece(prompt), Span(0, 96_000))
    assert time.process_time() - began < 5.0
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= 1.0
    assert meant(prompt).onsets <= 7.0
