"""Tracks: segments that somebody promoted, kept for good in the engine's database."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import asdict

from focuscli.engine.database import Database, Row, Transaction
from focuscli.engine.sentences import read_sentences
from focuscli.engine.store import Idempotency, KeyReused, Owner

SQL = read_sentences("tracks")


class Track(msgspec.Struct, frozen=True):
    """A segment in somebody's library; its audio is a copy of its own under `object_key`. Times are Unix seconds."""

    track_id: str
    organization_id: str
    user_id: str
    session_id: str
    segment_index: int
    title: str | None
    engine_key: str
    licence_class: str
    instrumental: bool
    measured_duration_s: float
    object_key: str
    sha256: str
    size_bytes: int
    created_at: float


class Library:
    """Safe to call from any thread; every call is one transaction and raises StoreUnavailable like the store's."""

    def __init__(self, database: Database) -> None:
        """Keep tracks in the database; whoever opened it closes it."""
        self._database = database

    def known(self, owner: Owner, session_id: str, segment_index: int, idempotency: Idempotency | None) -> Track | None:
        """The track that a segment became, if it did; the idempotency key stands for it from now on.

        Raises KeyReused where the key came with another request.
        """
        wanted = {**asdict(owner), "session_id": session_id, "segment_index": segment_index}
        if idempotency is None:
            with self._database.read() as db:
                return _track(db.execute(SQL["of_segment"], wanted).fetchone())
        with self._database.write() as db:
            made = _repeated(db, owner, idempotency)
            track = made or _track(db.execute(SQL["of_segment"], wanted).fetchone())
            if track and not made:
                _remember(db, track, idempotency)
            return track

    def add(self, track: Track, idempotency: Idempotency | None) -> Track:
        """Store a track; where its segment became one meanwhile, that one is answered, and this one is not stored.

        Raises KeyReused where the idempotency key came with another request.
        """
        owner = Owner(track.organization_id, track.user_id)
        with self._database.write() as db:
            made = _repeated(db, owner, idempotency) if idempotency else None
            if made is not None:
                return made
            db.execute(SQL["insert"], asdict(track))
            stored = _track(db.execute(SQL["of_segment"], asdict(track)).fetchone())
            assert stored is not None
            if idempotency:
                _remember(db, stored, idempotency)
        return stored

    def track(self, owner: Owner, track_id: str) -> Track | None:
        """The owner's track; None where it is not there or someone else's."""
        with self._database.read() as db:
            return _track(db.execute(SQL["track"], {**asdict(owner), "track_id": track_id}).fetchone())

    def tracks(self, owner: Owner, limit: int, offset: int) -> list[Track]:
        """The owner's tracks, newest first."""
        with self._database.read() as db:
            rows = db.execute(SQL["tracks"], {**asdict(owner), "limit": limit, "offset": offset})
            return [_made(row) for row in rows]

    def audio(self, organization_id: str, track_id: str) -> Track | None:
        """A track, for media; the caller has already proved the right to it."""
        with self._database.read() as db:
            wanted = {"organization_id": organization_id, "track_id": track_id}
            return _track(db.execute(SQL["audio"], wanted).fetchone())

    def delete(self, owner: Owner, track_id: str) -> str | None:
        """Forget the owner's track; returns the object that nobody needs now, None where there is no such track."""
        with self._database.write() as db:
            row = db.execute(SQL["delete"], {**asdict(owner), "track_id": track_id}).fetchone()
        return str(row["object_key"]) if row else None

    def object_keys(self) -> Sequence[str]:
        """The keys of all tracks' audio, which no retention touches."""
        with self._database.read() as db:
            return [row["object_key"] for row in db.execute(SQL["objects"])]


def _repeated(db: Transaction, owner: Owner, idempotency: Idempotency) -> Track | None:
    db.hold("key", owner.organization_id, owner.user_id, idempotency.key)
    row = db.execute(SQL["find_idempotency"], {**asdict(owner), "key": idempotency.key}).fetchone()
    if row is None:
        return None
    if row["request_sha256"] != idempotency.request_sha256:
        raise KeyReused(idempotency.key)
    return _track(db.execute(SQL["track"], {**asdict(owner), "track_id": row["track_id"]}).fetchone())


def _remember(db: Transaction, track: Track, idempotency: Idempotency) -> None:
    db.execute(SQL["insert_idempotency"], {**asdict(track), **asdict(idempotency)})


def _track(row: Row | None) -> Track | None:
    return _made(row) if row else None


def _made(row: Row) -> Track:
    fields = {name: row[name] for name in Track.__struct_fields__}
    return Track(**{**fields, "instrumental": bool(fields["instrumental"])})
