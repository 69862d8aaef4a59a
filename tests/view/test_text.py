"""Foreign text can never steer the terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.view.text import LIMIT, clean, plain_ascii

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANYTHING)
def test_nothing_that_a_terminal_obeys_comes_through(text: str):
    for character in clean(text):
        assert unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(ANYTHING)
def test_cleaning_twice_changes_nothing(text: str):
    assert clean(clean(text)) == clean(text)


@given(ANYTHING)
def test_what_is_clean_can_be_encoded_and_has_a_limit(text: str):
    clean(text).encode("utf-8")
    assert len(clean(text * 50)) <= LIMIT


@given(ANYTHING)
def test_plain_ascii_is_ascii(text: str):
    assert plain_ascii(text).isascii()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "�[31mred�[0m"),
        ("\x9b31m", "�31m"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("right\u202etfel", "right�tfel"),
        ("音楽 – Köln", "音楽 – Köln"),
    ],
)
def test_examples(text: str, shown: str):
    assert clean(text) == shown


def test_long_text_ends_in_an_ellipsis():
    assert clean("a" * 30, limit=10) == "a" * 9 + "…"


def test_accents_are_dropped_where_only_ascii_can_be_shown():
    assert plain_ascii("Kopfhörer… 音") == "Kopfhorer... ?"
    assert plain_ascii("segment 1 → “a–b”, B♭ and F♯ × 2") == 'segment 1 -> "a-b", Bb and F# x 2'
