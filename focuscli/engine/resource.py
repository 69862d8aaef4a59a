"""One path of the API: its methods, who may call them, and what they are given."""

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
    invalid_key,
    method_not_allowed,
    organization_denied,
    payload_too_large,
)
from focuscli.engine.keys import USE_MUSIC_GENERATION, Caller, Callers

BODY_LIMIT = 64 * 1024

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Call:
    """A request by a caller who has the right to make it."""

    request: Request
    caller: Caller

    def parameter(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

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
    """Turns functions of a `Call` into endpoints that check the caller first: 401, 403 organization, 403 capability."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers

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
                return caller
        raise invalid_key()


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
