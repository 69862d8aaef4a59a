"""Secrets of this engine: who may call it, and with what its media URLs are signed."""

import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from focuscli.engine.key_form import Kind, new_key
from focuscli.engine.private import read_private
from focuscli.engine.store import Owner
from focuscli.errors import Conflict
from focuscli.paths import write_private

USE_MUSIC_GENERATION = "USE_MUSIC_GENERATION"
MANAGE_ENGINE = "MANAGE_ENGINE"
CAPABILITIES = frozenset({USE_MUSIC_GENERATION, MANAGE_ENGINE})
LOCAL_USER = "user_local"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a key belongs to, and what it may do."""

    owner: Owner
    capabilities: frozenset[str] = field(default=frozenset({USE_MUSIC_GENERATION}))


class Callers(Protocol):
    """Whom this engine knows."""

    def identify(self, key: bytes) -> Caller | None:
        """The caller with this key; None for an unknown one. Takes as long for either."""


class FixedCallers:
    """Callers by their keys, as few as fit in memory: the local engine has one."""

    def __init__(self, callers: Mapping[str, Caller]) -> None:
        self._callers = [(key.encode(), caller) for key, caller in callers.items()]

    def identify(self, key: bytes) -> Caller | None:
        """Compare with every key, so that the time tells nothing."""
        found = None
        for known, caller in self._callers:
            if hmac.compare_digest(known, key):
                found = caller
        return found


class EitherCallers:
    """The callers of one and of another."""

    def __init__(self, one: Callers, other: Callers) -> None:
        self._one, self._other = one, other

    def identify(self, key: bytes) -> Caller | None:
        """Whoever of either has this key."""
        return self._one.identify(key) or self._other.identify(key)


def load_key(file: Path) -> str:
    """The key of this machine's user, made up where the file is absent; raises as `load_secret`."""
    return load_secret(file, lambda: new_key(Kind.LOCAL))


def load_secret(file: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> str:
    """The 43 or more url-safe characters in a private file, made up where it is absent.

    Raises Conflict where others than its owner may read it, or where it holds something else.
    """
    if not os.path.lexists(file):
        write_private(file, make())
    secret = read_private(file).strip()
    if len(secret) < 43 or not secret.replace("-", "").replace("_", "").isalnum() or not secret.isascii():
        raise Conflict(f"the key file {file} does not hold a key", hint=f"remove it, and a new one is made: rm {file}")
    return secret
