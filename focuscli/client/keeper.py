"""The calls with which its user keeps the engine of this machine: stop, keys."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from focuscli.client.nearby import Nearby
from focuscli.client.refusal import object_of
from focuscli.client.wire import Connected, LoopbackWire, Wire
from focuscli.errors import EngineFailed

TIMEOUT_S = 30.0


class Keeper(Connected):
    """Speaks with an engine of whatever protocol: these calls are the same in all of them.

    Every call raises EngineUnreachable when nobody answers, and what the engine's refusal stands for.
    """

    def __init__(self, wire: Wire, key: str) -> None:
        super().__init__(wire)
        self._key = key

    def stop(self, *, only_when_idle: bool = False) -> bool:
        """Ask the engine to leave after its answer; False where it is busy and was not to be hurried."""
        answer = self._ask("POST", "/v1/engine/stop?when=idle" if only_when_idle else "/v1/engine/stop")
        return answer.get("status") == "stopping"

    def create_key(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        """A new key as the engine describes it, with its secret, which is said this once."""
        return self._ask("POST", "/v1/engine/keys", json.dumps(wish).encode())

    def keys(self) -> list[dict[str, Any]]:
        """Every key that was ever made, without the secrets."""
        items = self._ask("GET", "/v1/engine/keys").get("keys")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise EngineFailed(f"{self._wire.host} sent no list of keys")
        return items

    def revoke_key(self, key_id: str) -> dict[str, Any]:
        """The key, which opens nothing from now on; raises NotFound."""
        return self._ask("POST", f"/v1/engine/keys/{quote(key_id, safe='')}/revoke")

    def rotate_signing_key(self) -> dict[str, Any]:
        """Sign media URLs with a new key from now on; raises LimitReached while older ones are still needed."""
        return self._ask("POST", "/v1/engine/signing-keys")

    def _ask(self, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        headers = {"X-API-Key": self._key, "Accept": "application/json"}
        return object_of(self._wire.exchange(method, path, headers, body, TIMEOUT_S), self._wire.host)


def keeper_of(engine: Nearby) -> Keeper:
    """The keeper of an engine that has proved to be this user's."""
    return Keeper(LoopbackWire(engine.authority), engine.key)
