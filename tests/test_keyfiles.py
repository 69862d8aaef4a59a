"""A key is read by its owner alone, and belongs to one host."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from focuscli import keychain
from focuscli.credentials import KEY_VARIABLES, is_usable, masked
from focuscli.errors import NotSignedIn, TimedOut, UsageError
from focuscli.keyfiles import Kept, KeyFiles, origin_of

ORIGIN = "https://api.example.com"
KEY = "fk_live_0123456789abcdef"


@pytest.fixture
def keys(tmp_path: Path) -> KeyFiles:
    return KeyFiles(tmp_path / "config" / "keys")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://API.Example.com/freddy/v1", ORIGIN),
        ("https://api.example.com:443", ORIGIN),
        ("https://api.example.com:8443", f"{ORIGIN}:8443"),
        ("http://[::1]:8750/x", "http://[::1]:8750"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ],
)
def test_a_key_is_bound_to_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_it_is_kept_for_its_owner_alone(keys: KeyFiles) -> None:
    kept = keys.keep(ORIGIN, KEY)
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.file.parent.stat().st_mode) == 0o700
    found = keys.find(ORIGIN)
    assert found == kept
    assert found is not None
    assert found.look_up() == KEY


@pytest.mark.parametrize(
    "other", ["https://api.example.org", f"{ORIGIN}:8443", "http://api.example.com", "https://api"]
)
def test_no_other_host_gets_it(keys: KeyFiles, other: str) -> None:
    keys.keep(ORIGIN, KEY)
    assert keys.find(other) is None
    assert not keys.forget(other)
    assert keys.find(ORIGIN) is not None


def test_a_file_that_was_renamed_is_no_key_of_the_other_host(keys: KeyFiles) -> None:
    keys.keep(ORIGIN, KEY).file.rename(keys.file_of("https://thief.example"))
    assert keys.find("https://thief.example") is None


@pytest.mark.parametrize("loosen", [lambda file: file.chmod(0o640), lambda file: file.parent.chmod(0o711)])
def test_what_others_can_get_at_is_refused_and_not_mended(keys: KeyFiles, loosen: Callable[[Path], None]) -> None:
    kept = keys.keep(ORIGIN, KEY)
    loosen(kept.file)
    with pytest.raises(NotSignedIn, match="others can get at") as caught:
        keys.find(ORIGIN)
    assert "chmod" in caught.value.hint
    assert [type(one) for one in keys.all()] == [NotSignedIn]
    assert keys.forget(ORIGIN)


def test_what_somebody_else_owns_is_refused(keys: KeyFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.keep(ORIGIN, KEY)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(NotSignedIn, match="belongs to somebody else"):
        keys.find(ORIGIN)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"origin": 1}', "\xff"])
def test_a_damaged_file_says_what_to_do(keys: KeyFiles, content: str) -> None:
    file = keys.keep(ORIGIN, KEY).file
    file.write_text(content, encoding="latin-1")
    with pytest.raises(NotSignedIn, match="cannot be read") as caught:
        keys.find(ORIGIN)
    assert "focus auth login" in caught.value.hint


def test_an_empty_key_is_none(keys: KeyFiles) -> None:
    with pytest.raises(NotSignedIn, match="no usable key"):
        keys.keep(ORIGIN, "").look_up()


def test_a_key_is_shown_by_its_kind_and_end_only() -> None:
    assert masked(KEY) == "fk_…cdef"
    assert masked("short_secret") == "…"
    assert masked("0123456789abcdef0123") == "…0123"


def test_what_cannot_stand_in_a_header_is_no_key() -> None:
    assert is_usable(KEY)
    assert not any(map(is_usable, ("", "a b", "schlüssel", "a\nb")))


def test_no_variable_with_a_key_is_handed_on() -> None:
    assert {"FREDDY_API_KEY", "AGENTHUMAN_API_KEY", "EMOGG_API_KEY"} == KEY_VARIABLES


class FakeKeyring(ModuleType):
    """The system's store as the package `keyring` offers it."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def get_password(self, service: str, name: str) -> str | None:
        self.asked.append(name)
        return self.kept.get((service, name))

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    made = FakeKeyring()
    monkeypatch.setitem(sys.modules, "keyring", made)
    return made


def test_the_keyring_is_remembered_and_asked_for_that_host_alone(keys: KeyFiles, keyring: FakeKeyring) -> None:
    keys.keep("https://other.example", KEY)
    kept = keys.keep_in_keyring(ORIGIN, KEY)
    assert KEY not in kept.file.read_text()
    found = keys.find(ORIGIN)
    assert isinstance(found, Kept)
    assert found.look_up() == KEY
    other = keys.find("https://other.example")
    assert other is not None
    assert other.look_up() == KEY
    assert keyring.asked == [ORIGIN]
    assert keys.forget(ORIGIN)
    assert keyring.kept == {}


def test_without_the_package_it_says_how_to_get_it(keys: KeyFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(UsageError) as caught:
        keys.keep_in_keyring(ORIGIN, KEY)
    assert "focus-sessions[keyring]" in caught.value.hint
    assert keys.find(ORIGIN) is None


def test_a_keyring_that_fails_or_hangs_is_told(keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    over = threading.Event()
    monkeypatch.setattr(keychain, "LIMIT_S", 0.05)
    monkeypatch.setattr(keyring, "get_password", lambda *_: over.wait(20), raising=False)
    with pytest.raises(TimedOut, match="did not answer"):
        keychain.look_up(ORIGIN)
    over.set()

    def locked(*_: str) -> None:
        raise RuntimeError("the collection is locked")

    monkeypatch.setattr(keyring, "set_password", locked, raising=False)
    monkeypatch.setattr(keychain, "LIMIT_S", 20.0)
    with pytest.raises(NotSignedIn, match="the collection is locked"):
        keychain.keep(ORIGIN, KEY)
