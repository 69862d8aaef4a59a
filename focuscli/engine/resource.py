"""One path of the API: its methods, who may call them, and what they are given."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from focuscli.engine.envelope import (
    authentication_required,
    forbidden,
    invalid,
    invalid_key,
    method_not_allowed,
    organization_denied,
    payload_too_large,
    rate_limited,
)
from focuscli.engine.keys import USE_MUSIC_GENERATION, Caller, Callers
from focuscli.engine.rate_limits import RateLimits

BODY_LIMIT = 64 * 1024
DEFAULT_PAGE = 50
LONGEST_PAGE = 200
LARGEST_OFFSET = 2**31
IDEMPOTENCY_KEY = "^[!-~]{0,255}$"
"""Visible ASCII; an empty one counts as absent."""

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Call:
    """A request by a caller who has the right to make it."""

    request: Request
    caller: Caller

    def parameter(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    @property
    def origin(self) -> str:
        """The URL of this engine at the name by which it was asked, without a slash at its end."""
        return f"{self.request.scope['scheme']}://{self.request.scope['state']['host']}"

    def idempotency_key(self) -> str | None:
        """What the client calls this very request, however often it repeats it; None where it does not say."""
        key = self.request.headers.get("idempotency-key", "").strip()
        if not re.fullmatch(IDEMPOTENCY_KEY, key):
            raise invalid("Idempotency-Key", "Idempotency-Key must be at most 255 visible ASCII characters")
        return key or None

    def page(self) -> tuple[int, int]:
        """`limit` and `offset` of a list; raises ApiError 422 naming the one that makes no sense."""
        return self._number("limit", DEFAULT_PAGE, 1, LONGEST_PAGE), self._number("offset", 0, 0, LARGEST_OFFSET)

    def _number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.request.query_params.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 10 and low <= int(text) <= high):
            raise invalid(name, f"{name} must be an integer from {low} to {high}")
        return int(text)

    async def body(self) -> bytes:
        """The body; raises ApiError 413 where it is too long, without reading the rest."""
        body = bytearray()
        async for part in self.request.stream():
            body += part
            if len(body) > BODY_LIMIT:
                raise payload_too_large(BODY_LIMIT)
        return bytes(body)


class Resource:
    """The endpoints of one path, by method. HEAD is GET without the body, which the server leaves out."""

    def __init__(self, **endpoints: Endpoint) -> None:
        self._endpoints = dict(endpoints)
        if "GET" in endpoints:
            self._endpoints["HEAD"] = endpoints["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI); raises ApiError 405 where the method does not exist."""
        endpoint = self._endpoints.get(scope["method"])
        if endpoint is None:
            raise method_not_allowed(scope["method"], ", ".join(sorted(self._endpoints)))
        response = await endpoint(Request(scope, receive))
        await response(scope, receive, send)


class Authorized:
    """Turns functions of a `Call` into endpoints that check the caller first.

    In this order: 401, 429, 403 organization, 403 capability.
    """

    def __init__(self, callers: Callers, limits: RateLimits) -> None:
        self._callers, self._limits = callers, limits

    def __call__(self, function: Callable[[Call], Awaitable[Response]], needs: str = USE_MUSIC_GENERATION) -> Endpoint:
        """The endpoint for a function that is for callers with a capability."""

        async def endpoint(request: Request) -> Response:
            return await function(Call(request, self._admit(request, needs)))

        return endpoint

    def _admit(self, request: Request, needs: str) -> Caller:
        caller = self._identify(request)
        request.scope["state"]["organization_id"] = caller.owner.organization_id
        if request.path_params.get("organization_id", caller.owner.organization_id) != caller.owner.organization_id:
            raise organization_denied()
        if needs not in caller.capabilities:
            raise forbidden(f"{needs} capability required")
        return caller

    def _identify(self, request: Request) -> Caller:
        keys = _keys(request)
        if not keys:
            raise authentication_required()
        for key in keys:
            caller = self._callers.identify(key)
            if caller:
                self._count(request, key, caller.owner.organization_id)
                return caller
        raise invalid_key()

    def _count(self, request: Request, key: bytes, organization_id: str) -> None:
        allowance = self._limits.take(key, organization_id)
        if allowance is None:
            return
        request.scope["state"]["headers"] = allowance.headers()
        if allowance.retry_after_s:
            raise rate_limited(allowance.retry_after_s)


def _keys(request: Request) -> list[bytes]:
    """Every key that was given, as it came: an empty header counts as absent."""
    keys = [value.strip() for name, value in request.headers.raw if name == b"x-api-key"]
    for name, value in request.headers.raw:
        scheme, _, token = value.strip().partition(b" ")
        if name == b"authorization" and scheme.lower() == b"bearer":
            keys.append(token.strip())
    return [key for key in keys if key]


def json_response(body: Any, status: int = 200) -> Response:
    """A flat body as JSON, kept by no cache: it may hold signed URLs."""
    return Response(msgspec.json.encode(body), status, {"Cache-Control": "no-store"}, "application/json")
