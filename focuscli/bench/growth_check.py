"""The growth model beside the engine itself on two cores: where somebody runs dry, and a burst in real time."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from focuscli.bench.durability import SESSIONS, EngineProcess
from focuscli.bench.growth_audience import Audience, Cut, Render
from focuscli.bench.growth_facts import Check, Costs
from focuscli.bench.growth_model import House
from focuscli.bench.listeners import ARRIVAL_S, CORES, HUNGRY_S, IMPATIENT_S, POLL_S, SEGMENT_S, Cost, audience
from focuscli.bench.processes import children
from focuscli.bench.spent import processor_s
from focuscli.playback.patience import Patience

THERE = Patience(first_s=IMPATIENT_S, growth=1.0, most_s=IMPATIENT_S, content_s=POLL_S)
"""How often the listeners of `bench listeners` ask."""

MINUTES = 10.0
BURST = 12
BURST_MINUTES = 6
STEP = 0.05
WITHIN = 0.1
IN_REAL_TIME = 0.25
"""The model may be so far off: of the engine on a stepped clock, and of one whose cores have other work as well."""


def check_threshold(costs: Costs, *, slower: float = 1.0) -> Check:
    """The least listeners of whom one runs dry within ten minutes, in steps of a twentieth around the model's.

    The engine is the real one from its routes to its store, on a stepped clock (`bench listeners`). `slower` renders
    serve fewer listeners, and so take less time to try.
    """
    cost = _mean_cost(costs.renders).slower(slower)
    expected = _least_dry(cost)
    step = max(1, round(STEP * expected))
    measured, does = expected, _runs_dry(expected, cost)
    while _runs_dry(measured + (-step if does else step), cost) == does:
        measured += -step if does else step
    measured += 0 if does else step
    what = f"listeners of whom somebody runs dry within {MINUTES:g} minutes, on two renderers of {cost.other_s:.2f} s"
    return Check(what, "listeners", float(measured), float(expected), WITHIN)


def as_there(listeners: int, minutes: float) -> Audience:
    """The listeners of `bench listeners`, who come within two minutes and stay."""
    return Audience(
        steady=0,
        burst=listeners,
        spread_s=ARRIVAL_S,
        burst_at_s=0.0,
        leave_early=0.0,
        minutes=minutes + ARRIVAL_S / 60.0,
        lengths_min=((60.0, 1.0),),
        asking=THERE,
        hungry_s=HUNGRY_S,
        failing=0.0,
        lost=0.0,
    )


def _mean_cost(renders: Sequence[Render]) -> Cost:
    """Of those that were measured."""
    return Cost(fmean(one.first_s for one in renders), fmean(one.other_s for one in renders))


def _runs_dry(listeners: int, cost: Cost) -> bool:
    return any(one.dry_s for one in audience(listeners, MINUTES, cost)[0])


def _least_dry(cost: Cost) -> int:
    """The model's: looked for from well below to well beyond what two cores can make."""
    low, high = 1, int(4 * CORES * SEGMENT_S / cost.other_s)
    while high - low > 1:
        middle = (low + high) // 2
        crowd, every = as_there(middle, MINUTES), [Render(cost.first_s, cost.other_s)]
        dry = House(crowd, every, CORES, cut=Cut(SEGMENT_S)).run().dry_s
        low, high = (low, middle) if dry else (middle, high)
    return high


def check_burst(costs: Costs, listeners: int = BURST) -> list[Check]:
    """So many sessions begun at once at an engine with two render processes, in real time, with real music."""
    firsts_s, all_s, spent_s = _burst(listeners)
    crowd = Audience(steady=0, burst=listeners, spread_s=0.01, burst_at_s=0.0, leave_early=0.0, minutes=60.0,
                     lengths_min=((float(BURST_MINUTES), 1.0),), failing=0.0, lost=0.0)  # fmt: skip
    tally = House(crowd, costs.renders, CORES).run()
    begun = f"{listeners} sessions begun at once"
    return [
        Check(f"{begun}: the last one's first segment", "s", firsts_s, tally.last_at[0], IN_REAL_TIME),
        Check(f"{begun}: processor time of the renderers", "s", spent_s, tally.busy_s, IN_REAL_TIME),
        Check(f"{begun}: the last segment of all", "s", all_s, max(tally.last_at.values()), IN_REAL_TIME),
    ]


def _burst(listeners: int) -> tuple[float, float, float]:
    """Seconds until every session has its first segment, until all have everything, and of the renderers' own."""
    with tempfile.TemporaryDirectory(prefix="focus-growth-") as home:
        engine = EngineProcess(Path(home), FOCUS_SLOTS=str(CORES), FOCUS_RATE_LIMIT="10000000", FOCUS_IDLE_EXIT="600")
        engine.spawn()
        engine.wait()
        try:
            goals = ("focus", "relax", "sleep", "energize")
            began = time.monotonic()
            for number in range(listeners):
                engine.call("POST", SESSIONS, {"goal": goals[number % 4], "target_minutes": BURST_MINUTES})
            firsts_s = _until(engine, listeners, 1) - began
            all_s = _until(engine, listeners, Cut().count(60.0 * BURST_MINUTES)) - began
            spent_s = sum(map(processor_s, children(engine.process_id)))
        finally:
            engine.stop()
    return firsts_s, all_s, spent_s


def _until(engine: EngineProcess, listeners: int, ready: int) -> float:
    """The moment at which all have so many; listing them asks for nothing more."""
    while True:
        items = engine.call("GET", f"{SESSIONS}?limit={listeners}")["items"]
        if len(items) == listeners and all(item["ready_count"] >= ready for item in items):
            return time.monotonic()
        time.sleep(0.05)
