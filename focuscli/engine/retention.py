"""How long audio is kept: for a while after a session's end, and within a quota as long as nobody uses it."""

import logging

from focuscli.clock import Clock
from focuscli.engine.objects import LocalObjects
from focuscli.engine.store import Store

log = logging.getLogger(__name__)


class Retention:
    """Removes audio whose time is over, or for which there is no room. Tracks are not its matter: they stay."""

    def __init__(
        self, store: Store, objects: LocalObjects, clock: Clock, *, retention_s: float, quota_bytes: int
    ) -> None:
        self._store, self._objects, self._clock = store, objects, clock
        self._retention_s, self._quota_bytes = retention_s, quota_bytes
        self._began = clock.now().timestamp() - clock.monotonic()

    def apply(self) -> int:
        """Remove what need not be kept; returns how many objects went."""
        keys = [*self._store.expire(self._now() - self._retention_s), *self._store.evict(self._quota_bytes)]
        for key in keys:
            self._objects.remove(key)
        if keys:
            log.info("the audio of %d segments was given up", len(keys))
        return len(keys)

    def _now(self) -> float:
        """Wall time, but a clock that is put forward makes nothing older: only time that passed does."""
        return min(self._clock.now().timestamp(), self._began + self._clock.monotonic())
