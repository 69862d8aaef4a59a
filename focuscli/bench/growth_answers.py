"""How many cores, how much Postgres and how much egress so many listeners need, and which part is full first.

Renderers are simulated, in cells that do not help each other. What all cells share (engine processes, Postgres, the
network) is computed from the simulation's rates and the measured times by formulas of queues.
"""

import math
from collections.abc import Callable

import msgspec

from focuscli.bench.growth_audience import Audience, Cut
from focuscli.bench.growth_facts import Answer, Cell, Costs, Limit, Point, Rates
from focuscli.bench.growth_model import House, Tally, asks_within
from focuscli.bench.growth_queue import servers_for, wait_s
from focuscli.engine.connections import MOST
from focuscli.engine.store import RENEWAL_S
from focuscli.engine.upkeep import SWEEP_S
from focuscli.model import NOMINAL_SEGMENT_S

CELL = 10_000
"""No more listeners than this are simulated at once; more are so many cells."""

WAIT_S, DRY_SHARE = 2.0, 1e-4
"""What is kept in a burst: the 99th percentile of the time to the first segment, and the share of dry seconds."""

RENDER_LOAD, FACE_LOAD, DATABASE_LOAD = 0.85, 0.7, 0.7
"""No part is meant to be busier than this share of the time in the long run."""

POLL_WAIT_S, QUERY_WAIT_S = 0.05, 0.01
"""What 99 of 100 polls wait for a free engine process at most, and its questions for a free core of Postgres."""

POSTGRES_CORES, POSTGRES_CONNECTIONS, LINE_GBIT_S = 64, 500, 10.0
"""The largest Postgres machine, its max_connections, and the line of one machine that are reckoned with."""


def crowd(listeners: int) -> Audience:
    """Half of them come and go all the time, half of them begin at nine o'clock."""
    return Audience(steady=listeners - listeners // 2, burst=listeners // 2)


def solve(costs: Costs, listeners: int, seed: int = 1) -> Cell:
    """The least cores for a cell: enough for the long run, and for the burst as the simulation has it."""
    audience = crowd(listeners)
    long_run = _long_run(costs, audience)

    def simulated(cores: int) -> Tally:
        return House(audience, costs.renders, cores, seed=seed).run()

    for_burst = _least(lambda cores: _keeps(simulated(cores)), long_run)
    cores = max(long_run, for_burst)
    tally = simulated(cores)
    return Cell(
        listeners=listeners,
        cores=cores,
        for_burst=for_burst,
        for_long=long_run,
        p50_s=tally.wait_s(0.5),
        p99_s=tally.wait_s(0.99),
        dry_share=tally.dry_share,
        unheard_share=tally.done["unheard"] / tally.done["ready"],
        most_waiting=tally.most_waiting,
        rates=_rates(audience, tally, cores),
    )


def curve(costs: Costs, listeners: int) -> list[Point]:
    """The same burst with fewer cores and with more than the long run asks for."""
    enough = _long_run(costs, crowd(listeners))
    shares = (0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0, 1.5)
    runs = {max(1, round(share * enough)): None for share in shares}
    return [meet(costs, listeners, cores) for cores in runs]


def meet(costs: Costs, listeners: int, cores: int) -> Point:
    """What becomes of a burst of so many listeners with so many cores."""
    tally = House(crowd(listeners), costs.renders, cores).run()
    return Point(listeners, cores, tally.wait_s(0.99), tally.dry_share)


def _long_run(costs: Costs, audience: Audience) -> int:
    """The least cores that are not busier than they may be while so many listeners come and go for ever."""
    return math.ceil(audience.listeners * _work_s(costs, audience) / audience.mean_length_s / RENDER_LOAD)


def _work_s(costs: Costs, audience: Audience) -> float:
    """Core seconds of a mean session, whole: whoever leaves early has had it rendered by then, as it polls."""
    first_s = sum(one.first_s for one in costs.renders) / len(costs.renders)
    other_s = sum(one.other_s for one in costs.renders) / len(costs.renders)
    planned_s = sum(60.0 * minutes * share for minutes, share in audience.lengths_min)
    whole_s = first_s + other_s * (planned_s - Cut().first_s) / NOMINAL_SEGMENT_S
    return whole_s * (1.0 + audience.failing + audience.lost)


def _keeps(tally: Tally) -> bool:
    return tally.wait_s(0.99) <= WAIT_S and tally.dry_share <= DRY_SHARE


def _least(keeps: Callable[[int], bool], guess: int) -> int:
    """The least number that keeps what more of them keep too; looked for around a guess."""
    low, high = 0, max(1, guess)
    while not keeps(high):
        low, high = high, 2 * high
    while high - low > max(1, high // 50):
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return high


def _rates(audience: Audience, tally: Tally, cores: int) -> Rates:
    everybody, asking = audience.listeners, audience.asking
    start_hz = tally.busiest_hz("start")
    return Rates(
        listeners=everybody,
        poll_hz=1.0 / asking.content_s + start_hz * asks_within(asking, 1.0) / everybody,
        start_hz=start_hz / everybody,
        claim_hz=tally.busiest_hz("claim") / everybody,
        ready_hz=tally.busiest_hz("ready") / everybody,
        attend_hz=tally.busiest_hz("attend") / everybody + 1.0 / RENEWAL_S,
        listed=tally.listed,
        cores=cores / everybody,
    )


def answer(costs: Costs, cell: Cell, listeners: int) -> Answer:
    """So many listeners in cells like this one."""
    cells = math.ceil(listeners / cell.listeners)
    servers = math.ceil(listeners / postgres_holds(costs, cell.rates))
    share = math.ceil(listeners / servers)
    engines = engines_for(costs, cell.rates, share)
    calls, rates = costs.store.calls, cell.rates
    writes_hz = sum(rate for name, rate in rates.calls().items() if name != "listing")
    log_bytes = sum(rate * calls[name].written_bytes for name, rate in rates.calls().items())
    audio_bytes_s = costs.bytes_a_minute / 60.0
    polled_bytes = costs.poll_bytes + rates.listed * costs.listed_bytes
    return Answer(
        listeners=listeners,
        cells=cells,
        render_cores=cells * cell.cores,
        engines=servers * engines,
        postgres_servers=servers,
        postgres_cores=servers * database_cores(costs, rates, share),
        reads_hz=listeners * rates.poll_hz,
        writes_hz=listeners * writes_hz,
        log_mb_s=listeners * log_bytes / 1e6,
        connections=engines * (MOST + 1),
        audio_tb_a_day=listeners * audio_bytes_s * (1.0 + cell.unheard_share) * 86_400.0 / 1e12,
        egress_gbit_s=listeners * 8.0 * (audio_bytes_s + rates.poll_hz * polled_bytes) / 1e9,
        first_s=cell.p99_s,
        dry_share=cell.dry_share,
    )


def face_s(costs: Costs, rates: Rates) -> float:
    """Engine seconds a second that one listener takes, whatever keeps the sessions."""
    calls, near = costs.store.calls, costs.sqlite.calls
    poll_s = costs.poll_s + rates.listed * costs.listed_s + calls["listing"].engine_s - near["listing"].engine_s
    start_s = costs.start_s + calls["create"].engine_s - near["create"].engine_s
    told = rates.claim_hz * calls["claim"].engine_s + rates.ready_hz * calls["finish"].engine_s
    return rates.poll_hz * poll_s + rates.start_hz * start_s + told + rates.attend_hz * calls["attend"].engine_s


def engines_for(costs: Costs, rates: Rates, listeners: int) -> int:
    """Engine processes for so many on one database, each a core; each goes over all active sessions as well."""
    poll_s = costs.poll_s + rates.listed * costs.listed_s
    free = FACE_LOAD - listeners * costs.store.sweep_engine_s / SWEEP_S
    if free <= 0.0:
        raise OverflowError(f"going over {listeners} sessions leaves an engine no time for anybody")
    engines = max(1, math.ceil(listeners * face_s(costs, rates) / free))
    while wait_s(0.99, 1, listeners * rates.poll_hz / engines, poll_s) > POLL_WAIT_S:
        engines += 1
    return engines


def database_s(costs: Costs, rates: Rates, listeners: int) -> float:
    """Core seconds a second that so many take of one database, without the sweeps."""
    claims_hz, held = listeners * rates.claim_hz, listeners * rates.cores
    asked = sum(listeners * rate * costs.store.calls[name].server_s for name, rate in rates.calls().items())
    return asked + claims_hz * held * costs.store.skip_s


def database_cores(costs: Costs, rates: Rates, listeners: int) -> int:
    """Of one Postgres with so many listeners: questions come at random and wait for a free core (M/G/c)."""
    asked_hz = listeners * sum(rates.calls().values())
    sweeps_s = engines_for(costs, rates, listeners) * listeners * costs.store.sweep_server_s / SWEEP_S
    busy_s = database_s(costs, rates, listeners) + sweeps_s
    return servers_for(asked_hz, busy_s / asked_hz, QUERY_WAIT_S, DATABASE_LOAD)


def postgres_holds(costs: Costs, rates: Rates) -> int:
    """How many listeners the largest Postgres serves: cores, and engines that still have time beside their sweeps."""
    return _most(lambda count: database_cores(costs, rates, count) <= POSTGRES_CORES)


def _most(fits: Callable[[int], bool]) -> int:
    """The largest number that fits, to a hundredth; what cannot be at all does not fit."""

    def does(count: int) -> bool:
        try:
            return fits(count)
        except OverflowError:
            return False

    high = 1
    while does(2 * high):
        high *= 2
    low, high = high, 2 * high
    while high - low > max(1, high // 100):
        middle = (low + high) // 2
        low, high = (middle, high) if does(middle) else (low, middle)
    return low


def limits(costs: Costs, rates: Rates) -> list[Limit]:
    """Every part, the one that is full first at the head."""
    found = [Limit(part, holds, THEN[part]) for part, holds in _holds(costs, rates).items()]
    return sorted(found, key=lambda limit: limit.listeners)


_TWO_CORES = "two cores that render and answer"
_ONE_ENGINE = "one engine process on a file, rendering elsewhere"
_FILE = "one writer of one SQLite file"
_PROXY = "one process of the proxy, without TLS"
_LINE = f"a line of {LINE_GBIT_S:g} Gbit/s, where engines send the audio"
_POSTGRES = f"Postgres on {POSTGRES_CORES} cores"
_CONNECTIONS = f"{POSTGRES_CONNECTIONS} connections to Postgres, {MOST + 1} an engine"
_SWEEP = "the sweep: each engine goes over every active session"

THEN = {
    _TWO_CORES: "render elsewhere: a Dask cluster, whose workers follow focus_queue_oldest_seconds",
    _ONE_ENGINE: "Postgres, and engines behind a proxy",
    _FILE: "Postgres",
    _PROXY: "a process for each core (worker_processes auto), then several proxies behind one name",
    _LINE: "URLs that a bucket signs, and a CDN in front of it; a codec of a tenth of the size",
    _POSTGRES: "ask less often, as next_ready_at says; read replicas for polls; databases by organization",
    _CONNECTIONS: "fewer connections an engine, more max_connections; databases by organization",
    _SWEEP: "one sweeper a database, and a sentence that finds only what is over",
}
"""What to do when a part is full."""


def _holds(costs: Costs, rates: Rates) -> dict[str, float]:
    """How many listeners fit each part."""
    near, alone = costs.sqlite.calls, on_a_file(costs)
    written_s = sum(rate * near[name].took_s for name, rate in rates.calls().items() if name != "listing")
    audio_bytes_s = costs.bytes_a_minute / 60.0
    rendered_s, answered_s = rates.cores * RENDER_LOAD, face_s(alone, rates) + audio_bytes_s * costs.sent_byte_s
    most_engines = POSTGRES_CONNECTIONS // (MOST + 1)
    holds = {
        _TWO_CORES: 2.0 * RENDER_LOAD / (rendered_s + answered_s),
        _ONE_ENGINE: float(_most(lambda count: engines_for(alone, rates, count) <= 1)),
        _FILE: DATABASE_LOAD / written_s,
        _LINE: DATABASE_LOAD * LINE_GBIT_S * 1e9 / (8.0 * audio_bytes_s),
        _POSTGRES: float(postgres_holds(costs, rates)),
        _CONNECTIONS: float(_most(lambda count: engines_for(costs, rates, count) <= most_engines)),
        _SWEEP: FACE_LOAD * SWEEP_S / costs.store.sweep_engine_s,
    }
    return holds | ({_PROXY: FACE_LOAD / (rates.poll_hz * costs.proxied_s)} if costs.proxied_s else {})


def on_a_file(costs: Costs) -> Costs:
    """The same with the sessions in a file."""
    return msgspec.structs.replace(costs, postgres=None)
