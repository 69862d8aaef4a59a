"""What goes wrong, and when: drawn from a seed, one thing after the other and often several at a time."""

import heapq
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count, product

from focuscli.bench.chaos.team import ENGINES, POSTGRES, SCHEDULER, WORKERS, Team


class Kind(StrEnum):
    """Of fault."""

    KILL_WORKER = "kill -9, worker"
    KILL_ENGINE = "kill -9, engine"
    KILL_SCHEDULER = "kill -9, scheduler"
    STOP_WORKER = "SIGSTOP, worker"
    STOP_ENGINE = "SIGSTOP, engine"
    PART_DATABASE = "partition, engine from Postgres"
    PART_RENDERING = "partition, engine from scheduler"
    PART_WORKER = "partition, worker from scheduler"
    RESTART = "restart, Postgres"
    CRASH = "crash, Postgres"


FULL: Mapping[Kind, int] = {
    Kind.KILL_WORKER: 66, Kind.KILL_ENGINE: 40, Kind.KILL_SCHEDULER: 6, Kind.STOP_WORKER: 18, Kind.STOP_ENGINE: 36,
    Kind.PART_DATABASE: 10, Kind.PART_RENDERING: 7, Kind.PART_WORKER: 7, Kind.RESTART: 6, Kind.CRASH: 6,
}  # fmt: skip
QUICK: Mapping[Kind, int] = dict.fromkeys(Kind, 1) | {Kind.KILL_SCHEDULER: 0, Kind.KILL_ENGINE: 2, Kind.STOP_ENGINE: 3}
"""A dozen; the scheduler lives, for with it everyone who renders has to start again."""

_PLACES: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    Kind.PART_DATABASE: tuple(product(ENGINES, (POSTGRES,))),
    Kind.PART_RENDERING: tuple(product(ENGINES, (SCHEDULER,))),
    Kind.PART_WORKER: tuple(product(WORKERS, (SCHEDULER,))),
}
_VICTIMS: Mapping[Kind, tuple[str, ...]] = {
    Kind.KILL_WORKER: WORKERS, Kind.KILL_ENGINE: ENGINES, Kind.KILL_SCHEDULER: (SCHEDULER,),
    Kind.STOP_WORKER: WORKERS, Kind.STOP_ENGINE: ENGINES,
}  # fmt: skip
_STOPS = frozenset({Kind.STOP_WORKER, Kind.STOP_ENGINE})
LONG_SHARE = 0.2
"""Of what lasts: so much lasts for several leases."""

MOST_DOWN_S = 2.0
TICK_S = 0.05


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: so long after the one before, for so long where it lasts; `lot` is drawn by whom it hits."""

    kind: Kind
    after_s: float
    lasts_s: float
    lot: int


def drawn(
    seed: int, counts: Mapping[Kind, int], gap_s: float, lease_s: float, long_share: float = LONG_SHARE
) -> list[Fault]:
    """So many of each kind in some order. What lasts, lasts longer than the lease, and some of it several times so."""
    chance = random.Random(seed)  # noqa: S311  # repeatable on purpose
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    chance.shuffle(kinds)
    return [
        Fault(
            kind,
            chance.uniform(0.2, 1.8) * gap_s,
            _lasts_s(chance, kind, lease_s, long_share),
            chance.randrange(1 << 16),
        )
        for kind in kinds
    ]


def _lasts_s(chance: random.Random, kind: Kind, lease_s: float, long_share: float) -> float:
    if kind in _VICTIMS.keys() - _STOPS:
        return 0.0
    if kind in {Kind.RESTART, Kind.CRASH}:
        return chance.uniform(0.0, MOST_DOWN_S)
    return lease_s * (chance.uniform(4.0, 6.0) if chance.random() < long_share else chance.uniform(1.2, 2.4))


class Nemesis:
    """Does what was drawn to a team, and counts it."""

    def __init__(self, team: Team, faults: list[Fault], say: Callable[[str], None]) -> None:
        self._team, self._faults, self._say = team, faults, say
        self._ends: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._is_down, self._hit_last = False, ""
        self.done: Counter[Kind] = Counter()

    def run(self) -> None:
        """All of it; at the end whatever lasts is over."""
        for number, fault in enumerate(self._faults):
            self._pass(time.monotonic() + fault.after_s)
            while not self._begin(fault):  # everyone it could hit is hit already
                self._pass(time.monotonic() + TICK_S)
            self.done[fault.kind] += 1
            lasts = f", {fault.lasts_s:.1f} s" if fault.lasts_s else ""
            self._say(f"{time.time():.2f} {number + 1}/{len(self._faults)} {fault.kind}: {self._hit_last}{lasts}")
        while self._ends:
            self._pass(self._ends[0][0])

    def rest(self, at_most_s: float, until: Callable[[], bool]) -> None:
        """Do nothing more, so long at most; what dies is still started again."""
        deadline = time.monotonic() + at_most_s
        while not until() and time.monotonic() < deadline:
            self._pass(time.monotonic() + TICK_S)

    def _pass(self, until: float) -> None:
        """Let time pass, end what is over, and have what died started again."""
        while True:
            self._team.tend()
            while self._ends and self._ends[0][0] <= time.monotonic():
                heapq.heappop(self._ends)[2]()
            if time.monotonic() >= until:
                return
            time.sleep(TICK_S)

    def _begin(self, fault: Fault) -> bool:
        """Whether it could."""
        if fault.kind in _PLACES:
            return self._part(fault)
        if fault.kind in _VICTIMS:
            return self._hit(fault)
        return self._bring_down(fault)

    def _bring_down(self, fault: Fault) -> bool:
        if self._is_down:
            return False
        self._is_down, self._hit_last = True, POSTGRES
        self._team.database.stop("immediate" if fault.kind is Kind.CRASH else "fast")
        self._later(fault, self._bring_up)
        return True

    def _bring_up(self) -> None:
        self._team.database.start()
        self._is_down = False

    def _part(self, fault: Fault) -> bool:
        field = self._team.field
        places = [place for place in _PLACES[fault.kind] if not field.are_apart(*place)]
        if not places:
            return False
        place = places[fault.lot % len(places)]
        self._hit_last = " and ".join(place)
        field.part(*place)
        self._later(fault, lambda: field.join(*place))
        return True

    def _hit(self, fault: Fault) -> bool:
        team = self._team
        victims = [name for name in _VICTIMS[fault.kind] if team.runs(name)]
        if not victims:
            return False
        self._hit_last = victim = victims[fault.lot % len(victims)]
        if fault.kind in _STOPS:
            team.stop(victim)
            self._later(fault, lambda: team.go_on(victim))
        else:
            team.kill(victim)
        return True

    def _later(self, fault: Fault, end: Callable[[], None]) -> None:
        heapq.heappush(self._ends, (time.monotonic() + fault.lasts_s, next(self._numbers), end))


def aloud(line: str) -> None:
    """To whoever watches."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
