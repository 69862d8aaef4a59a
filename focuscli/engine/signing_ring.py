"""The keys with which media URLs are signed: the newest signs, all verify, none goes while a URL of its time is valid.

Changing the key is making a new one and letting the old ones run out, so that no download fails by it (as in the key
groups of content delivery networks). They lie in one private file, as old as the engine's data.
"""

import logging
import os
import re
import secrets
from pathlib import Path

import msgspec

from focuscli.clock import Clock
from focuscli.engine.private import read_private
from focuscli.paths import write_private

log = logging.getLogger(__name__)

MOST_KEYS = 3
_KEY_ID = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)
DUE_S = 30 * 86_400.0
"""A key that has signed for so long is followed by a new one."""


class SigningKey(msgspec.Struct, frozen=True):
    """One key: its id in URLs, its secret, and since when it exists (Unix seconds)."""

    key_id: str
    secret: str
    made_at: float


class _Content(msgspec.Struct, frozen=True):
    """What the file holds: which deployment the URLs are for, and its keys, the newest last."""

    deployment: str
    keys: list[SigningKey]


class SigningRing:
    """The keys of one deployment; every change is on the disk before it counts."""

    def __init__(self, file: Path, clock: Clock, longest_ttl_s: float) -> None:
        """Read the file, or make it, also where it is damaged. Raises Conflict where it is open to others.

        `longest_ttl_s` is how long a URL may be valid: so long a key is kept after the next one was made.
        """
        self._file, self._clock, self._longest_ttl_s = file, clock, longest_ttl_s
        self._content = self._read() if os.path.lexists(file) else self._make()
        if self._clock.now().timestamp() - self._content.keys[-1].made_at > DUE_S:
            self.rotate()

    @property
    def deployment(self) -> str:
        """Whom the URLs are for: no other deployment's are accepted, whatever its keys."""
        return self._content.deployment

    @property
    def secrets(self) -> dict[str, bytes]:
        """Secrets by their ids, the newest last."""
        return {key.key_id: key.secret.encode("ascii") for key in self._content.keys}

    def rotate(self) -> bool:
        """Sign with a new key from now on; False where three are still needed, which changes nothing."""
        now = self._clock.now().timestamp()
        keys = self._needed(now)
        if len(keys) >= MOST_KEYS:
            return False
        newest = SigningKey(str(int(keys[-1].key_id) + 1), secrets.token_urlsafe(32), now)
        self._write(_Content(self.deployment, [*keys, newest]))
        log.info("media URLs are signed with key %s from now on", newest.key_id)
        return True

    def _needed(self, now: float) -> list[SigningKey]:
        """Without those for which every URL has expired: they stopped signing when the next one was made."""
        keys = self._content.keys
        stopped = [key.made_at for key in keys[1:]]
        late = [now - at > self._longest_ttl_s for at in stopped]
        return [key for key, gone in zip(keys, [*late, False], strict=True) if not gone]

    def _make(self) -> _Content:
        key = SigningKey("1", secrets.token_urlsafe(32), self._clock.now().timestamp())
        return self._write(_Content(f"focus_{secrets.token_hex(6)}", [key]))

    def _read(self) -> _Content:
        text = read_private(self._file)
        try:
            content = msgspec.json.decode(text, type=_Content)
            for key in content.keys:
                _checked(key)
        except (msgspec.DecodeError, ValueError) as exc:
            log.warning("%s is damaged (%s); URLs that are out become invalid", self._file, exc)
            return self._make()
        return content if content.keys else self._make()

    def _write(self, content: _Content) -> _Content:
        write_private(self._file, msgspec.json.encode(content).decode("ascii"))
        self._content = content
        return content


def _checked(key: SigningKey) -> None:
    if not _KEY_ID.fullmatch(key.key_id) or len(key.secret.encode("ascii")) < 43:
        raise ValueError("a key is cut short")
