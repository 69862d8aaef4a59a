"""Servers, their queue and a clock that jumps from event to event; and what formulas say of simple such queues."""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, field


class Events:
    """What happens when, in seconds; what is due at one moment happens in the order in which it was planned."""

    def __init__(self) -> None:
        self.now = 0.0
        self._planned: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, moment: float, happen: Callable[[], None]) -> None:
        """Plan it; never for the past."""
        self._count += 1
        heapq.heappush(self._planned, (max(moment, self.now), self._count, happen))

    def run(self, until: float) -> None:
        """Let everything happen that is due before then."""
        while self._planned and self._planned[0][0] < until:
            self.now, _, happen = heapq.heappop(self._planned)
            happen()
        self.now = until


Rank = tuple[float, float]


@dataclass(order=True, slots=True)
class Job:
    """One thing to be done: the lowest rank first, and of one rank what came first."""

    rank: Rank
    number: int
    began: Callable[[], float] = field(compare=False)
    """Called when a server takes it; how long that will take, in seconds (0: nobody wants it any more)."""
    done: Callable[[], None] = field(compare=False)


class Servers:
    """So many of them on one queue; none is idle while there is work, and none leaves a job for a more urgent one."""

    def __init__(self, events: Events, count: int) -> None:
        self.count, self.busy, self.busy_s, self.queue_s = count, 0, 0.0, 0.0
        """`queue_s` is the integral of the queue's length: over a time, its mean."""
        self._events, self._number, self._seen_at = events, 0, 0.0
        self._queue: list[Job] = []

    @property
    def waiting(self) -> int:
        """How many jobs nobody has taken yet."""
        return len(self._queue)

    def submit(self, rank: Rank, began: Callable[[], float], done: Callable[[], None]) -> None:
        """Put a job into the queue, or into the hands of whoever is free."""
        self._number += 1
        self._look()
        heapq.heappush(self._queue, Job(rank, self._number, began, done))
        self._take()

    def _take(self) -> None:
        while self._queue and self.busy < self.count:
            self._look()
            job = heapq.heappop(self._queue)
            took_s = job.began()
            if took_s > 0.0:
                self.busy += 1
                self.busy_s += took_s
                self._events.at(self._events.now + took_s, lambda job=job: self._finish(job))  # type: ignore[misc]

    def _look(self) -> None:
        self.queue_s += self.waiting * (self._events.now - self._seen_at)
        self._seen_at = self._events.now

    def _finish(self, job: Job) -> None:
        self.busy -= 1
        job.done()
        self._take()


def erlang_c(servers: int, load: float) -> float:
    """The chance that who comes has to wait, of `load` Erlangs on so many servers (Erlang 1917); 1 from `servers` on.

    By way of Erlang B's recursion, whose terms neither overflow nor cancel.
    """
    if load >= servers:
        return 1.0
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def mean_wait_s(servers: int, rate_hz: float, service_s: float, variation: float = 1.0) -> float:
    """The mean wait of M/G/c in seconds; infinite from full load on.

    `variation` is the squared coefficient of variation of the service. Exact for M/M/c, and (Pollaczek and
    Khinchine) for M/G/1; between them the approximation of Lee and Longton (1959).
    """
    load = rate_hz * service_s
    if load >= servers:
        return math.inf
    return (1.0 + variation) / 2.0 * erlang_c(servers, load) * service_s / (servers - load)


def wait_s(share: float, servers: int, rate_hz: float, service_s: float, variation: float = 1.0) -> float:
    """What that share of all waits at most, in seconds, where waits have an exponential tail (exact for M/M/c)."""
    have_to = erlang_c(servers, rate_hz * service_s)
    if have_to >= 1.0:
        return math.inf
    mean = mean_wait_s(servers, rate_hz, service_s, variation)
    return max(0.0, mean / have_to * math.log(have_to / (1.0 - share))) if have_to else 0.0


def servers_for(rate_hz: float, service_s: float, most_wait_s: float, most_load: float, share: float = 0.99) -> int:
    """The least servers that are never fuller than `most_load`, and at which that share waits no longer than that."""
    servers = max(1, math.ceil(rate_hz * service_s / most_load))
    while wait_s(share, servers, rate_hz, service_s) > most_wait_s:
        servers += 1
    return servers
