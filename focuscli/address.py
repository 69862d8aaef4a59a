"""How the local engine is found, and how it proves that it is ours before it is given the key.

The engine writes its address once it listens (temporary file, renamed). A client reads it, sends a fresh
nonce to `GET /hello?nonce=…`, and checks that the answer's `proof` is HMAC-SHA256(key, port and nonce): who took
over a stale port cannot answer that, not even by asking the real engine, and is never sent the key.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from focuscli.hello import HELLO_PATH, LOCAL_ORGANIZATION, PROTOCOL, PROTOCOLS, new_nonce, proof, proves
from focuscli.paths import write_private

__all__ = ["Address", "HELLO_PATH", "LOCAL_ORGANIZATION", "PROTOCOL", "PROTOCOLS", "new_nonce", "proof", "proves"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where one engine listens. The process id is information only: the hello is the truth."""

    url: str
    pid: int
    version: str
    protocol: int
    started_at: str

    def write(self, file: Path) -> None:
        """Publish the address."""
        write_private(file, json.dumps(asdict(self)))

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """The published address, or None where there is none that can be read."""
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            return cls(
                url=str(data["url"]),
                pid=int(data["pid"]),
                version=str(data["version"]),
                protocol=int(data["protocol"]),
                started_at=str(data["started_at"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
