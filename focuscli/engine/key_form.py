"""What a key looks like: `fk_<live|local>_<8 of its id>_<43 of its secret>_<8 of a checksum>`.

The form tells people and scanners of leaked secrets what it is; the checksum tells a mistyped key from an unknown one
without a look at the store. What is kept of a key is its SHA-256: 256 random bits need no slow hash.
"""

import hashlib
import re
import secrets
import zlib
from enum import StrEnum

_FORM = re.compile(rb"(fk_(?:live|local)_([a-z0-9]{8})_[A-Za-z0-9_-]{43})_([0-9a-f]{8})")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Kind(StrEnum):
    """Whether a key opens the engine of one machine, or one that is served to others."""

    LIVE = "live"
    LOCAL = "local"


def new_key(kind: Kind) -> str:
    """A key that nobody has."""
    key_id = "".join(secrets.choice(_LETTERS) for _ in range(8))
    body = f"fk_{kind}_{key_id}_{secrets.token_urlsafe(32)}"
    return f"{body}_{zlib.crc32(body.encode()):08x}"


def key_id_of(key: bytes) -> str | None:
    """The public part of a key; None for what has not the form of one, or a wrong checksum."""
    parts = _FORM.fullmatch(key)
    if parts is None or int(parts[3], 16) != zlib.crc32(parts[1]):
        return None
    return parts[2].decode("ascii")


def digest(key: bytes) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(key).digest()
