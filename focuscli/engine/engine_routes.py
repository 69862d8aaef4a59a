"""The engine itself over HTTP: hello, health, its generators, and stop."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from focuscli.address import LOCAL_ORGANIZATION, PROTOCOL, PROTOCOLS, proof
from focuscli.engine.engine_wire import AliveBody, BusyBody, Component, HealthBody, HelloBody, StoppingBody
from focuscli.engine.envelope import invalid, unavailable
from focuscli.engine.generators import offered
from focuscli.engine.lifetime import Lifetime
from focuscli.engine.looking import Looking
from focuscli.engine.metrics import CONTENT_TYPE, Metrics
from focuscli.engine.objects import Objects
from focuscli.engine.rendering import Rendering
from focuscli.engine.resource import Call, json_response
from focuscli.engine.room import Room
from focuscli.engine.spending import Usage
from focuscli.engine.store import Store, StoreUnavailable
from focuscli.engine.wire import EnginesBody, UsageBody, engine_body, usage_window
from focuscli.version import __version__

LONGEST_NONCE = 128
BUILD = f"{__version__} on Python {sys.version_info.major}.{sys.version_info.minor}, {sys.platform}"
OPENAPI = Path(__file__).with_name("openapi.json")
LOW_DISK_BYTES = 256 * 1024 * 1024

RESTORED = "the database was damaged: a backup is in its place, and what came after the backup is lost"
"""Said until the next start, so that whoever watches the engine hears of it: the damaged one is kept beside it."""

_BY_SEVERITY = ("healthy", "degraded", "unhealthy")


class EngineRoutes:
    """Answers calls about the engine."""

    def __init__(
        self,
        key: str,
        store: Store,
        objects: Objects,
        room: Room,
        rendering: Rendering,
        usage: Usage,
        lifetime: Lifetime,
        metrics: Metrics,
        looking: Looking,
        *,
        restored: bool,
    ) -> None:
        """`restored`: at its start this engine found its database damaged, and put a backup in its place."""
        self._key, self._store, self._objects, self._room = key, store, objects, room
        self._rendering, self._usage, self._lifetime = rendering, usage, lifetime
        self._metrics, self._looking, self._restored = metrics, looking, restored

    async def hello(self, request: Request) -> Response:
        """`GET /hello?nonce=…`, no auth: proves possession of the key before a client sends it."""
        nonce = request.query_params.get("nonce", "")
        if not 0 < len(nonce) <= LONGEST_NONCE:
            raise invalid("nonce", f"nonce must have 1 to {LONGEST_NONCE} characters")
        body = HelloBody(
            proof=proof(self._key, nonce, request.scope["server"][1]),
            version=__version__,
            build=BUILD,
            protocol=PROTOCOL,
            proto_min=PROTOCOLS[0],
            proto_max=PROTOCOLS[1],
            organization_id=LOCAL_ORGANIZATION,
            pid=os.getpid(),
            uptime_s=round(self._lifetime.uptime_s, 3),
            active_sessions=(await self._looking(self._store.standing)).active_sessions,
        )
        return json_response(body)

    async def health(self, request: Request) -> Response:  # noqa: ARG002
        """`GET /v1/health`, no auth: this process answers."""
        return json_response(AliveBody())

    async def health_details(self, request: Request) -> Response:  # noqa: ARG002
        """`GET /v1/health/details`, no auth: each component, and the worst of them."""
        return json_response(await asyncio.to_thread(self._health))

    async def ready(self, request: Request) -> Response:  # noqa: ARG002
        """`GET /v1/health/ready`, no auth: 503 where a proxy should send nobody here, else as the details.

        Without renderers an engine is degraded and ready: what is made can be played, and sessions are taken.
        """
        if self._lifetime.leaving:
            raise unavailable("The engine is leaving")
        health = await asyncio.to_thread(self._health)
        if health.status == "unhealthy":
            broken = [part for part in health.components if part.status == "unhealthy"]
            raise unavailable("; ".join(f"{part.name}: {part.details or 'broken'}" for part in broken))
        return json_response(health)

    async def figures(self, request: Request) -> Response:  # noqa: ARG002
        """`GET /metrics` at the door for them: figures for Prometheus."""
        text = await asyncio.to_thread(self._metrics.text)
        return Response(text, headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})

    def _health(self) -> HealthBody:
        components = [self._store_health(), self._objects_health(), self._renderer_health()]
        worst = max((component.status for component in components), key=_BY_SEVERITY.index)
        return HealthBody(status=worst, components=components)

    async def generators(self, call: Call) -> Response:  # noqa: ARG002
        """`GET …/engines`: the music generators that can be asked for."""
        found = await asyncio.to_thread(offered)  # plug-ins are imported for it
        return json_response(EnginesBody(engines=[engine_body(generator.description) for generator in found]))

    async def usage(self, call: Call) -> Response:
        """`GET …/usage`: what the organization spent today, this week and this month, and its caps."""
        organization_id = call.caller.owner.organization_id
        windows = [usage_window(spent) for spent in await self._looking(self._usage.windows, organization_id)]
        return json_response(UsageBody(organization_id=organization_id, windows=windows))

    async def openapi(self, request: Request) -> Response:  # noqa: ARG002
        """`GET /v1/openapi.json`, no auth: this API, as a document."""
        return Response(OPENAPI.read_bytes(), media_type="application/json")

    async def stop(self, call: Call) -> Response:
        """`POST /v1/engine/stop`: 202, and the engine leaves; with `?when=idle` 200 while sessions are active."""
        when = call.request.query_params.get("when", "now")
        if when not in {"now", "idle"}:
            raise invalid("when", "when must be one of now, idle")
        active = (await self._looking(self._store.standing)).active_sessions if when == "idle" else 0
        if active:
            return json_response(BusyBody(active_sessions=active))
        self._lifetime.stop()
        return json_response(StoppingBody(), 202)

    def _store_health(self) -> Component:
        try:
            self._store.has_work()
        except StoreUnavailable as exc:
            return Component("store", "unhealthy", str(exc))
        return Component("store", "degraded", RESTORED) if self._restored else Component("store", "healthy")

    def _objects_health(self) -> Component:
        if self._room.closed_by:
            return Component("objects", "unhealthy", "the audio cannot be reached")
        try:
            free = shutil.disk_usage(self._objects.disk).free
        except OSError as exc:
            return Component("objects", "unhealthy", str(exc))
        if free < LOW_DISK_BYTES:
            return Component("objects", "degraded", f"{free // 1_000_000} MB free on the disk")
        return Component("objects", "healthy")

    def _renderer_health(self) -> Component:
        if self._rendering.slots() == 0:
            return Component("renderer", "degraded", "nobody renders just now")
        return Component("renderer", "healthy")
