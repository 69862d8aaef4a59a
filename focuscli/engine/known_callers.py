"""Who is behind a key of the store.

The keys are held in memory, for the engine alone writes them: a call costs one digest and no look into the store.
"""

import hmac
from collections.abc import Iterator

from focuscli.clock import Clock
from focuscli.engine.key_form import digest, key_id_of
from focuscli.engine.key_store import KeyStore, StoredKey
from focuscli.engine.keys import Caller

_NOBODY = digest(b"")


class KnownCallers:
    """Identifies callers, and remembers which keys were used. `identify` belongs to the event loop's thread."""

    def __init__(self, store: KeyStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._used: dict[str, float] = {}
        self._keys: dict[str, StoredKey] = {}
        self.reload()

    def reload(self) -> None:
        """Read all keys anew; to be called after one was made or revoked."""
        self._keys = {key.key_id: key for key in self._store.listing()}

    def identify(self, key: bytes) -> Caller | None:
        """The caller with this key; None for one that is unknown, revoked or expired."""
        found = self._keys.get(key_id_of(key) or "")
        now = self._clock.now().timestamp()
        # an unknown id takes as long as a known one
        matches = hmac.compare_digest(found.sha256 if found else _NOBODY, digest(key))
        if found is None or not matches or not found.opens(now):
            return None
        self._used[found.key_id] = now
        return Caller(found.owner, found.capabilities)

    def note_use(self) -> None:
        """Write down when keys were used; blocks on the disk."""
        used, self._used = self._used, {}
        if used:
            self._store.used(used)

    def usable(self) -> Iterator[StoredKey]:
        """The keys of the store that let someone in now."""
        now = self._clock.now().timestamp()
        return (key for key in self._keys.values() if key.opens(now))
