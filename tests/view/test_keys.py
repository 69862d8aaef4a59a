"""Bytes become keys, however they are cut into reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.view.keys import ACTION_OF, KEYS, Action, KeyParser, actions_of

PIECES = {
    b"a": ["a"], b" ": ["space"], b"\x0c": ["ctrl-l"], b"\x1b[A": ["up"], b"\x1bOB": ["down"], b"\x1b[C": ["right"],
    b"\x1b[D": ["left"], b"\x1b[1;5A": [], b"\x1b[15~": [], b"\x1b[?1;2c": [], b"\x1bx": [], b"\x00": [],
    "音".encode(): ["音"], "é".encode(): ["é"], b"\x1b[200~q quit \x1b[A\x1b[201~": [], b"?": ["?"], b"+": ["+"],
}  # fmt: skip


@given(st.lists(st.sampled_from(list(PIECES))), st.data())
def test_keys_do_not_depend_on_how_the_bytes_arrive(pieces: list[bytes], data: st.DataObject):
    typed = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(typed)), max_size=6)))
    parser = KeyParser()
    names = []
    for begin, end in zip([0, *cuts], [*cuts, len(typed)], strict=True):
        names += parser.feed(typed[begin:end])
    assert names == [name for piece in pieces for name in PIECES[piece]]
    assert not parser.waiting


@given(st.lists(st.binary(max_size=40)))
def test_no_bytes_break_the_parser_or_pile_up(reads: list[bytes]):
    parser = KeyParser()
    for data in reads:
        actions_of(parser.feed(data))
        assert len(parser._rest) <= 80
    parser.flush()
    assert not parser.waiting


def test_a_lone_escape_waits_for_the_timer():
    parser = KeyParser()
    assert parser.feed(b"\x1b") == []
    assert parser.waiting
    assert parser.flush() == ["esc"]
    assert parser.feed(b"[A") == ["[", "A"]


def test_escape_twice_is_twice_escape():
    parser = KeyParser()
    assert parser.feed(b"\x1b\x1b") == ["esc"]
    assert parser.flush() == ["esc"]


def test_an_unfinished_sequence_is_dropped_by_the_timer():
    parser = KeyParser()
    assert parser.feed(b"\x1b[1;") == []
    assert parser.flush() == []


def test_an_endless_paste_is_not_kept():
    parser = KeyParser()
    parser.feed(b"\x1b[200~")
    for _ in range(100):
        assert parser.feed(b"q" * 1000) == []
    assert len(parser._rest) < 10
    assert parser.feed(b"\x1b[201~q") == ["q"]


def test_no_key_is_in_the_table_twice():
    names = [name for key in KEYS for name in key.keys]
    assert len(names) == len(set(names)) == len(ACTION_OF)


def test_every_action_has_a_key_and_a_sentence():
    assert {key.action for key in KEYS} == set(Action)
    assert all(key.help for key in KEYS)


def test_capital_letters_count():
    assert actions_of(["Q", "M", "x", "ß"]) == [Action.QUIT, Action.MUTE]


@pytest.mark.parametrize(
    ("name", "step"), [("up", 5), ("+", 5), ("down", -5), ("-", -5), ("0", 1), ("9", -1), ("right", 0), ("m", 0)]
)
def test_volume_steps(name: str, step: int):
    assert ACTION_OF[name].volume_step == step
