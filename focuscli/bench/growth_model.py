"""Listeners of any number on a simulated engine: who waits how long for the first segment, and who runs dry.

The rules are the engine's own: what is wanted ahead (`engine.pace`), which segment is claimed first (the lowest index,
then the older session), retries with back-off (`engine.store`), and segments as `music.timeline` cuts them. What
things take is measured (`growth_costs`). Between events nothing is computed: polls count only where they learn of a
segment, and the others are added up.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from focuscli.bench.growth_audience import Audience, Cut, Render
from focuscli.bench.growth_queue import Events, Servers
from focuscli.engine.dispatch import RETRY_S
from focuscli.engine.pace import lead_segments
from focuscli.engine.store import BACK_OFF_S, MAX_FAILURES
from focuscli.model import NOMINAL_SEGMENT_S
from focuscli.playback.patience import Patience


@dataclass(slots=True)
class Tally:
    """What came of a run."""

    waits_s: list[float] = field(default_factory=list)
    dry_s: float = 0.0
    dry_listeners: int = 0
    listened_s: float = 0.0
    done: Counter[str] = field(default_factory=Counter)
    """How often: start, claim, ready, attend (a poll that is written down), failed (for good), unheard (segments)."""
    by_minute: Counter[tuple[str, int]] = field(default_factory=Counter)
    last_at: dict[int, float] = field(default_factory=dict)
    """When a segment of that index was ready, the last time."""
    busy_s: float = 0.0
    most_waiting: int = 0
    most_present: int = 0
    listed_s: float = 0.0
    """Segments that an answer lists, times how long they were listed."""

    def count(self, what: str, now: float) -> None:
        """It happened once more."""
        self.done[what] += 1
        self.by_minute[what, int(now // 60)] += 1

    def busiest_hz(self, what: str) -> float:
        """How often a second it happened in the busiest minute."""
        return max((count for (kind, _), count in self.by_minute.items() if kind == what), default=0) / 60.0

    def wait_s(self, share: float) -> float:
        """What that share of all listeners waits for its first segment at most, in seconds."""
        ordered = sorted(self.waits_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    @property
    def listed(self) -> float:
        """How many segments a poll lists on average; once a session is whole, all of them."""
        return self.listed_s / self.listened_s if self.listened_s else 0.0

    @property
    def dry_share(self) -> float:
        """Seconds without music, of those that were listened to."""
        return self.dry_s / self.listened_s if self.listened_s else 0.0


@dataclass(slots=True)
class Listener:
    """One session, and whoever listens to it."""

    number: int
    began: float
    until: float
    segments: int
    segment_s: float
    render: Render
    chance: random.Random
    polled_at: float
    wanted: int = 0
    ready: int = 0
    noticed: int = 0
    music_until: float | None = None
    here: bool = True
    done: set[int] = field(default_factory=set)


class House:
    """One engine's queue and renderers, with everybody who comes to it."""

    def __init__(
        self, audience: Audience, renders: list[Render], cores: int, *, cut: Cut | None = None, seed: int = 1
    ) -> None:
        self._audience, self._renders, self._cut, self._seed = audience, renders, cut or Cut(), seed
        self._events = Events()
        self._cores = Servers(self._events, cores)
        self._lead = lead_segments(self._cut.segment_s)
        self._present = 0
        self._listeners: list[Listener] = []
        self.tally = Tally()

    def run(self) -> Tally:
        """Let them come, listen and go."""
        for moment in self._arrivals():
            self._events.at(moment, self._come)
        self._events.run(60.0 * self._audience.minutes)
        for listener in self._listeners:
            self._leave(listener)
        self.tally.busy_s = self._cores.busy_s
        return self.tally

    def _arrivals(self) -> list[float]:
        audience, moments, now = self._audience, list[float](), 0.0
        chance = random.Random(self._seed)  # noqa: S311  # a simulation's, to be repeated
        while audience.steady and now < 60.0 * audience.minutes:
            now += chance.expovariate(audience.steady / audience.mean_length_s)
            moments.append(now)
        if audience.spread_s:
            return moments + [audience.spread_s * number / audience.burst for number in range(audience.burst)]
        later = (chance.expovariate(1.0 / audience.burst_mean_s) for _ in range(audience.burst))
        return moments + [audience.burst_at_s + late for late in later]

    def _come(self) -> None:
        audience, now = self._audience, self._events.now
        self.tally.count("start", now)
        number = self.tally.done["start"]
        chance = random.Random(self._seed * 1_000_003 + number)  # noqa: S311  # its own, however many cores there are
        lengths, weights = zip(*audience.lengths_min, strict=True)
        length_s = 60.0 * chance.choices(lengths, weights)[0]
        listens_s = length_s * (chance.random() if chance.random() < audience.leave_early else 1.0)
        render, segments = chance.choice(self._renders), self._cut.count(length_s)
        other_s = self._cut.other_s(length_s)
        listener = Listener(number, now, now + listens_s, segments, other_s, render, chance, now)
        self._listeners.append(listener)
        self._present += 1
        self.tally.most_present = max(self.tally.most_present, self._present)
        self._want(listener, self._lead)
        self._events.at(listener.until, lambda: self._leave(listener))

    def _want(self, listener: Listener, upto: int) -> None:
        """More of its segments may be rendered: all up to that one."""
        for index in range(listener.wanted, min(upto, listener.segments)):
            self._plan(listener, index, 0)
            listener.wanted = index + 1
        self.tally.most_waiting = max(self.tally.most_waiting, self._cores.waiting)

    def _plan(self, listener: Listener, index: int, failures: int) -> None:
        outcome = listener.chance.random()

        def began() -> float:
            if not listener.here:  # its session has ended, and what was planned is dropped
                return 0.0
            self.tally.count("claim", self._events.now)
            whole_s = _other_s(listener) if index else listener.render.first_s
            bad = outcome < self._audience.failing + self._audience.lost
            return whole_s * (listener.chance.random() if bad else 1.0) + 1e-9

        def done() -> None:
            if outcome < self._audience.failing:
                self._fail(listener, index, failures + 1)
            elif outcome < self._audience.failing + self._audience.lost:
                again = self._events.now + RETRY_S
                self._events.at(again, lambda: self._plan(listener, index, failures))
            else:
                self._ready(listener, index)

        self._cores.submit((index, listener.number), began, done)

    def _fail(self, listener: Listener, index: int, failures: int) -> None:
        if failures >= MAX_FAILURES:
            self.tally.count("failed", self._events.now)
            return
        again = self._events.now + BACK_OFF_S * failures
        self._events.at(again, lambda: self._plan(listener, index, failures))

    def _ready(self, listener: Listener, index: int) -> None:
        self.tally.count("ready", self._events.now)
        self.tally.last_at[index] = self._events.now
        listener.done.add(index)
        while listener.ready in listener.done:
            listener.ready += 1
        if listener.here and listener.ready > listener.noticed:
            self._events.at(self._next_poll(listener), lambda: self._notice(listener))

    def _next_poll(self, listener: Listener) -> float:
        """When it asks the next time: its questions are evenly apart, and nearer where it has little music."""
        now, asking = self._events.now, self._audience.asking
        if listener.music_until is None:
            return listener.began + _asked_after(asking, now - listener.began)
        is_hungry = listener.music_until - now < self._audience.hungry_s
        every_s = asking.most_s if is_hungry else asking.content_s
        return listener.polled_at + every_s * max(1, math.ceil((now - listener.polled_at) / every_s - 1e-9))

    def _notice(self, listener: Listener) -> None:
        """A poll that learns of segments: they are fetched when their time comes, and further ones are wanted."""
        if not listener.here or listener.ready == listener.noticed:
            return
        now = self._events.now
        listener.polled_at = now
        self.tally.count("attend", now)
        if listener.music_until is None:
            self.tally.waits_s.append(now - listener.began)
            listener.music_until = now
        elif now > listener.music_until:
            self._run_dry(listener, now)
        while listener.noticed < listener.ready:
            listener.music_until += listener.segment_s if listener.noticed else self._cut.first_s
            listener.noticed += 1
        self._want(listener, listener.ready + self._lead)

    def _run_dry(self, listener: Listener, until: float) -> None:
        assert listener.music_until is not None
        self.tally.dry_s += until - listener.music_until
        self.tally.dry_listeners += 1
        listener.music_until = until

    def _leave(self, listener: Listener) -> None:
        if not listener.here:
            return
        listener.here, now = False, self._events.now
        self._present -= 1
        whole = listener.noticed >= listener.segments
        if listener.music_until is None:
            self.tally.waits_s.append(now - listener.began)
            self.tally.dry_s += now - listener.began
            self.tally.dry_listeners += 1
        elif now > listener.music_until and not whole:
            self._run_dry(listener, now)
        heard_s = now - listener.began
        self.tally.listened_s += heard_s
        self.tally.listed_s += heard_s * listener.ready
        heard = min(listener.ready, 1 + math.ceil(max(0.0, heard_s - self._cut.first_s) / listener.segment_s))
        if now < 60.0 * self._audience.minutes:
            self.tally.done["unheard"] += len(listener.done) - heard


def _other_s(listener: Listener) -> float:
    """What each segment but the first takes on one core."""
    return listener.render.other_s * listener.segment_s / NOMINAL_SEGMENT_S


def asks_within(asking: Patience, seconds: float) -> int:
    """How often who has nothing yet asks in the first so many seconds."""
    return next(count for count, moment in enumerate(_moments(asking)) if moment > seconds)


def _asked_after(asking: Patience, waited_s: float) -> float:
    """The first moment at or after that one at which who has nothing yet asks."""
    return next(moment for moment in _moments(asking) if moment >= waited_s)


def _moments(asking: Patience) -> Iterator[float]:
    """At which somebody asks who waits for the first segment: pauses grow, up to the longest (`patience.Pace`)."""
    moment, pause_s = 0.0, asking.first_s
    while True:
        yield moment
        moment += pause_s
        pause_s = min(asking.most_s, pause_s * asking.growth)
