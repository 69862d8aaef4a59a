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
from focuscli.engine.lifetime import Lifetime
from focuscli.engine.media import Media
from focuscli.engine.objects import LocalObjects
from focuscli.engine.pace import Pace
from focuscli.engine.session_routes import SessionRoutes
from focuscli.engine.sessions import Sessions
from focuscli.engine.signing import Signer
from focuscli.engine.signing_ring import SigningRing
from focuscli.engine.store import Recovered, Store


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
    slots: int
    idle_exit_s: float | None
    owner: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The running pieces of one engine; `face` is its ASGI application, `public_face` that of its public door."""

    face: Face
    public_face: Face | None
    sessions: Sessions
    dispatcher: Dispatcher
    lifetime: Lifetime
    objects: LocalObjects
    callers: KnownCallers


def put_together(
    terms: Terms,
    *,
    store: Store,
    objects: LocalObjects,
    executor: Executor,
    job: Callable[[str], str],
    callers: Callers,
    keys: KeyStore,
    clock: Clock,
) -> Parts:
    """Build the parts of an engine; nothing runs yet. At the local door `callers` are known beside those of `keys`."""
    known = KnownCallers(keys, clock)
    pace = Pace(clock)
    signer = Signer(terms.signing_ring.secrets, terms.signing_ring.deployment, terms.url_ttl_s, clock)
    lifetime = Lifetime(clock, terms.idle_exit_s, store.has_work)
    sessions = Sessions(store, clock, terms.segment_s, terms.retention_s)
    dispatcher = Dispatcher(
        store, executor, job, objects, pace, slots=terms.slots, lease_s=terms.lease_s, owner=terms.owner
    )
    answers = Answers(
        sessions=SessionRoutes(sessions, pace, signer, dispatcher.wake),
        engine=EngineRoutes(terms.key, store, objects, lifetime),
        keys=KeyRoutes(keys, known, clock, terms.signing_ring, signer),
        media=Media(store, objects, signer, dispatcher.wake),
    )
    face = Face(
        routes(answers, EitherCallers(callers, known), local=True), lifetime, clock, LOCAL_ORGANIZATION, terms.hosts
    )
    public_face = _public_face(terms.public, routes(answers, known, local=False), lifetime, clock)
    return Parts(face, public_face, sessions, dispatcher, lifetime, objects, known)


def _public_face(door: PublicDoor | None, answering: ASGIApp, lifetime: Lifetime, clock: Clock) -> Face | None:
    if door is None:
        return None
    return Face(answering, lifetime, clock, LOCAL_ORGANIZATION, door.names, origin=(door.scheme, door.authority))


def recover(store: Store, objects: LocalObjects) -> Recovered:
    """Make store and objects agree again after whatever ended the last engine: only what is whole is ready."""
    recovered = store.recover(objects.survey())
    objects.keep_only(store.object_keys())
    return recovered
