"""What is printed is what was meant: no control, no bidirectional override, and nothing lost that can be read."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from focuscli.plain_text import printable, printable_lines

STEERING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(st.characters()))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert not {unicodedata.category(c) for c in printable(text)} & STEERING
    assert not {unicodedata.category(c) for c in printable_lines(text) if c not in "\n\t"} & STEERING
    assert len(printable(text)) == len(text[:300])


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S"])))
def test_what_can_be_read_stays(text: str) -> None:
    assert printable(text) == text[:300]
    assert printable_lines(f"{text}\n\t{text} …") == f"{text}\n\t{text} …"


def test_spaces_of_other_languages_stay() -> None:
    assert printable("pas trop vite\u202f!\u00a0\u3000") == "pas trop vite\u202f!\u00a0\u3000"
