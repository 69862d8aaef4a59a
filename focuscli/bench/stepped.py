"""A clock that only moves when somebody says so; wall and monotonic time can be moved apart."""

from datetime import UTC, datetime


class SteppedClock:
    """Obeys `focuscli.clock.Clock`."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 6, 28, 10, 30, tzinfo=UTC).timestamp()
        self.steady = 1000.0

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.fromtimestamp(self.wall, UTC)

    def monotonic(self) -> float:
        """Seconds of the monotonic clock."""
        return self.steady

    def sleep(self, seconds: float) -> None:
        """Let that much time pass."""
        self.step(seconds)

    def step(self, seconds: float) -> None:
        """Let that much time pass."""
        self.wall += seconds
        self.steady += seconds
