"""What an engine does for itself some times a minute: end what is over, give up what need not be kept, back up."""

import logging
from collections.abc import Callable, Sequence

from focuscli.clock import Clock
from focuscli.engine.store import StoreUnavailable

log = logging.getLogger(__name__)

SWEEP_S = 15.0
"""So often. An orphan is gone this long after its lease is over, or at the latest with the renewals it had left."""

BACKUP_S = 60.0
STRAYS_S = 3600.0
WORTH = 50
"""Backups are made, and strays looked for, so often; or after fifty times as long as that took."""


class Upkeep:
    """Does one chore after the other; one that fails is done the next time, and keeps no other one waiting."""

    def __init__(self, chores: Sequence[Callable[[], object]]) -> None:
        self._chores = chores

    def run(self) -> None:
        """Do them all once; blocks on the disk."""
        for chore in self._chores:
            try:
                chore()
            except (StoreUnavailable, OSError) as exc:
                log.warning("%s has to wait: %s", getattr(chore, "__qualname__", chore), exc)


class Paced:
    """A chore that takes its time, done no more often than it is worth."""

    def __init__(self, chore: Callable[[], object], clock: Clock, every_s: float) -> None:
        self._chore, self._clock, self._every_s = chore, clock, every_s
        self._next_at = clock.monotonic()

    def __call__(self) -> None:
        """Do it, if its time has come."""
        began = self._clock.monotonic()
        if began >= self._next_at:
            self._next_at = began + self._every_s
            self._chore()
            took_s = self._clock.monotonic() - began
            self._next_at = began + max(self._every_s, WORTH * took_s)
