"""Wall time for judging what is too old: a clock that is put forward ages nothing, only time that passed does."""

from focuscli.clock import Clock


class PassedTime:
    """Wall time as it was when this was made, and what passed since; or what the clock says now, where that is less."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.now().timestamp() - clock.monotonic()

    def now(self) -> float:
        """Unix seconds."""
        return min(self._clock.now().timestamp(), self._began + self._clock.monotonic())
