"""Secrets of this engine: who may call it, and with what its media URLs are signed."""

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from focuscli.engine.store import Owner
from focuscli.errors import Conflict
from focuscli.paths import write_private

USE_MUSIC_GENERATION = "USE_MUSIC_GENERATION"
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


def load_secret(file: Path) -> str:
    """The 43 url-safe characters in a private file, made up where it is absent.

    Raises Conflict where others than its owner may read it, or where it holds something else.
    """
    if not file.exists():
        write_private(file, secrets.token_urlsafe(32))
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise Conflict(f"the key file {file} can be read by others", hint=f"chmod 600 {file}")
    secret = file.read_text(encoding="ascii", errors="replace").strip()
    if len(secret) < 43 or not secret.replace("-", "").replace("_", "").isalnum() or not secret.isascii():
        raise Conflict(f"the key file {file} does not hold a key", hint=f"remove it, and a new one is made: rm {file}")
    return secret
