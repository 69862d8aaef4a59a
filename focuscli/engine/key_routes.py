"""Keys over HTTP, for the user of this machine: made, listed, revoked. A secret is said once, when it is made."""

import asyncio
import math
import re
import secrets
from datetime import UTC, datetime

import msgspec
from starlette.responses import Response

from focuscli.address import LOCAL_ORGANIZATION
from focuscli.clock import Clock, wire_time
from focuscli.engine.engine_wire import KeyBody, KeysBody, KeyWish, SigningKeyBody
from focuscli.engine.envelope import invalid, not_found, rate_limited
from focuscli.engine.key_form import Kind, digest, key_id_of, new_key
from focuscli.engine.key_store import KeyStore, StoredKey
from focuscli.engine.keys import USE_MUSIC_GENERATION
from focuscli.engine.known_callers import KnownCallers
from focuscli.engine.looking import Looking
from focuscli.engine.resource import Call, json_response
from focuscli.engine.shared_ring import SharedRing
from focuscli.engine.signing import Signer
from focuscli.engine.signing_ring import SigningRing
from focuscli.engine.store import Owner


class KeyRoutes:
    """Answers calls about keys; a change counts from the next request on."""

    def __init__(
        self,
        store: KeyStore,
        callers: KnownCallers,
        clock: Clock,
        ring: SigningRing | SharedRing,
        signer: Signer,
        looking: Looking,
    ) -> None:
        self._store, self._callers, self._clock, self._looking = store, callers, clock, looking
        self._ring, self._signer = ring, signer

    async def create(self, call: Call) -> Response:
        """`POST /v1/engine/keys`: 201 with the key and, this once, its secret."""
        wish = _parsed(await call.body())
        now = self._clock.now().timestamp()
        secret = new_key(Kind.LOCAL if wish.organization_id == LOCAL_ORGANIZATION else Kind.LIVE)
        stored = StoredKey(
            key_id=key_id_of(secret.encode()) or "",
            sha256=digest(secret.encode()),
            owner=Owner(wish.organization_id, wish.user_id or f"user_{secrets.token_hex(6)}"),
            name=wish.name,
            capabilities=frozenset[str](wish.capabilities or (USE_MUSIC_GENERATION,)),
            created_at=now,
            expires_at=None if wish.expires_in_seconds is None else now + wish.expires_in_seconds,
        )
        await asyncio.to_thread(self._store.add, stored)
        await self._looking(self._callers.reload)
        return json_response(self._body(stored, secret), 201)

    async def page(self, call: Call) -> Response:  # noqa: ARG002
        """`GET /v1/engine/keys`: every key that was ever made, the oldest first."""
        await asyncio.to_thread(self._callers.note_use)
        return json_response(KeysBody(keys=[self._body(key) for key in await self._looking(self._store.listing)]))

    async def revoke(self, call: Call) -> Response:
        """`POST /v1/engine/keys/{key_id}/revoke`: 200 with the key; again, the same."""
        key_id = call.parameter("key_id")
        if not await asyncio.to_thread(self._store.revoke, key_id, self._clock.now().timestamp()):
            raise not_found("Key not found", {"key_id": key_id})
        await self._looking(self._callers.reload)
        keys = await self._looking(self._store.listing)
        return json_response(next(self._body(key) for key in keys if key.key_id == key_id))

    async def rotate(self, call: Call) -> Response:  # noqa: ARG002
        """`POST /v1/engine/signing-keys`: URLs are signed with a new key; 429 while three are needed for older URLs."""
        if isinstance(self._ring, SharedRing):
            raise invalid("signing_secret", "The key changes with the calendar; else put another secret into its file")
        if not await asyncio.to_thread(self._ring.rotate):
            raise rate_limited(math.ceil(self._signer.ttl_s))
        self._signer.use(self._ring.secrets)
        return json_response(SigningKeyBody(signing_key_id=list(self._ring.secrets)[-1]), 201)

    def _body(self, key: StoredKey, secret: str | None = None) -> KeyBody:
        return KeyBody(
            key_id=key.key_id,
            organization_id=key.owner.organization_id,
            user_id=key.owner.user_id,
            name=key.name,
            capabilities=sorted(key.capabilities),
            status=_status(key, self._clock.now().timestamp()),
            created_at=_time(key.created_at) or "",
            expires_at=_time(key.expires_at),
            last_used_at=_time(key.last_used_at),
            revoked_at=_time(key.revoked_at),
            key=msgspec.UNSET if secret is None else secret,
        )


def _parsed(body: bytes) -> KeyWish:
    try:
        wish = msgspec.json.decode(body or b"{}", type=KeyWish)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise invalid(_field(str(exc)), f"The body is not a wish for a key: {exc}") from exc
    for field, text in (("organization_id", wish.organization_id), ("user_id", wish.user_id)):
        if text is not None and text.endswith("\n"):  # which $ lets pass
            raise invalid(field, f"{field} must be 1 to 64 letters, digits, _ or -")
    return wish


def _field(complaint: str) -> str:
    """The field that msgspec's complaint names (`… - at `$.name``, or an unknown field's name), else the body."""
    found = re.search(r"`\$\.([a-z_]+)|unknown field `([^`]{1,64})`", complaint)
    return (found[1] or found[2]) if found else "body"


def _status(key: StoredKey, now: float) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "active" if key.opens(now) else "expired"


def _time(moment: float | None) -> str | None:
    return None if moment is None else wire_time(datetime.fromtimestamp(moment, UTC))
