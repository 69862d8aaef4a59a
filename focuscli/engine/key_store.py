"""Organizations, their users and their keys in the engine's database; of a secret only its digest."""

from collections.abc import Mapping

import msgspec

from focuscli.engine.database import Database, Row
from focuscli.engine.sentences import read_sentences
from focuscli.engine.store import Owner

SQL = read_sentences("keys")


class StoredKey(msgspec.Struct, frozen=True):
    """A key as it is kept. Times are Unix seconds; None: it never expires, was never used, is not revoked."""

    key_id: str
    sha256: bytes
    owner: Owner
    name: str
    capabilities: frozenset[str]
    created_at: float
    expires_at: float | None = None
    last_used_at: float | None = None
    revoked_at: float | None = None

    def opens(self, now: float) -> bool:
        """Whether it lets its holder in at that time."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeyStore:
    """Keeps keys. Every call may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        """Keep keys in the database; whoever opened it closes it."""
        self._database = database

    def add(self, key: StoredKey) -> None:
        """Store a key, with its organization, its user and that one's membership where they are new."""
        columns = {
            "key_id": key.key_id,
            "sha256": key.sha256,
            "organization_id": key.owner.organization_id,
            "user_id": key.owner.user_id,
            "name": key.name,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
        }
        with self._database.write() as db:
            for sentence in ("add_organization", "add_user", "add_membership", "add_key"):
                db.execute(SQL[sentence], columns)
            rows = [{"key_id": key.key_id, "capability": capability} for capability in sorted(key.capabilities)]
            db.executemany(SQL["add_capability"], rows)

    def listing(self) -> list[StoredKey]:
        """Every key that was ever made, the oldest first."""
        with self._database.read() as db:
            return [_stored(row) for row in db.execute(SQL["keys"])]

    def revoke(self, key_id: str, at: float) -> bool:
        """Let nobody in with this key from now on; False where there is none."""
        with self._database.write() as db:
            return db.execute(SQL["revoke"], {"key_id": key_id, "at": at}).rowcount == 1

    def used(self, moments: Mapping[str, float]) -> None:
        """Note when keys, by their ids, were used last."""
        with self._database.write() as db:
            db.executemany(SQL["used"], [{"key_id": key_id, "at": at} for key_id, at in moments.items()])


def _stored(row: Row) -> StoredKey:
    return StoredKey(
        key_id=row["key_id"],
        sha256=row["sha256"],
        owner=Owner(row["organization_id"], row["user_id"]),
        name=row["name"],
        capabilities=frozenset((row["capabilities"] or "").split()),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
    )
