"""The outermost layer of the web face: every answer gets its headers, every failure its envelope."""

import logging
import secrets
import time

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from focuscli.clock import Clock, wire_time
from focuscli.engine.envelope import ApiError, internal, unavailable
from focuscli.engine.guard import check_host, check_origin
from focuscli.engine.lifetime import Lifetime
from focuscli.engine.store import StoreUnavailable

log = logging.getLogger(__name__)

API_VERSION = "2025-01-01"


class Face:
    """Guards, times and names each request, then lets the routes answer it."""

    def __init__(
        self, routes: ASGIApp, lifetime: Lifetime, clock: Clock, organization_id: str, hosts: frozenset[str]
    ) -> None:
        """`hosts` are the allowed Host headers; `organization_id` is named where no caller is known."""
        self._routes, self._lifetime, self._clock = routes, lifetime, clock
        self._organization_id, self._hosts = organization_id, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request (ASGI)."""
        began = time.perf_counter()
        trace_id = f"req_{secrets.token_hex(6)}"
        scope["state"] = {"organization_id": self._organization_id}
        answered = False

        async def send_with_headers(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                elapsed_ms = (time.perf_counter() - began) * 1000
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", trace_id.encode()),
                    (b"freddy-processing-ms", b"%d" % elapsed_ms),
                    (b"freddy-api-version", API_VERSION.encode()),
                    (b"aitronos-organization", scope["state"]["organization_id"].encode()),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        with self._lifetime.request():
            try:
                await self._route(scope, receive, send_with_headers)
            except ClientDisconnect:
                log.info("%s: the client left before its request was whole", trace_id)
            except Exception as exc:
                if answered:
                    raise
                error = _as_api_error(exc, trace_id)
                body = error.body(trace_id, wire_time(self._clock.now()))
                response = Response(
                    body, error.status, {"Cache-Control": "no-store", **error.headers}, "application/json"
                )
                await response(scope, receive, send_with_headers)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["host"] = check_host(scope["headers"], self._hosts)
        check_origin(scope["headers"])
        if self._lifetime.stopping:
            raise unavailable("The engine is shutting down")
        await self._routes(scope, receive, send)


def _as_api_error(exc: Exception, trace_id: str) -> ApiError:
    if isinstance(exc, ApiError):
        return exc
    if isinstance(exc, StoreUnavailable):
        log.warning("%s: the store is not available: %s", trace_id, exc)
        return unavailable("The store is not available")
    log.error("%s: unexpected failure", trace_id, exc_info=exc)
    return internal()
