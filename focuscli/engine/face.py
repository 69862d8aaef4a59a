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
from focuscli.engine.metrics import Metrics
from focuscli.engine.objects import ObjectsAway
from focuscli.engine.store import StoreUnavailable
from focuscli.logs import REQUEST_ID

log = logging.getLogger(__name__)
requests_log = logging.getLogger("focuscli.requests")
"""A line a request, where that is asked for."""

API_VERSION = "2025-01-01"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""What is counted by its name; anybody can make up others."""


def common_headers(trace_id: str, elapsed_s: float, organization_id: str) -> list[tuple[bytes, bytes]]:
    """What every answer carries."""
    return [
        (b"x-request-id", trace_id.encode()),
        (b"freddy-processing-ms", b"%d" % (elapsed_s * 1000)),
        (b"freddy-api-version", API_VERSION.encode()),
        (b"aitronos-organization", organization_id.encode()),
        (b"x-content-type-options", b"nosniff"),
    ]


class _Reply:
    """The answer to one request: adds the headers that every answer has, and knows whether it has begun."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.trace_id = f"req_{secrets.token_hex(6)}"
        self.status = 0
        self._scope, self._send = scope, send
        self._received = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Pass a message on (ASGI)."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self._headers()]
        await self._send(message)

    @property
    def has_begun(self) -> bool:
        """Whether there is no way back."""
        return self.status != 0

    @property
    def elapsed_s(self) -> float:
        """Since the request came."""
        return time.perf_counter() - self._received

    def _headers(self) -> list[tuple[bytes, bytes]]:
        state = self._scope["state"]
        return [*common_headers(self.trace_id, self.elapsed_s, state["organization_id"]), *state.get("headers", ())]


class Face:
    """Guards, times and names each request, then lets the routes answer it."""

    def __init__(
        self,
        routes: ASGIApp,
        lifetime: Lifetime,
        clock: Clock,
        organization_id: str,
        hosts: frozenset[str] | None,
        metrics: Metrics,
        *,
        origin: tuple[str, str] | None = None,
    ) -> None:
        """`hosts` are the allowed Host headers, None: any one; `organization_id` is named where no caller is known.

        `origin` is the scheme and the authority that media URLs begin with; None: those that were asked.
        """
        self._routes, self._lifetime, self._clock = routes, lifetime, clock
        self._organization_id, self._hosts, self._origin = organization_id, hosts, origin
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request (ASGI)."""
        scope["state"] = {"organization_id": self._organization_id}
        reply = _Reply(scope, send)
        REQUEST_ID.set(reply.trace_id)
        with self._lifetime.request():
            try:
                await self._route(scope, receive, reply.send)
            except ClientDisconnect:
                log.info("%s: the client left before its request was whole", reply.trace_id)
            except Exception as exc:
                if reply.has_begun:
                    raise
                response = self._envelope(_as_api_error(exc, reply.trace_id), reply.trace_id)
                await response(scope, receive, reply.send)
        self._count(scope, reply)

    def _count(self, scope: Scope, reply: _Reply) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.add(method, str(reply.status))
        self._metrics.answered.observe(reply.elapsed_s)
        if requests_log.isEnabledFor(logging.INFO):
            told = {
                "method": method,
                "path": scope["path"],
                "status": reply.status,
                "ms": round(1e3 * reply.elapsed_s, 1),
            }
            told["organization"] = scope["state"]["organization_id"]
            requests_log.info("%s %s %d", method, scope["path"], reply.status, extra={"fields": told})

    def _envelope(self, error: ApiError, trace_id: str) -> Response:
        body = error.body(trace_id, wire_time(self._clock.now()))
        return Response(body, error.status, {"Cache-Control": "no-store", **error.headers}, "application/json")

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._hosts is not None:
            scope["state"]["host"] = check_host(scope["headers"], self._hosts)
        if self._origin:
            scope["scheme"], scope["state"]["host"] = self._origin
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
    if isinstance(exc, ObjectsAway):
        log.warning("%s: the objects are away: %s", trace_id, exc)
        return unavailable("The audio cannot be reached")
    log.error("%s: unexpected failure", trace_id, exc_info=exc)
    return internal()
