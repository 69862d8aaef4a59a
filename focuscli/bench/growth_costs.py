"""What a listener costs, measured here and now: rendering, answering, storing and sending.

These are the only facts of the growth model; everything else in it is a rule of the engine or a stated assumption.
"""

import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from focuscli.bench.clients import Clients
from focuscli.bench.cluster import CannotStart, cluster
from focuscli.bench.dask_cluster import free_port
from focuscli.bench.durability import SESSIONS, EngineProcess
from focuscli.bench.growth_audience import Render
from focuscli.bench.growth_facts import Costs, Operation, StoreCosts
from focuscli.bench.listeners import SEGMENT_S, Cost, House, in_house
from focuscli.bench.nginx import await_listener, nginx
from focuscli.bench.polls import SETTINGS, clients_of
from focuscli.bench.processes import children
from focuscli.bench.spent import processor_s
from focuscli.clock import SystemClock
from focuscli.engine.database import Database
from focuscli.engine.pace import lead_segments
from focuscli.engine.render_job import RenderSpec, render_segment_job
from focuscli.engine.sentences import Sentence
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.store import NewSession, Owner, ReadySegment
from focuscli.model import NOMINAL_SEGMENT_S, Goal, Intensity
from focuscli.music.timeline import Piece, spans

GOALS = (Goal.FOCUS, Goal.RELAX, Goal.SLEEP, Goal.ENERGIZE)
OWNER = Owner("org_growth", "user_growth")
MINUTES = 60
ROUNDS = 5
_SITE = """
upstream engines {{ server {engine}; keepalive 64; }}
server {{
    listen 127.0.0.1:{port};
    keepalive_requests 1000000;
    location / {{
        proxy_pass http://engines; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
        proxy_set_header Host {engine};
    }}
}}
"""
"""As `.deploy/nginx.conf` has it, without TLS."""

_LSN = Sentence("SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS BIGINT)")


def measure_costs(*, quick: bool = False) -> Costs:
    """All of them; some twenty seconds of one core, a tenth of it with `quick`. Linux alone: it reads /proc."""
    renders, bytes_a_minute = _rendering(GOALS[:1] if quick else GOALS, 1 if quick else 3)
    answering = _answering(200 if quick else 3000)
    sessions = 20 if quick else 300
    with (
        tempfile.TemporaryDirectory(prefix="focus-growth-") as folder,
        closing(SqliteFile(Path(folder) / "engine.db")) as database,
    ):
        sqlite = _storing(_Watch(database, None), sessions)
    return Costs(
        machine=f"{_processor()}, Python {platform.python_version()}, load average {os.getloadavg()[0]:.0f}",
        renders=renders,
        bytes_a_minute=bytes_a_minute,
        start_s=_starting(20 if quick else 100),
        **answering,
        sqlite=sqlite,
        postgres=_postgres(sessions),
    )


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _rendering(goals: tuple[Goal, ...], pieces: int) -> tuple[list[Render], float]:
    """The short first segment and a whole one of so many pieces of each goal, none at hand; bytes a minute."""
    found, sizes = list[Render](), list[float]()
    with tempfile.TemporaryDirectory(prefix="focus-growth-") as folder:

        def render(goal: Goal, seed: int, index: int) -> tuple[float, dict[str, Any]]:
            piece = Piece(goal, Intensity.MEDIUM, 0.35, seed, 60 * MINUTES, segment_s=SEGMENT_S).to_json()
            began = time.process_time()
            made = render_segment_job(RenderSpec(piece, index, folder, f"{goal}-{seed}/{index:05}.1.flac").to_json())
            return time.process_time() - began, msgspec.json.decode(made)

        for goal in goals:
            render(goal, 0, 3)  # what every renderer has at hand sooner or later
            for seed in range(1, pieces + 1):
                first_s, _ = render(goal, seed, 0)
                other_s, made = render(goal, seed + 100, 3)
                found.append(Render(first_s, other_s * NOMINAL_SEGMENT_S / made["measured_duration_s"]))
                sizes.append(60.0 * made["size_bytes"] / made["measured_duration_s"])
    return found, sum(sizes) / len(sizes)


def _answering(polls: int) -> dict[str, Any]:
    """The fields of `Costs` that tell of an engine's answers over HTTP."""
    with tempfile.TemporaryDirectory(prefix="focus-growth-") as home:
        engine = EngineProcess(Path(home), FOCUS_SLOTS="1", **SETTINGS)
        engine.spawn()
        engine.wait()
        try:
            few, many = (_polled(engine, minutes, polls) for minutes in (1, 5))
            sent_byte_s = _sending(engine, many.urls)
            proxied_s = _proxying(engine, many, polls)
        finally:
            engine.stop()
    listed_s, listed_bytes = ((b - a) / (len(many.urls) - len(few.urls)) for a, b in
                              ((few.poll_s, many.poll_s), (few.answer_bytes, many.answer_bytes)))  # fmt: skip
    return {
        "poll_s": few.poll_s - len(few.urls) * listed_s,
        "listed_s": listed_s,
        "poll_bytes": few.answer_bytes - len(few.urls) * listed_bytes,
        "listed_bytes": listed_bytes,
        "sent_byte_s": sent_byte_s,
        "proxied_s": proxied_s,
    }


@dataclass(frozen=True, slots=True)
class _Polled:
    """A session with everything ready, and what one poll of it costs."""

    session_id: str
    urls: list[str]
    poll_s: float
    answer_bytes: int


def _polled(engine: EngineProcess, minutes: int, polls: int) -> _Polled:
    started = engine.call("POST", SESSIONS, {"goal": "sleep", "target_minutes": minutes})
    session = engine.session_when(started["session_id"], lambda seen: not seen["more_pending"])
    with closing(clients_of(engine, session["session_id"], 16)) as clients:
        poll_s = _best(clients, engine.process_id, polls)
    urls = [segment["playback_url"] for segment in session["segments"]]
    return _Polled(session["session_id"], urls, poll_s, len(msgspec.json.encode(session)))


def _best(clients: Clients, process_id: int, polls: int) -> float:
    """Seconds of a process for a poll, in the best of five rounds: other work on the machine only ever adds to it."""
    clients.closed_loop(polls // 10)
    rounds = []
    for _ in range(ROUNDS):
        before = processor_s(process_id)
        clients.closed_loop(polls // ROUNDS)
        rounds.append((processor_s(process_id) - before) / (polls // ROUNDS))
    return min(rounds)


def _proxying(engine: EngineProcess, polled: _Polled, polls: int) -> float | None:
    """The same poll, passed on by a proxy as that of a deployment does it."""
    behind, port = urlsplit(engine.url), free_port()
    site = _SITE.format(engine=behind.netloc, port=port)
    with tempfile.TemporaryDirectory(prefix="focus-growth-") as folder:
        try:
            with nginx(Path(folder), site) as proxy:
                await_listener(port)
                with closing(clients_of(engine, polled.session_id, 16, port=port)) as clients:
                    return _best(clients, proxy.pid, polls)
        except FileNotFoundError:
            return None


def _sending(engine: EngineProcess, urls: list[str]) -> float:
    before = processor_s(engine.process_id)
    sent = sum(len(engine.fetch(url)[1]) for url in urls)
    return (processor_s(engine.process_id) - before) / sent


def _starting(times: int) -> float:
    """A start, without what HTTP costs."""

    async def visit(house: House) -> float:
        before = house.cpu_s
        for _ in range(times):
            await house.start()
        return (house.cpu_s - before) / times

    return float(in_house(Cost(3600.0, 3600.0), visit))


@dataclass
class _Watch:
    """A database, and what its calls cost it; `server` is the process that all of Postgres comes from."""

    database: Database
    server: int | None

    def server_s(self) -> float:
        """Processor seconds of the database so far."""
        return sum(map(processor_s, [self.server, *children(self.server)])) if self.server else 0.0

    def written(self) -> int:
        """Bytes of log so far."""
        if self.server is None:
            words = Path("/proc/self/io").read_text(encoding="ascii").split()
            return int(words[words.index("wchar:") + 1])
        with self.database.read() as db:
            return int(db.value(_LSN))

    def cost(self, times: int, do: Callable[[int], object]) -> Operation:
        """The mean of so many calls; of processor seconds that of the best round, as other work only adds to them."""
        written, began = self.written(), time.perf_counter()
        bounds = [times * part // ROUNDS for part in range(ROUNDS + 1)]
        rounds = [self._round(range(first, last), do) for first, last in pairwise(bounds)]
        took_s, written = time.perf_counter() - began, self.written() - written
        engine_s, server_s = (min(costs) for costs in zip(*rounds, strict=True))
        return Operation(engine_s, server_s, took_s / times, written / times)

    def _round(self, numbers: range, do: Callable[[int], object]) -> tuple[float, float]:
        server_s, engine_s = self.server_s(), time.process_time()
        for number in numbers:
            do(number)
        engine_s, server_s = time.process_time() - engine_s, self.server_s() - server_s
        return engine_s / len(numbers), server_s / len(numbers)


def _storing(watch: _Watch, sessions: int) -> StoreCosts:
    """Every call that a listener leads to, in a database with so many sessions of an hour."""
    store, lead = SqlStore(watch.database, SystemClock()), lead_segments(SEGMENT_S)
    made = [_session(number, lead) for number in range(sessions)]
    claims = []

    def claim(_: int) -> None:
        found = store.claim("growth", 3600.0)
        assert found is not None
        claims.append(found)

    def finish(number: int) -> bool:
        one = claims[number]
        key = f"{one.session_id}/{one.segment_index:05}.{one.attempt}.flac"
        return store.finish(one, ReadySegment(one.segment_index, key, "0" * 64, 1 << 23, 121.5, -14.0, 1500, 1500))

    calls = {"create": watch.cost(sessions, lambda number: store.create(made[number], None))}
    watch.cost(sessions // 10, claim)  # until the server has its plans
    calls["claim"] = watch.cost(sessions // 2, claim)
    watch.cost(sessions, claim)
    beyond = watch.cost(sessions // 2, claim)
    skip_s = (beyond.server_s + beyond.engine_s - calls["claim"].server_s - calls["claim"].engine_s) / (1.5 * sessions)
    calls["renew"] = watch.cost(sessions, lambda number: store.renew(claims[number], 3600.0))
    calls["finish"] = watch.cost(sessions, finish)
    calls["listing"] = watch.cost(2 * sessions, lambda number: store.listing(OWNER, made[number // 2].session_id))
    calls["attend"] = watch.cost(sessions, lambda number: store.attend(made[number].session_id, lead + 1))
    sweep = watch.cost(ROUNDS, lambda _: store.active())
    return StoreCosts(calls, max(0.0, skip_s), sweep.engine_s / sessions, sweep.server_s / sessions)


def _session(number: int, lead: int) -> NewSession:
    piece = Piece(Goal.FOCUS, Intensity.MEDIUM, 0.35, number, 60 * MINUTES, segment_s=SEGMENT_S)
    durations = tuple(span.frames / 48000 for span in spans(piece))
    session_id = f"mfocus_{number:012x}"
    return NewSession(
        session_id, OWNER, Goal.FOCUS, "procedural", MINUTES, piece.to_json(), durations, time.time(), lead
    )


def _postgres(sessions: int) -> StoreCosts | None:
    """On a server of one's own that waits for the disk; None where there is none."""
    try:
        with cluster(durable=True) as server, _opened(server.create("growth")) as database:
            return _storing(_Watch(database, server.process_id), sessions)
    except CannotStart:
        return None


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    from focuscli.engine.postgres import PostgresDatabase

    with closing(PostgresDatabase(url)) as database:
        yield database
