"""Token buckets, one a key: so many requests at once, refilled steadily."""

import math
from dataclasses import dataclass

from focuscli.clock import Clock


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a request was granted: `retry_after_s` is 0 where it may be answered, and at least 1 where it may not.

    `resets_at` is when the bucket will be full again, in Unix seconds.
    """

    limit: int
    remaining: int
    resets_at: int
    retry_after_s: int = 0

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Both families of headers that clients of this API look for."""
        limit, remaining, reset = b"%d" % self.limit, b"%d" % self.remaining, b"%d" % self.resets_at
        return [
            (b"x-ratelimit-limit-requests", limit),
            (b"x-ratelimit-remaining-requests", remaining),
            (b"x-ratelimit-reset-requests", reset),
            (b"x-ratelimit-limit", limit),
            (b"x-ratelimit-remaining", remaining),
            (b"x-ratelimit-reset", reset),
        ]


class RateLimits:
    """The buckets of all keys. On the event loop's thread only; refill is measured in monotonic time."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        """`per_minute` is what a bucket holds, and what flows into it in a minute; 0: no limit."""
        self._per_minute, self._clock = per_minute, clock
        self._buckets: dict[bytes, tuple[float, float]] = {}

    def take(self, key: bytes) -> Allowance | None:
        """Take one request out of the key's bucket; None where there is no limit."""
        if not self._per_minute:
            return None
        now, per_s = self._clock.monotonic(), self._per_minute / 60.0
        tokens, since = self._buckets.get(key, (float(self._per_minute), now))
        tokens = min(float(self._per_minute), tokens + (now - since) * per_s)
        retry_after_s = 0 if tokens >= 1.0 else max(1, math.ceil((1.0 - tokens) / per_s))
        if not retry_after_s:
            tokens -= 1.0
        self._buckets[key] = tokens, now
        resets_at = math.ceil(self._clock.now().timestamp() + (self._per_minute - tokens) / per_s)
        return Allowance(self._per_minute, int(tokens), resets_at, retry_after_s)
