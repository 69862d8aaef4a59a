"""When an engine is asked again, and after how long."""

from collections.abc import Callable
from dataclasses import dataclass, field

from focuscli.client.answer import Answer
from focuscli.client.refusal import retry_after_s
from focuscli.clock import Clock, SystemClock
from focuscli.errors import EngineFailed, EngineUnreachable

_PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that may be gone a moment later."""


def _chance() -> float:
    import random  # half a millisecond that only a failure costs

    return random.random()  # noqa: S311  # jitter, no secret


@dataclass(frozen=True, slots=True)
class Retry:
    """Exponential back-off with full jitter; a `Retry-After` is obeyed, or where it asks for longer, given up on."""

    attempts: int = 3
    first_wait_s: float = 0.25
    longest_wait_s: float = 5.0
    clock: Clock = field(default_factory=SystemClock)
    jitter: Callable[[], float] = _chance

    def ask(self, exchange: Callable[[], Answer]) -> Answer:
        """The first answer that is not a passing failure, or the last one; raises what the last attempt raised.

        Only for requests that may be repeated. An answer that is not HTTP (EngineFailed) is not asked for again.
        """
        for attempt in range(1, self.attempts):
            try:
                answer = exchange()
            except EngineFailed:
                raise
            except EngineUnreachable:
                wait_s: float | None = self._back_off_s(attempt)
            else:
                wait_s = self._wait_s(answer, attempt)
                if wait_s is None:
                    return answer
            self.clock.sleep(wait_s or 0.0)
        return exchange()

    def _wait_s(self, answer: Answer, attempt: int) -> float | None:
        if answer.status not in _PASSING:
            return None
        asked_s = retry_after_s(answer.headers)
        if asked_s is not None and asked_s > self.longest_wait_s:
            return None
        return max(asked_s or 0.0, self._back_off_s(attempt))

    def _back_off_s(self, attempt: int) -> float:
        return float(self.jitter() * min(self.longest_wait_s, self.first_wait_s * 2**attempt))
