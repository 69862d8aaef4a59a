"""Time as a parameter: whoever needs to know or to wait is given a clock."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for people and wire, monotonic time for durations and leases."""

    def now(self) -> datetime:
        """The present, in UTC."""

    def monotonic(self) -> float:
        """Seconds from an unknown origin, which no one can set back."""

    def sleep(self, seconds: float) -> None:
        """Let that much time pass."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block this thread for so many seconds."""
        time.sleep(seconds)


def wire_time(moment: datetime) -> str:
    """A moment as the wire writes it: UTC, whole seconds, `Z` (2026-06-28T10:30:00Z)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_wire_time(text: str) -> datetime:
    """The moment that a wire time names; raises ValueError for anything else."""
    return datetime.fromisoformat(text).astimezone(UTC)
