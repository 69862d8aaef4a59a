"""An event loop whose time is nobody's: while nothing is to be done, it jumps to when something is.

Threads would run in real time beside it, so what is given to them is done at once, in the loop's own thread. A run is
as long as its work, and the same every time.
"""

import asyncio
import selectors
from collections.abc import Callable
from typing import Any

from focuscli.bench.stepped import SteppedClock


class _Jumping(selectors.SelectSelector):
    """Where nothing came it does not wait, but lets the clock go on."""

    def __init__(self, clock: SteppedClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0.0)
        if not found:
            assert timeout is not None, "everybody waits for somebody else"
            self._clock.step(timeout)
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """On one clock with the engine that runs on it."""

    def __init__(self, clock: SteppedClock) -> None:
        self._virtual = clock
        super().__init__(_Jumping(clock))

    def time(self) -> float:
        """Seconds of that clock."""
        return self._virtual.monotonic()

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> "asyncio.Future[Any]":  # type: ignore[override]  # noqa: ARG002
        """Done at once."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as exc:  # noqa: BLE001  # whatever it is, it belongs to who asked
            future.set_exception(exc)
        return future


def run_virtually(main: Callable[[], Any], clock: SteppedClock) -> Any:
    """What the coroutine function returns, on a loop of that clock."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        return runner.run(main())
