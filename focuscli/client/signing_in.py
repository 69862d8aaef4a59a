"""Which key a remote engine is asked with: the environment's, else the one that is kept for its origin."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from focuscli.client.remote import checked
from focuscli.credentials import is_usable, key_variable
from focuscli.errors import NotSignedIn
from focuscli.keyfiles import KeyFiles, origin_of
from focuscli.plain_text import printable


@dataclass(frozen=True, slots=True)
class SignIn:
    """A key, and where it came from."""

    key: str
    source: str


def sign_in(url: str, api: str, environment: Mapping[str, str], keys: KeyFiles) -> SignIn:
    """The key for the engine at that URL. The keyring is never touched before the environment was looked at.

    Raises UsageError for what is no engine's URL, and NotSignedIn where there is no key, or none that may be used.
    """
    checked(url)
    variable = key_variable(api)
    key = environment.get(variable, "").strip()
    if key:
        if not is_usable(key):
            raise NotSignedIn(f"{variable} holds characters that no key has", hint=f"set {variable} to your key")
        return SignIn(key, f"variable {variable}")
    kept = keys.find(origin_of(url))
    if kept is None:
        raise NotSignedIn(
            f"there is no key for {printable(url)}",
            hint=f"sign in: focus auth login --remote {printable(url)}\nor set {variable} to your key",
        )
    return SignIn(kept.look_up(), kept.where)


def beaten(url: str, api: str, environment: Mapping[str, str], keys: KeyFiles) -> list[str]:
    """A sentence where the environment's key hides one that was kept for this very engine."""
    variable = key_variable(api)
    if not environment.get(variable, "").strip():
        return []
    with suppress(ValueError, NotSignedIn):  # what is wrong with a key that is not used matters to nobody now
        kept = keys.find(origin_of(url))
        if kept is not None:
            return [f"{variable} beats the key that is kept for {kept.origin}"]
    return []
