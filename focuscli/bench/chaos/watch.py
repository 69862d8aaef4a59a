"""Looks at the engines from outside: when could one of them have taken up a segment?"""

import http.client
import threading
import time
from dataclasses import dataclass
from itertools import pairwise

from focuscli.bench.durability import EngineProcess

BLINK_S = 2.0
"""Whoever watches has been held up himself, if he did not look for so long."""


@dataclass(frozen=True, slots=True)
class Glance:
    """Whether, at a moment, some engine had its store, and room for one more segment."""

    at: float
    able: bool


class Watch(threading.Thread):
    """Asks every engine for its figures some times a second: when could somebody have taken up a segment?"""

    def __init__(self, urls: list[str], every_s: float = 0.25) -> None:
        super().__init__(daemon=True)
        self._urls, self._every_s, self._over = urls, every_s, threading.Event()
        self.slots: dict[str, int] = {}
        self.glances: list[Glance] = []

    def run(self) -> None:
        """Until it is closed."""
        while not self._over.wait(self._every_s):
            able = [self._is_able(url) for url in self._urls]
            self.glances.append(Glance(time.time(), any(able)))

    def close(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()

    def _is_able(self, url: str) -> bool:
        try:
            _, answer = EngineProcess.fetch(f"{url}/metrics", timeout_s=2 * self._every_s)
        except (OSError, http.client.HTTPException):
            self.slots[url] = 0
            return False
        told = dict(line.rsplit(" ", 1) for line in answer.decode().splitlines())
        self.slots[url] = int(float(told["focus_render_slots"]))
        # without its store an engine does not know how many sessions there are
        return "focus_sessions_active" in told and self.slots[url] > float(told["focus_segments_rendering"])

    def unable_s(self, begin: float, end: float) -> float:
        """For how much of that time nobody could be seen to be able, in seconds."""
        seen = [glance for glance in self.glances if begin - 1.0 <= glance.at <= end + 1.0]
        able = 0.0
        for earlier, later in pairwise(seen):
            if earlier.able and later.able and later.at - earlier.at < BLINK_S:
                able += max(0.0, min(end, later.at) - max(begin, earlier.at))
        return end - begin - able
