"""How long audio is kept: for a while after a session's end, and within a quota as long as nobody uses it."""

import logging

from focuscli.clock import Clock
from focuscli.engine.objects import Objects
from focuscli.engine.passed import PassedTime
from focuscli.engine.store import Store

log = logging.getLogger(__name__)


class Retention:
    """Removes audio whose time is over, or for which there is no room. Tracks are not its matter: they stay."""

    def __init__(self, store: Store, objects: Objects, clock: Clock, *, retention_s: float, quota_bytes: int) -> None:
        self._store, self._objects, self._passed = store, objects, PassedTime(clock)
        self._retention_s, self._quota_bytes = retention_s, quota_bytes

    def apply(self) -> int:
        """Remove what need not be kept; returns how many objects went."""
        keys = [*self._store.expire(self._passed.now() - self._retention_s), *self._store.evict(self._quota_bytes)]
        for key in keys:
            self._objects.remove(key)
        if keys:
            log.info("the audio of %d segments was given up", len(keys))
        return len(keys)
