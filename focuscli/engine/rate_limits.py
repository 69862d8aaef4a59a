"""Token buckets, one a key, and one an organization: so many requests at once, refilled steadily."""

import math
from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a minute, 0 for any number: of each key, of each organization, and of those that have their own."""

    key: int = 0
    organization: int = 0
    by_organization: Mapping[str, int] | None = None

    def of_organization(self, organization_id: str) -> int:
        """What its keys may ask together."""
        return (self.by_organization or {}).get(organization_id, self.organization)


class RateLimits:
    """The buckets of all keys and organizations. On the event loop's thread only; refilled in monotonic time."""

    def __init__(self, rates: Rates, clock: Clock) -> None:
        """A bucket holds what flows into it in a minute."""
        self._rates, self._clock = rates, clock
        self._buckets: dict[bytes | str, tuple[float, float]] = {}

    def take(self, key: bytes, organization_id: str) -> Allowance | None:
        """Take one request out of the key's bucket and out of its organization's, or out of neither.

        Returns what is known of the one that has less; None where there is no limit.
        """
        limits: list[tuple[bytes | str, int]] = [
            (key, self._rates.key),
            (organization_id, self._rates.of_organization(organization_id)),
        ]
        levels = [(name, limit, self._level(name, limit)) for name, limit in limits if limit]
        if not levels:
            return None
        taken = 1.0 if all(tokens >= 1.0 for _, _, tokens in levels) else 0.0
        now = self._clock.monotonic()
        for name, _, tokens in levels:
            self._buckets[name] = tokens - taken, now
        _, limit, tokens = min(levels, key=lambda level: level[2])
        return self._allowance(limit, tokens - taken, granted=taken > 0.0)

    def _level(self, name: bytes | str, per_minute: int) -> float:
        """What is in a bucket now."""
        now = self._clock.monotonic()
        tokens, since = self._buckets.get(name, (float(per_minute), now))
        return min(float(per_minute), tokens + (now - since) * per_minute / 60.0)

    def _allowance(self, per_minute: int, tokens: float, *, granted: bool) -> Allowance:
        per_s = per_minute / 60.0
        resets_at = math.ceil(self._clock.now().timestamp() + (per_minute - tokens) / per_s)
        retry_after_s = 0 if granted else max(1, math.ceil((1.0 - tokens) / per_s))
        return Allowance(per_minute, int(tokens), resets_at, retry_after_s)
