"""What an engine consists of besides store, objects and processes, and how the parts know each other."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import ASGIApp

from focuscli.address import LOCAL_ORGANIZATION
from focuscli.clock import Clock
from focuscli.engine.app import Answers, routes, watching_routes
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
from focuscli.engine.media_urls import BucketUrls, EngineUrls
from focuscli.engine.metrics import Metrics
from focuscli.engine.objects import Links, Objects
from focuscli.engine.pace import Pace
from focuscli.engine.promotion import Promotion
from focuscli.engine.rate_limits import RateLimits, Rates
from focuscli.engine.rendering import Rendering
from focuscli.engine.retention import Retention
from focuscli.engine.room import Room
from focuscli.engine.session_routes import SessionRoutes
from focuscli.engine.sessions import Sessions
from focuscli.engine.shared_ring import SharedRing
from focuscli.engine.signing import Signer
from focuscli.engine.signing_ring import SigningRing
from focuscli.engine.spending import Budget, Usage
from focuscli.engine.store import Recovered, Store, StoreUnavailable
from focuscli.engine.strays import Strays
from focuscli.engine.track_routes import TrackRoutes


@dataclass(frozen=True, slots=True)
class Terms:
    """How one engine is run: its secrets, its limits, and the names it answers to."""

    key: str
    signing_ring: SigningRing | SharedRing
    hosts: frozenset[str]
    public: PublicDoor | None
    segment_s: int
    url_ttl_s: float
    lease_s: float
    retention_s: float
    quota_bytes: int
    session_idle_s: float
    floor_bytes: int
    render_limit_s: float
    idle_exit_s: float | None
    owner: str
    rates: Rates
    budget: Budget


@dataclass(frozen=True, slots=True)
class Parts:
    """The running pieces of one engine; `face` is its ASGI application, `public_face` that of its public door.

    `watching_face` is that of the door where nothing but health and figures can be asked for. `renew_signing` is to be
    called now and then: the key with which URLs are signed may be another one by the calendar.
    """

    face: Face
    public_face: Face | None
    watching_face: Face
    sessions: Sessions
    dispatcher: Dispatcher
    lifetime: Lifetime
    objects: Objects
    room: Room
    strays: Strays
    retention: Retention
    callers: KnownCallers
    reopen: Callable[[], None]
    renew_signing: Callable[[], None]


def put_together(
    terms: Terms,
    *,
    store: Store,
    database: Database,
    objects: Objects,
    rendering: Rendering,
    job: Callable[[str], str],
    callers: Callers,
    clock: Clock,
    links: Links | None = None,
) -> Parts:
    """Build the parts of an engine; nothing runs yet. At the local door `callers` are known as well.

    With `links` listeners fetch audio where these lead, and else from the engine.
    """
    key_store = KeyStore(database)
    known = KnownCallers(key_store, clock)
    looking = Looking(near=database.near)
    pace, metrics = Pace(clock), Metrics()
    signer = Signer(terms.signing_ring.secrets, terms.signing_ring.deployment, terms.url_ttl_s, clock)
    lifetime = Lifetime(clock, terms.idle_exit_s, store.has_work)
    room = Room(objects.disk, terms.floor_bytes)
    sessions = Sessions(store, clock, room, segment_s=terms.segment_s, idle_s=terms.session_idle_s)
    dispatcher = Dispatcher(
        store,
        rendering,
        job,
        objects,
        room,
        pace,
        metrics,
        lease_s=terms.lease_s,
        limit_s=terms.render_limit_s,
        owner=terms.owner,
        alone=not database.shared,
    )
    retention = Retention(store, objects, clock, retention_s=terms.retention_s, quota_bytes=terms.quota_bytes)
    library = Library(database)
    strays = Strays(store, library, objects)
    urls = BucketUrls(links, terms.url_ttl_s) if links else EngineUrls(signer)
    promotion = Promotion(store, library, objects, clock, dispatcher.wake, looking)
    answers = Answers(
        sessions=SessionRoutes(sessions, pace, urls, dispatcher.wake, looking),
        life=sessions,
        tracks=TrackRoutes(promotion, library, urls, looking),
        engine=EngineRoutes(
            terms.key,
            store,
            objects,
            room,
            rendering,
            Usage(database, terms.budget, clock),
            lifetime,
            metrics,
            looking,
            restored=database.restored,
        ),
        keys=KeyRoutes(key_store, known, clock, terms.signing_ring, signer, looking),
        media=Media(store, library, objects, signer, dispatcher.wake, looking),
        looking=looking,
    )

    def reopen() -> None:
        room.reopen(lambda: objects.check(terms.signing_ring.deployment))

    limits = RateLimits(terms.rates, clock)
    local_routes = routes(answers, EitherCallers(callers, known), limits, local=True)
    face = Face(local_routes, lifetime, clock, LOCAL_ORGANIZATION, terms.hosts, metrics)
    public_face = _public_face(terms.public, routes(answers, known, limits, local=False), lifetime, clock, metrics)
    watching = Face(watching_routes(answers.engine), lifetime, clock, LOCAL_ORGANIZATION, None, Metrics())
    _gauge(metrics, store, room, rendering, dispatcher)

    def renew_signing() -> None:
        signer.use(terms.signing_ring.secrets)

    return Parts(
        face,
        public_face,
        watching,
        sessions,
        dispatcher,
        lifetime,
        objects,
        room,
        strays,
        retention,
        known,
        reopen,
        renew_signing,
    )


def _public_face(
    door: PublicDoor | None, answering: ASGIApp, lifetime: Lifetime, clock: Clock, metrics: Metrics
) -> Face | None:
    if door is None:
        return None
    origin = (door.scheme, door.authority)
    return Face(answering, lifetime, clock, LOCAL_ORGANIZATION, door.names, metrics, origin=origin)


def _gauge(metrics: Metrics, store: Store, room: Room, rendering: Rendering, dispatcher: Dispatcher) -> None:
    """What is not counted but looked at when somebody asks."""

    def standing() -> tuple[float, float, float] | None:
        with suppress(StoreUnavailable):
            now = store.standing()
            return now.active_sessions, now.waiting_segments, now.waiting_s
        return None

    looked_up = {
        "focus_sessions_active": "Active sessions of everyone.",
        "focus_queue_segments": "Segments of everyone that wait for a renderer.",
        "focus_queue_oldest_seconds": "How long the one has waited that waits longest.",
    }
    metrics.gauges(looked_up, standing)
    metrics.gauge("focus_segments_rendering", "Segments that are being rendered for this engine.",
                  lambda: dispatcher.rendering)  # fmt: skip
    metrics.gauge("focus_render_slots", "Segments that can be rendered at once; 0: nobody renders.", rendering.slots)
    metrics.gauge("focus_objects_free_bytes", "Room on the disk that audio goes to.", room.free_bytes)


def recover(database: Database, store: Store, library: Library, objects: Objects) -> Recovered:
    """Make store and objects agree again after whatever ended the last engine: only what is whole is ready.

    Where other engines are at work they stay undisturbed: what they hold is theirs, and so is what they are making.
    """
    with database.joining() as alone:
        if not alone:
            return Recovered(store.take_back(), 0)
        recovered = store.recover(objects.survey())
        for key in recovered.damaged:
            objects.quarantine(key)
        Strays(store, library, objects).sweep_first()
        return recovered
