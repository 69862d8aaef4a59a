"""How far ahead of its listeners a session is rendered, how fast, and so when its next segment may be expected."""

import math
from datetime import UTC, datetime

from focuscli.clock import Clock
from focuscli.engine.store import StoredSession

FIRST_GUESS = 0.02
"""Seconds of rendering a second of audio, before anything was measured."""

OVERHEAD_S = 0.1
"""What a segment costs however short it is: claiming, syncing, committing."""

_NEWEST_WEIGHT = 0.3


LEAD_S = 360.0
FEWEST_AHEAD = 3
"""So much is made ahead of what somebody asked for: the longer of the two. More is made for whoever asks again."""


def lead_segments(segment_s: float) -> int:
    """How many segments of that length are made ahead of what was asked for."""
    return max(FEWEST_AHEAD, math.ceil(LEAD_S / segment_s))


class Pace:
    """An exponential average of rendering speed, and what is being rendered since when (monotonic)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._cost = FIRST_GUESS
        self._began: dict[tuple[str, int], float] = {}

    def begin(self, session_id: str, segment_index: int) -> None:
        """Rendering of a segment begins."""
        self._began[session_id, segment_index] = self._clock.monotonic()

    def finish(self, session_id: str, segment_index: int, duration_s: float | None) -> None:
        """It is over: with so much audio, or (None) with nothing, which says nothing about the speed."""
        began = self._began.pop((session_id, segment_index), None)  # None: two rendered it, and the other is done
        if duration_s and began is not None:
            took_s = self._clock.monotonic() - began
            self._cost += _NEWEST_WEIGHT * (max(0.0, took_s - OVERHEAD_S) / duration_s - self._cost)

    def next_ready_at(self, session: StoredSession) -> datetime | None:
        """When the session's next segment may be expected, on a whole second; None where none is coming."""
        coming = session.next_segment
        if coming is None:
            return None
        began = self._began.get((session.session_id, coming.segment_index))
        rounds = 1 if began is not None else 2  # what is being rendered now goes first
        expected_s = rounds * (OVERHEAD_S + self._cost * coming.duration_s)
        elapsed_s = self._clock.monotonic() - began if began is not None else 0.0
        moment = self._clock.now().timestamp() + max(0.0, expected_s - elapsed_s)
        return datetime.fromtimestamp(math.ceil(moment), UTC)
