"""The routes of the web face, put together from what answers them."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from focuscli.engine.engine_routes import EngineRoutes
from focuscli.engine.envelope import not_found
from focuscli.engine.key_routes import KeyRoutes
from focuscli.engine.keys import MANAGE_ENGINE, Callers
from focuscli.engine.looking import Looking
from focuscli.engine.media import Media
from focuscli.engine.rate_limits import RateLimits
from focuscli.engine.resource import Authorized, Resource
from focuscli.engine.session_routes import SessionRoutes
from focuscli.engine.sessions import Sessions
from focuscli.engine.siblings import Siblings
from focuscli.engine.track_routes import TrackRoutes

_ORGANIZATION = "/v1/music/{organization_id}"
_SESSIONS = _ORGANIZATION + "/focus/sessions"


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that answers a route."""

    sessions: SessionRoutes
    life: Sessions
    tracks: TrackRoutes
    engine: EngineRoutes
    keys: KeyRoutes
    media: Media
    looking: Looking


def routes(answers: Answers, callers: Callers, limits: RateLimits, *, local: bool) -> ASGIApp:
    """One resource a path; a path that is none of them raises ApiError 404.

    `local`: this is the loopback door, where the engine can be greeted and kept by its own user as well.
    """
    authorized = Authorized(callers, limits)
    sessions, tracks, engine = answers.sessions, answers.tracks, answers.engine
    siblings = Siblings(answers.life, authorized, answers.looking)
    table: dict[str, Resource] = {
        # the path that is asked most often stands first
        _SESSIONS + "/{session_id}": Resource(GET=authorized(sessions.get)),
        _SESSIONS: Resource(GET=authorized(sessions.page), POST=authorized(sessions.start)),
        _SESSIONS + "/{session_id}/end": Resource(POST=authorized(sessions.end)),
        "/v1/sessions/{session_id}/end": Resource(POST=siblings.end),
        "/v1/sessions/{session_id}/stop": Resource(POST=siblings.stop),
        _SESSIONS + "/{session_id}/segments/{segment_index}/promote": Resource(POST=authorized(tracks.promote)),
        _ORGANIZATION + "/tracks": Resource(GET=authorized(tracks.page)),
        _ORGANIZATION + "/tracks/{track_id}": Resource(GET=authorized(tracks.get), DELETE=authorized(tracks.delete)),
        _ORGANIZATION + "/usage": Resource(GET=authorized(engine.usage)),
        _ORGANIZATION + "/engines": Resource(GET=authorized(engine.generators)),
        "/v1/media/{path:path}": Resource(GET=answers.media.get),
        **_health(engine),
        "/v1/openapi.json": Resource(GET=engine.openapi),
    }
    if local:
        table |= _for_its_keeper(answers, authorized)
    return _routed(table)


def watching_routes(engine: EngineRoutes) -> ASGIApp:
    """The resources of the door for those who watch: how the engine stands, and nothing that is anybody's."""
    return _routed({"/metrics": Resource(GET=engine.figures), **_health(engine)})


def _health(engine: EngineRoutes) -> dict[str, Resource]:
    return {
        "/v1/health": Resource(GET=engine.health),
        "/v1/health/": Resource(GET=engine.health),
        "/v1/health/details": Resource(GET=engine.health_details),
        "/v1/health/ready": Resource(GET=engine.ready),
    }


def _routed(table: dict[str, Resource]) -> ASGIApp:
    # a class instance as endpoint is an ASGI application to Starlette, and gets every method
    return Router([Route(path, resource) for path, resource in table.items()], redirect_slashes=False, default=_unknown)


def _for_its_keeper(answers: Answers, authorized: Authorized) -> dict[str, Resource]:
    engine, keys = answers.engine, answers.keys
    return {
        "/hello": Resource(GET=engine.hello),
        "/v1/engine/stop": Resource(POST=authorized(engine.stop, MANAGE_ENGINE)),
        "/v1/engine/keys": Resource(
            GET=authorized(keys.page, MANAGE_ENGINE), POST=authorized(keys.create, MANAGE_ENGINE)
        ),
        "/v1/engine/signing-keys": Resource(POST=authorized(keys.rotate, MANAGE_ENGINE)),
        "/v1/engine/keys/{key_id}/revoke": Resource(POST=authorized(keys.revoke, MANAGE_ENGINE)),
    }


async def _unknown(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    raise not_found("No such route", {"path": Request(scope).url.path})
