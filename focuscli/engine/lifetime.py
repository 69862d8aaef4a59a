"""How long the engine lives: until it is told to stop, or, when it started by itself, until nobody needs it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from focuscli.clock import Clock
from focuscli.engine.store import StoreUnavailable


class Lifetime:
    """Counts requests, knows whether the engine is idle, and holds the wish to stop."""

    def __init__(self, clock: Clock, idle_exit_s: float | None, has_work: Callable[[], bool]) -> None:
        """`idle_exit_s` None: never idle. `has_work` tells whether anything is still to be rendered."""
        self._clock, self._idle_exit_s, self._has_work = clock, idle_exit_s, has_work
        self._began = self._last_activity = clock.monotonic()
        self._requests = 0
        self._leave, self._stop = asyncio.Event(), asyncio.Event()

    @property
    def leaving(self) -> bool:
        """Whether the engine takes nothing new up, and still answers."""
        return self._leave.is_set()

    @property
    def stopping(self) -> bool:
        """Whether the end has been decided."""
        return self._stop.is_set()

    @property
    def uptime_s(self) -> float:
        """Seconds since the engine began."""
        return self._clock.monotonic() - self._began

    def leave(self) -> None:
        """Take nothing new up: the end comes when what is begun is done, or at once by `stop`."""
        self._leave.set()

    async def left(self) -> None:
        """Return when nothing new is to be taken up."""
        await self._leave.wait()

    def stop(self) -> None:
        """Decide the end."""
        self._leave.set()
        self._stop.set()

    async def stopped(self) -> None:
        """Return when the end has been decided."""
        await self._stop.wait()

    @contextmanager
    def request(self) -> Iterator[None]:
        """While a request is answered, and for a while after it, the engine is needed."""
        self._requests += 1
        try:
            yield
        finally:
            self._requests -= 1
            self._last_activity = self._clock.monotonic()

    def idle_in_s(self) -> float | None:
        """Seconds until the engine counts as idle if nothing happens, 0 when it does; None: never."""
        if self._idle_exit_s is None:
            return None
        if self._requests or self._can_work():
            return self._idle_exit_s
        return max(0.0, self._last_activity + self._idle_exit_s - self._clock.monotonic())

    def _can_work(self) -> bool:
        try:
            return self._has_work()
        except StoreUnavailable:  # then nothing can be rendered either
            return False

    async def watch(self) -> None:
        """Decide the end when the engine has become idle."""
        while (remaining_s := await asyncio.to_thread(self.idle_in_s)) is not None:
            if remaining_s == 0.0:
                self.stop()
                return
            await asyncio.sleep(remaining_s)
