"""The bodies of calls about the engine itself: who answers, how it does, its keys, its end.

As in `wire`, their annotations are what the OpenAPI document is made of.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from focuscli.address import LOCAL_ORGANIZATION

Health = Literal["healthy", "degraded", "unhealthy"]
Capability = Literal["USE_MUSIC_GENERATION", "MANAGE_ENGINE"]
_Identifier = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,64}$")]


class HelloBody(msgspec.Struct, frozen=True):
    """Who answers at this address, with the proof that it holds the key."""

    proof: str
    version: str
    build: str
    protocol: int
    proto_min: int
    proto_max: int
    organization_id: str
    pid: int
    uptime_s: float
    active_sessions: int


class KeyWish(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a new key is to be. Without a user it is for a new one; without a time it never expires."""

    organization_id: _Identifier = LOCAL_ORGANIZATION
    user_id: _Identifier | None = None
    name: Annotated[str, Meta(max_length=256)] = ""
    capabilities: Annotated[list[Capability], Meta(min_length=1)] | None = None
    expires_in_seconds: Annotated[int, Meta(ge=1, le=10 * 366 * 86_400)] | None = None


class SigningKeyBody(msgspec.Struct, frozen=True):
    """The key with which media URLs are signed from now on."""

    signing_key_id: str


class KeyBody(msgspec.Struct, frozen=True):
    """A key of somebody's; `key` itself only in the answer that made it."""

    key_id: str
    organization_id: str
    user_id: str
    name: str
    capabilities: list[str]
    status: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None
    key: str | msgspec.UnsetType = msgspec.UNSET


class KeysBody(msgspec.Struct, frozen=True):
    """Every key that was ever made."""

    keys: list[KeyBody]


class AliveBody(msgspec.Struct, frozen=True):
    """A process that answers."""

    status: Literal["ok"] = "ok"


class BusyBody(msgspec.Struct, frozen=True):
    """An engine that was to leave when idle, and is not."""

    active_sessions: int
    status: Literal["busy"] = "busy"


class StoppingBody(msgspec.Struct, frozen=True):
    """An engine that is about to leave."""

    status: Literal["stopping"] = "stopping"


class Component(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the engine, and how it does: healthy, degraded or unhealthy."""

    name: str
    status: Health
    details: str = ""


class HealthBody(msgspec.Struct, frozen=True):
    """All parts, and the worst of them."""

    status: Health
    components: list[Component]
