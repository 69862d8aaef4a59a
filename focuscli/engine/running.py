"""The running engine: the server and the tasks beside it on one event loop, from recovery to the last release."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from focuscli.address import LOCAL_ORGANIZATION, PROTOCOL, Address
from focuscli.clock import Clock, SystemClock, wire_time
from focuscli.database_url import DatabaseUrl
from focuscli.engine.database import Database
from focuscli.engine.doors import PublicDoor
from focuscli.engine.guard import loopback_names
from focuscli.engine.keys import CAPABILITIES, LOCAL_USER, Caller, FixedCallers, load_key
from focuscli.engine.library import Library
from focuscli.engine.notify import READY, STOPPING, notify
from focuscli.engine.open_objects import check_objects, chosen_objects
from focuscli.engine.parts import Parts, Terms, put_together, recover
from focuscli.engine.rate_limits import Rates
from focuscli.engine.render_job import render_segment_job
from focuscli.engine.rendering import Rendering
from focuscli.engine.room import floor_bytes
from focuscli.engine.server import Server, listen
from focuscli.engine.shared_ring import SharedRing
from focuscli.engine.signing_ring import SigningRing
from focuscli.engine.spending import Budget, budget_of
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.store import Owner, StoreUnavailable
from focuscli.engine.upkeep import BACKUP_S, STRAYS_S, SWEEP_S, Paced, Upkeep
from focuscli.errors import Conflict
from focuscli.logs import log_json, log_to
from focuscli.paths import Paths, private_folder
from focuscli.settings import Settings
from focuscli.version import __version__

log = logging.getLogger(__name__)

_MAKE_A_KEY = "make one, then serve:\n  focus engine key create --organization ID\n  focus engine stop"


@dataclass(frozen=True, slots=True)
class Launch:
    """What `serve` decided before anything heavy was imported."""

    host: str
    port: int
    public: PublicDoor | None
    watching: tuple[str, int] | None
    rendering: Rendering
    auto_started: bool
    ready: Callable[[Address, str | None], None] | None


class _Announcement:
    """The address in its file, from the moment the engine listens until it decides to leave."""

    def __init__(self, file: Path, address: Address, launch: Launch) -> None:
        self._file, self._address, self._launch = file, address, launch

    def publish(self) -> None:
        """Let clients find the engine."""
        self._address.write(self._file)
        log.info("listening at %s", self._address.url)
        notify(READY)
        if self._launch.ready:
            self._launch.ready(self._address, self._launch.public.origin if self._launch.public else None)

    def withdraw(self) -> None:
        """Let nobody find it any more."""
        self._file.unlink(missing_ok=True)
        notify(STOPPING)


def run(settings: Settings, paths: Paths, launch: Launch) -> None:
    """Serve until the end is decided; see `serve`."""
    if launch.auto_started:
        log_to(paths.engine_log)
    elif settings["log_format"] == "json":
        log_json(requests=settings["log_requests"] == "on")
    key = load_key(paths.engine_key)
    clock = SystemClock()
    ring = _ring(settings, paths, clock)
    own = private_folder(paths.engine_data / "objects")
    objects, links = chosen_objects(settings["objects"], settings["media_from"], own)
    check_objects(objects, links, ring.deployment)
    with (
        _listeners(launch) as listeners,
        closing(_database(settings, paths)) as database,
    ):
        budget = budget_of(settings)
        store = SqlStore(database, clock, budget)
        log.info("%s", recover(database, store, Library(database), objects))
        port = listeners[0].getsockname()[1]
        parts = put_together(
            _terms(settings, paths, key, ring, port, launch, budget, database.owner),
            store=store,
            database=database,
            objects=objects,
            rendering=launch.rendering,
            job=render_segment_job,
            callers=FixedCallers({key: Caller(Owner(LOCAL_ORGANIZATION, LOCAL_USER), CAPABILITIES)}),
            clock=clock,
            links=links,
        )
        if launch.public and not any(parts.callers.usable()):
            raise Conflict("a public engine needs a key that lets somebody in", hint=_MAKE_A_KEY)
        announcement = _Announcement(paths.engine_address, _address(launch.host, port), launch)
        try:
            drain_s = settings["drain"] if launch.public else 0.0
            asyncio.run(_live(parts, database, clock, listeners, launch, announcement, drain_s))
        finally:
            announcement.withdraw()


def _database(settings: Settings, paths: Paths) -> Database:
    """What is set, and otherwise a file of this engine's own; raises Conflict where it cannot be used."""
    url: DatabaseUrl = settings["store"]
    if not url:
        return SqliteFile(paths.engine_data / "engine.db")
    try:
        from focuscli.engine.postgres import PostgresDatabase
    except ImportError as exc:
        raise Conflict("a store on Postgres needs psycopg", hint="pip install 'focus-sessions[team]'") from exc
    return PostgresDatabase(url.whole)


def _terms(
    settings: Settings,
    paths: Paths,
    key: str,
    ring: SigningRing | SharedRing,
    port: int,
    launch: Launch,
    budget: Budget,
    owner: str,
) -> Terms:
    return Terms(
        key=key,
        signing_ring=ring,
        hosts=loopback_names(port),
        public=launch.public,
        segment_s=settings["segment_seconds"],
        url_ttl_s=settings["url_ttl"],
        lease_s=settings["lease"],
        retention_s=settings["retention"],
        quota_bytes=settings["engine_quota"] << 20,
        session_idle_s=settings["session_idle"],
        floor_bytes=floor_bytes(paths.engine_data, settings["segment_seconds"]),
        render_limit_s=settings["render_limit"],
        idle_exit_s=settings["idle_exit"] if launch.auto_started else None,
        owner=owner,
        rates=_rates(settings),
        budget=budget,
    )


def _ring(settings: Settings, paths: Paths, clock: Clock) -> SigningRing | SharedRing:
    if settings["signing_secret"]:
        return SharedRing(Path(settings["signing_secret"]).expanduser(), clock)
    return SigningRing(paths.engine_data / "signing.json", clock, settings["url_ttl"])


def _rates(settings: Settings) -> Rates:
    own = {name: found.rate_limit for name, found in settings.organizations.items() if found.rate_limit is not None}
    return Rates(settings["rate_limit"], settings["organization_rate_limit"], own)


@contextmanager
def _listeners(launch: Launch) -> Iterator[list[socket.socket]]:
    """The sockets of the doors: loopback's, then the public one's, then that of those who watch."""
    with ExitStack() as stack:
        listeners = [stack.enter_context(listen(launch.host, launch.port))]
        if launch.public:
            listeners.append(stack.enter_context(listen(launch.public.host, launch.public.port)))
        if launch.watching:
            listeners.append(stack.enter_context(listen(*launch.watching)))
        yield listeners


def _address(host: str, port: int) -> Address:
    shown = f"[{host}]" if ":" in host else host
    return Address(f"http://{shown}:{port}", os.getpid(), __version__, PROTOCOL, wire_time(datetime.now(UTC)))


async def _live(
    parts: Parts,
    database: Database,
    clock: Clock,
    listeners: list[socket.socket],
    launch: Launch,
    announcement: _Announcement,
    drain_s: float,
) -> None:
    _obey_signals(parts, auto_started=launch.auto_started)
    _hear(parts, database)
    servers = [Server(parts.face, announcement.publish)]
    if launch.public:
        servers.append(Server(parts.public_face, lambda: None, launch.public.tls))
    if launch.watching:
        servers.append(Server(parts.watching_face, lambda: None))
    async with asyncio.TaskGroup() as group:
        serving = [
            group.create_task(server.serve(sockets=[listener]))
            for server, listener in zip(servers, listeners, strict=True)
        ]
        beside = [
            group.create_task(parts.dispatcher.run()),
            group.create_task(parts.dispatcher.beat()),
            group.create_task(parts.lifetime.watch()),
            group.create_task(_sweep(parts, database, clock)),
            group.create_task(_drain(parts, drain_s)),
        ]
        await parts.lifetime.stopped()
        announcement.withdraw()
        for task in beside:
            task.cancel()
        await asyncio.gather(*(server.leave(task) for server, task in zip(servers, serving, strict=True)))
    await parts.dispatcher.close()
    with suppress(StoreUnavailable):  # the moment of a key's last use is worth no failure
        await asyncio.to_thread(parts.callers.note_use)


async def _drain(parts: Parts, limit_s: float) -> None:
    """Once nothing new is to be taken up: stop when what is being rendered is done, or after so long."""
    await parts.lifetime.left()
    notify(STOPPING)
    if limit_s:
        log.info("leaving: %d segments are being rendered, and have %g s", parts.dispatcher.rendering, limit_s)
        await parts.dispatcher.drain(limit_s)
    parts.lifetime.stop()


async def _sweep(parts: Parts, database: Database, clock: Clock) -> None:
    chores = (
        parts.reopen,
        parts.sessions.sweep,
        parts.retention.apply,
        parts.callers.note_use,
        parts.renew_signing,
        Paced(database.back_up, clock, BACKUP_S),
        Paced(parts.strays.sweep, clock, STRAYS_S),
    )
    upkeep = Upkeep((*chores, parts.callers.reload) if database.shared else chores)
    while not database.damaged:
        await asyncio.to_thread(upkeep.run)
        parts.dispatcher.wake()  # a lease may have ended
        await asyncio.sleep(SWEEP_S)
    log.error("the database is damaged: the next engine mends it, and this one leaves")
    parts.lifetime.stop()


def _hear(parts: Parts, database: Database) -> None:
    """What other engines do to the same database counts here at once: they make work, and change keys."""
    loop = asyncio.get_running_loop()
    reload = Upkeep((parts.callers.reload,)).run

    def heard(topic: str) -> None:
        if topic == "keys":
            reload()
        else:
            with suppress(RuntimeError):  # the loop is closed already
                loop.call_soon_threadsafe(parts.dispatcher.wake)

    database.listen(heard)


def _obey_signals(parts: Parts, *, auto_started: bool) -> None:
    """SIGTERM and SIGINT: leave in order, and at once the second time. A terminal that closes is not ours."""

    def leave(number: int) -> None:
        if parts.lifetime.leaving:
            os._exit(128 + number)
        parts.lifetime.leave()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, leave, number)
        except NotImplementedError:  # Windows' event loop has none
            signal.signal(number, lambda caught, _: loop.call_soon_threadsafe(leave, caught))
    if auto_started and hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
