"""What an engine consists of besides store, objects and processes, and how the parts know each other."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from starlette.types import ASGIApp

from focuscli.address import LOCAL_ORGANIZATION
from focuscli.clock import Clock
from focuscli.engine.app import Answers, routes
from focuscli.engine.database import Database
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
from focuscli.engine.looking import Looking
from focuscli.engine.media import Media
from focuscli.engine.objects import LocalObjects
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
from focuscli.engine.store import Recovered, Store
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
    objects: LocalObjects
    retention: Retention
    callers: KnownCallers


def put_together(
    terms: Terms,
    *,
    store: Store,
    database: Database,
    objects: LocalObjects,
    executor: Executor,
    job: Callable[[str], str],
    callers: Callers,
    clock: Clock,
) -> Parts:
    """Build the parts of an engine; nothing runs yet. At the local door `callers` are known as well."""
    key_store = KeyStore(database)
    known = KnownCallers(key_store, clock)
    looking = Looking(near=database.near)
    pace = Pace(clock)
    signer = Signer(terms.signing_ring.secrets, terms.signing_ring.deployment, terms.url_ttl_s, clock)
    lifetime = Lifetime(clock, terms.idle_exit_s, store.has_work)
    room = Room(objects.root, terms.floor_bytes)
    sessions = Sessions(store, clock, room, segment_s=terms.segment_s, idle_s=terms.session_idle_s)
    dispatcher = Dispatcher(
        store, executor, job, objects, room, pace, slots=terms.slots, lease_s=terms.lease_s, owner=terms.owner
    )
    retention = Retention(store, objects, clock, retention_s=terms.retention_s, quota_bytes=terms.quota_bytes)
    library = Library(database)
    promotion = Promotion(store, library, objects, clock, dispatcher.wake, looking)
    answers = Answers(
        sessions=SessionRoutes(sessions, pace, signer, dispatcher.wake, looking),
        life=sessions,
        tracks=TrackRoutes(promotion, library, signer, looking),
        engine=EngineRoutes(
            terms.key,
            store,
            objects,
            Usage(database, terms.budget, clock),
            lifetime,
            looking,
            restored=database.replaced is not None,
        ),
        keys=KeyRoutes(key_store, known, clock, terms.signing_ring, signer, looking),
        media=Media(store, library, objects, signer, dispatcher.wake, looking),
        looking=looking,
    )
    limits = RateLimits(terms.rate_per_minute, clock)
    local_routes = routes(answers, EitherCallers(callers, known), limits, local=True)
    face = Face(local_routes, lifetime, clock, LOCAL_ORGANIZATION, terms.hosts)
    public_face = _public_face(terms.public, routes(answers, known, limits, local=False), lifetime, clock)
    return Parts(face, public_face, sessions, dispatcher, lifetime, objects, retention, known)


def _public_face(door: PublicDoor | None, answering: ASGIApp, lifetime: Lifetime, clock: Clock) -> Face | None:
    if door is None:
        return None
    return Face(answering, lifetime, clock, LOCAL_ORGANIZATION, door.names, origin=(door.scheme, door.authority))


def recover(database: Database, store: Store, library: Library, objects: LocalObjects) -> Recovered:
    """Make store and objects agree again after whatever ended the last engine: only what is whole is ready.

    Where other engines are at work they stay undisturbed: what they hold is theirs, and so is what they are making.
    """
    with database.joining() as alone:
        if not alone:
            return Recovered(store.take_back(), 0)
        recovered = store.recover(objects.survey())
        for key in recovered.damaged:
            objects.quarantine(key)
        objects.keep_only([*store.object_keys(), *library.object_keys()])
        return recovered
