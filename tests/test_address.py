"""The address can be read back, and only the key's holder can answer the hello."""

from pathlib import Path

import pytest

from focuscli.address import Address, new_nonce, proof, proves


def test_what_was_written_is_read(tmp_path: Path) -> None:
    address = Address("http://127.0.0.1:4711", 42, "0.1.0", 1, "2026-01-01T00:00:00Z")
    address.write(tmp_path / "run" / "engine.json")
    assert Address.read(tmp_path / "run" / "engine.json") == address


@pytest.mark.parametrize("content", ["", "{", "[]", '{"url": "x"}', "\x00\xff", '{"url":1,"pid":"x"}'])
def test_a_damaged_address_is_no_address(tmp_path: Path, content: str) -> None:
    file = tmp_path / "engine.json"
    file.write_text(content, encoding="latin-1")
    assert Address.read(file) is None
    assert Address.read(tmp_path / "missing") is None


def test_only_the_key_answers_the_nonce() -> None:
    nonce = new_nonce()
    assert proves("key", nonce, 80, proof("key", nonce, 80))
    assert not proves("key", nonce, 80, proof("other", nonce, 80))
    assert not proves("key", new_nonce(), 80, proof("key", nonce, 80))
    assert not proves("key", nonce, 80, "ünicode")


def test_a_proof_that_was_passed_on_from_another_port_is_none() -> None:
    nonce = new_nonce()
    assert not proves("key", nonce, 81, proof("key", nonce, 80))
