"""What an engine consists of besides store, objects and processes, and how the parts know each other."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from starlette.types import ASGIApp

from focuscli.address import LOCAL_ORGANIZATION
from focuscli.clock import Clock
from focuscli.engine.app import Answers, routes
from focuscli.engine.dispatch import Dispatcher
from focuscli.engine.doors import PublicDoor
from focuscli.engine.engine_routes import EngineRoutes
from focuscli.engine.face import Face
from focuscli.engine.key_routes import KeyRoutes
from focuscli.engine.key_store import KeyStore
from focuscli.engine.keys import Callers, EitherCallers
from focuscli.engine.known_callers import KnownCallers
from focuscli.engine.library import Library
from focuscli.engine.lifetime import Lifetime
from focuscli.engine.media import Media
from focuscli.engine.media_urls import BucketUrls, EngineUrls
from focuscli.engine.objects import Links, Objects
from focuscli.engine.pace import Pace
from focuscli.engine.promotion import Promotion
from focuscli.engine.rate_limits import RateLimits
from focuscli.engine.retention import Retention
from focuscli.engine.room import Room
from focuscli.engine.session_routes import SessionRoutes
from focuscli.engine.sessions import Sessions
from focuscli.engine.signing import Signer
from focuscli.engine.signing_ring import SigningRing
from focuscli.engine.spending import Budget, Usage
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.store import Recovered, Store
from focuscli.engine.strays import Strays
from focuscli.engine.track_routes import TrackRoutes


@dataclass(frozen=True, slots=True)
class Terms:
    """How one engine is run: its secrets, its limits, and the names it answers to."""

    key: str
    signing_ring: SigningRing
    hosts: frozenset[str]
    public: PublicDoor | None
    segment_s: int
    url_ttl_s: float
    lease_s: float
    retention_s: float
    quota_bytes: int
    session_idle_s: float
    floor_bytes: int
    slots: int
    idle_exit_s: float | None
    owner: str
    rate_per_minute: int
    budget: Budget


@dataclass(frozen=True, slots=True)
class Parts:
    """The running pieces of one engine; `face` is its ASGI application, `public_face` that of its public door."""

    face: Face
    public_face: Face | None
    sessions: Sessions
    dispatcher: Dispatcher
    lifetime: Lifetime
    objects: Objects
    room: Room
    strays: Strays
    retention: Retention
    callers: KnownCallers
    reopen: Callable[[], None]


def put_together(
    terms: Terms,
    *,
    store: Store,
    file: SqliteFile,
    objects: Objects,
    executor: Executor,
    job: Callable[[str], str],
    callers: Callers,
    clock: Clock,
    links: Links | None = None,
) -> Parts:
    """Build the parts of an engine; nothing runs yet. At the local door `callers` are known as well.

    With `links` listeners fetch audio where these lead, and else from the engine.
    """
    key_store = KeyStore(file)
    known = KnownCallers(key_store, clock)
    pace = Pace(clock)
    signer = Signer(terms.signing_ring.secrets, terms.signing_ring.deployment, terms.url_ttl_s, clock)
    lifetime = Lifetime(clock, terms.idle_exit_s, store.has_work)
    room = Room(objects.disk, terms.floor_bytes)
    sessions = Sessions(store, clock, room, segment_s=terms.segment_s, idle_s=terms.session_idle_s)
    dispatcher = Dispatcher(
        store, executor, job, objects, room, pace, slots=terms.slots, lease_s=terms.lease_s, owner=terms.owner
    )
    retention = Retention(store, objects, clock, retention_s=terms.retention_s, quota_bytes=terms.quota_bytes)
    library = Library(file)
    strays = Strays(store, library, objects)
    urls = BucketUrls(links, terms.url_ttl_s) if links else EngineUrls(signer)
    answers = Answers(
        sessions=SessionRoutes(sessions, pace, urls, dispatcher.wake),
        life=sessions,
        tracks=TrackRoutes(Promotion(store, library, objects, clock, dispatcher.wake), library, urls),
        engine=EngineRoutes(
            terms.key,
            store,
            objects,
            room,
            Usage(file, terms.budget, clock),
            lifetime,
            restored=file.replaced is not None,
        ),
        keys=KeyRoutes(key_store, known, clock, terms.signing_ring, signer),
        media=Media(store, library, objects, signer, dispatcher.wake),
    )

    def reopen() -> None:
        room.reopen(lambda: objects.check(terms.signing_ring.deployment))

    limits = RateLimits(terms.rate_per_minute, clock)
    local_routes = routes(answers, EitherCallers(callers, known), limits, local=True)
    face = Face(local_routes, lifetime, clock, LOCAL_ORGANIZATION, terms.hosts)
    public_face = _public_face(terms.public, routes(answers, known, limits, local=False), lifetime, clock)
    return Parts(face, public_face, sessions, dispatcher, lifetime, objects, room, strays, retention, known, reopen)


def _public_face(door: PublicDoor | None, answering: ASGIApp, lifetime: Lifetime, clock: Clock) -> Face | None:
    if door is None:
        return None
    return Face(answering, lifetime, clock, LOCAL_ORGANIZATION, door.names, origin=(door.scheme, door.authority))


def recover(store: Store, library: Library, objects: Objects) -> Recovered:
    """Make store and objects agree again after whatever ended the last engine: only what is whole is ready."""
    sizes = objects.survey()
    recovered = store.recover(sizes)
    for key in recovered.damaged:
        objects.quarantine(key)
    Strays(store, library, objects).sweep_first()
    return recovered
