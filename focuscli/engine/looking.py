"""Reads from the event loop: at once where the database is near, and by a thread where an answer takes its time."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Looking:
    """To be awaited with a read and what it is called with."""

    def __init__(self, *, near: bool) -> None:
        """`near`: a read is done sooner than it could be handed over."""
        self._near = near

    async def __call__(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the read answers, and raises."""
        if self._near:
            return read(*args, **kwargs)
        return await asyncio.to_thread(read, *args, **kwargs)
