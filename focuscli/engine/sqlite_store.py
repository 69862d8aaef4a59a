"""The store in one SQLite file: one connection writes, one reads, and only this process opens it.

WAL with synchronous=FULL: a commit is on the disk when it returns. Never a second process on the same file,
because SQLite before 3.51.3 can corrupt a WAL database when two connections write and checkpoint at once
(https://sqlite.org/wal.html, "The WAL Reset Bug"); the engine's lock sees to that.
"""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec.structs import asdict

from focuscli.clock import Clock
from focuscli.engine.migrations import FOLDER, migrate, read_migrations
from focuscli.engine.store import (
    BACK_OFF_S,
    MAX_FAILURES,
    Claim,
    EndReason,
    Idempotency,
    KeyReused,
    NewSession,
    NextSegment,
    Owner,
    ReadySegment,
    Recovered,
    StoredSession,
    StoreUnavailable,
)
from focuscli.errors import Conflict
from focuscli.model import Goal, SessionStatus

_PRAGMAS = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;
PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
"""  # the last two are macOS's; elsewhere they do nothing


def read_sentences(file: Path = FOLDER / "sentences.sql") -> dict[str, str]:
    """The named sentences of a file: each begins with `-- name: …`."""
    blocks = file.read_text(encoding="utf-8").split("-- name: ")[1:]
    return {name.strip(): sentence.strip() for name, _, sentence in (block.partition("\n") for block in blocks)}


SQL = read_sentences()


class SqliteStore:
    """The `Store` contract on a local file; leases count on the given clock's monotonic time."""

    def __init__(self, file: Path, clock: Clock) -> None:
        """Open or create the file and bring its schema up to date; raises Conflict where it cannot be used."""
        self._clock = clock
        self._writing, self._reading = threading.Lock(), threading.Lock()
        try:
            self._writer = _connect(file)
            self._writer.executescript(_PRAGMAS)
            migrate(self._writer, read_migrations())
            self._reader = _connect(file)
            self._reader.execute("PRAGMA query_only = ON")
        except sqlite3.Error as exc:
            raise Conflict(f"the engine's database {file} cannot be opened: {exc}", hint=f"move {file} away") from exc

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._writing, _translated():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._reading, _translated():
            self._reader.execute("BEGIN")
            try:
                yield self._reader
            finally:
                self._reader.execute("COMMIT")

    def create(self, session: NewSession, idempotency: Idempotency | None) -> StoredSession:
        """Store a session with its planned segments, or answer the one its idempotency key already made."""
        with self._write() as db:
            session_id = _repeated(db, session.owner, idempotency) if idempotency else None
            if session_id is None:
                session_id = _insert(db, session, idempotency)
            stored = _session(db, session.owner, session_id)
        assert stored is not None
        return stored

    def session(self, owner: Owner, session_id: str) -> StoredSession | None:
        """The session as it stands."""
        with self._read() as db:
            return _session(db, owner, session_id)

    def listing(self, owner: Owner, session_id: str) -> tuple[StoredSession, tuple[ReadySegment, ...]] | None:
        """The session and its contiguous ready prefix."""
        with self._read() as db:
            session = _session(db, owner, session_id)
            if session is None:
                return None
            prefix = {"session_id": session_id, "ready_count": session.ready_count}
            return session, tuple(ReadySegment(*row) for row in db.execute(SQL["ready_prefix"], prefix))

    def sessions(self, owner: Owner, status: SessionStatus | None, limit: int, offset: int) -> list[StoredSession]:
        """The owner's sessions, newest first."""
        wanted = {**asdict(owner), "status": status, "limit": limit, "offset": offset}
        with self._read() as db:
            return [_stored(row) for row in db.execute(SQL["sessions"], wanted)]

    def end(self, session_id: str, status: SessionStatus, reason: EndReason, at: float) -> bool:
        """Make an active session terminal and drop what was not ready."""
        change = {"session_id": session_id, "status": status, "end_reason": reason, "ended_at": at}
        with self._write() as db:
            if db.execute(SQL["end_session"], change).rowcount == 0:
                return False
            db.execute(SQL["drop_unready"], {"session_id": session_id, "from_index": 0})
        return True

    def active(self) -> list[StoredSession]:
        """Every active session of everyone."""
        with self._read() as db:
            return [_stored(row) for row in db.execute(SQL["active"])]

    def claim(self, owner: str, lease_s: float) -> Claim | None:
        """Take the most urgent segment that may be rendered now."""
        terms = {"owner": owner, "lease_s": lease_s, "now": self._clock.monotonic(), "max_failures": MAX_FAILURES}
        with self._write() as db:
            row = db.execute(SQL["claim"], terms).fetchone()
        return Claim(*row) if row else None

    def renew(self, claim: Claim, lease_s: float) -> bool:
        """Prolong the lease from now."""
        terms = {**_fence(claim), "lease_s": lease_s, "now": self._clock.monotonic()}
        with self._write() as db:
            return db.execute(SQL["renew"], terms).rowcount == 1

    def finish(self, claim: Claim, segment: ReadySegment) -> bool:
        """Make the claimed segment ready, unless the claim is no longer held."""
        with self._write() as db:
            return db.execute(SQL["finish"], {**asdict(segment), **_fence(claim)}).rowcount == 1

    def release(self, claim: Claim, failure: str | None = None) -> bool:
        """Give the segment back, with or without a failure counted."""
        with self._write() as db:
            if failure is None:
                return db.execute(SQL["release"], _fence(claim)).rowcount == 1
            return self._fail(db, _fence(claim), failure)

    def fail_expired(self) -> list[tuple[str, int]]:
        """Fail segments whose lease ended on their last attempt."""
        terms = {"now": self._clock.monotonic(), "max_failures": MAX_FAILURES}
        with self._write() as db:
            rows = [dict(row) for row in db.execute(SQL["expired_for_good"], terms)]
            for row in rows:
                self._fail(db, row, "the renderer did not answer within its lease")
        return [(row["session_id"], row["segment_index"]) for row in rows]

    def _fail(self, db: sqlite3.Connection, fence: dict[str, object], failure: str) -> bool:
        terms = {"failure": failure[:500], "now": self._clock.monotonic(), "back_off_s": BACK_OFF_S}
        row = db.execute(SQL["release_failed"], {**fence, **terms, "max_failures": MAX_FAILURES}).fetchone()
        if row and row["state"] == "failed":
            db.execute(SQL["drop_unready"], {"session_id": fence["session_id"], "from_index": fence["segment_index"]})
        return row is not None

    def has_work(self) -> bool:
        """Whether any segment is planned or claimed."""
        with self._read() as db:
            return bool(db.execute(SQL["has_work"]).fetchone()[0])

    def segment(self, organization_id: str, session_id: str, segment_index: int) -> ReadySegment | None:
        """One ready segment."""
        wanted = {"organization_id": organization_id, "session_id": session_id, "segment_index": segment_index}
        with self._read() as db:
            row = db.execute(SQL["segment"], wanted).fetchone()
        return ReadySegment(*row) if row else None

    def lose(self, segment: ReadySegment) -> None:
        """Plan a segment again whose audio is damaged or gone."""
        with self._write() as db:
            db.execute(SQL["lose"], {"object_key": segment.object_key})

    def recover(self, sizes: Mapping[str, int]) -> Recovered:
        """Take back every claim, and every ready segment whose object is not there with its size."""
        with self._write() as db:
            claims = db.execute(SQL["release_all"]).rowcount
            db.execute(SQL["forget_back_off"])
            lost = [key for key, size in db.execute(SQL["ready_objects"]) if sizes.get(key) != size]
            db.executemany(SQL["lose"], [{"object_key": key} for key in lost])
        return Recovered(claims, len(lost))

    def expire(self, ended_before: float) -> list[str]:
        """Drop the audio of sessions that ended before."""
        terms = {"ended_before": ended_before}
        with self._write() as db:
            keys = [row["object_key"] for row in db.execute(SQL["expired_objects"], terms)]
            if keys:
                db.execute(SQL["drop_expired"], terms)
        return keys

    def object_keys(self) -> Sequence[str]:
        """The keys of all ready segments."""
        with self._read() as db:
            return [key for key, _ in db.execute(SQL["ready_objects"])]

    def close(self) -> None:
        """Write the log back into the file, and close both connections."""
        with self._writing, self._reading:
            self._reader.close()
            with suppress(sqlite3.Error):  # whoever opens it next reads the log as well
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._writer.close()


def _connect(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    return db


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):  # ours, not the medium's
        raise
    except sqlite3.DatabaseError as exc:  # locked, full, input/output error, malformed
        raise StoreUnavailable(str(exc)) from exc


def _fence(claim: Claim) -> dict[str, object]:
    return {"session_id": claim.session_id, "segment_index": claim.segment_index, "attempt": claim.attempt}


def _repeated(db: sqlite3.Connection, owner: Owner, idempotency: Idempotency) -> str | None:
    row = db.execute(SQL["find_idempotency"], {**asdict(owner), "key": idempotency.key}).fetchone()
    if row and row["request_sha256"] != idempotency.request_sha256:
        raise KeyReused(idempotency.key)
    return str(row["session_id"]) if row else None


def _insert(db: sqlite3.Connection, new: NewSession, idempotency: Idempotency | None) -> str:
    columns = {
        "session_id": new.session_id,
        **asdict(new.owner),
        "goal": new.goal,
        "engine_key": new.engine_key,
        "target_minutes": new.target_minutes,
        "total_segments": len(new.durations_s),
        "piece": new.piece,
        "started_at": new.started_at,
    }
    sequence = db.execute(SQL["insert_session"], columns).lastrowid
    rows = [(sequence, index, duration_s) for index, duration_s in enumerate(new.durations_s)]
    db.executemany(SQL["insert_segment"], rows)
    if idempotency:
        made = {**asdict(new.owner), **asdict(idempotency), "session_id": new.session_id}
        db.execute(SQL["insert_idempotency"], made)
    return new.session_id


def _session(db: sqlite3.Connection, owner: Owner, session_id: str) -> StoredSession | None:
    row = db.execute(SQL["session"], {**asdict(owner), "session_id": session_id}).fetchone()
    return _stored(row) if row else None


def _stored(row: sqlite3.Row) -> StoredSession:
    coming = row["next_index"]
    return StoredSession(
        session_id=row["session_id"],
        status=SessionStatus(row["status"]),
        goal=Goal(row["goal"]),
        engine_key=row["engine_key"],
        target_minutes=row["target_minutes"],
        total_segments=row["total_segments"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        end_reason=EndReason(row["end_reason"]) if row["end_reason"] else None,
        ready_count=row["ready_count"],
        next_segment=None if coming is None else NextSegment(coming, row["next_duration_s"]),
    )
