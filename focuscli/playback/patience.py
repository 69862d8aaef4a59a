"""How long to wait before an engine is asked again."""

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait between two questions to the engine, in seconds."""

    first_s: float = 0.02
    growth: float = 1.1
    most_s: float = 1.0
    content_s: float = 3.0
    """When everything wanted is here: only the session's status is still of interest."""
    failed_first_s: float = 0.25
    failed_most_s: float = 15.0
    """After failures in a row: twice as long each time."""
    give_up_s: float = 180.0
    """A segment that cannot be fetched for so long, while the next one is ready, is left out."""
    asked_most_s: float = 120.0
    """Who asks for more patience than this gets so much."""


class Pace:
    """Waits that grow while nothing comes, and faster while all fails; a success makes them short again."""

    def __init__(self, patience: Patience, chance: Callable[[], float] = random.random) -> None:
        """`chance` gives numbers from 0 to 1."""
        self._patience = patience
        self._chance = chance
        self.succeeded()

    def succeeded(self) -> None:
        """Something came."""
        self._wait_s = self._patience.first_s
        self._failed_s = self._patience.failed_first_s

    def for_more_s(self) -> float:
        """The engine is well, and has nothing yet."""
        self._failed_s = self._patience.failed_first_s
        wait_s = self._wait_s
        self._wait_s = min(self._patience.most_s, wait_s * self._patience.growth)
        return wait_s

    def after_failure_s(self, asked_s: float | None = None) -> float:
        """Less up to half of it by chance, so that those who failed together don't come back together.

        Never less than what was asked for, within reason.
        """
        wait_s = self._failed_s * (1.0 - 0.5 * self._chance())
        self._failed_s = min(self._patience.failed_most_s, 2.0 * self._failed_s)
        return max(wait_s, min(asked_s or 0.0, self._patience.asked_most_s))
