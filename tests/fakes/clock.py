"""A clock that only moves when somebody sleeps or the test steps it."""

from datetime import UTC, datetime, timedelta


class StepClock:
    """Obeys focuscli.clock.Clock; `slept` lists every wait."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._s = 0.0

    def now(self) -> datetime:
        return datetime(2026, 6, 28, 10, 30, tzinfo=UTC) + timedelta(seconds=self._s)

    def monotonic(self) -> float:
        return self._s

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self._s += seconds

    def step(self, seconds: float) -> None:
        """Let that much time pass."""
        self._s += seconds
