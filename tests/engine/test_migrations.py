"""A database that an older engine left is brought up to date, and everything in it is still there."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from focuscli.engine.migrations import migrate, read_migrations
from focuscli.engine.session_rows import SQL
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile, SqliteSchema
from focuscli.engine.store import EndReason, Idempotency, KeyReused, Owner
from focuscli.model import Goal, SessionStatus
from tests.contract.test_store import new
from tests.engine.rig import LOCAL, SteppedClock

FROZEN = Path(__file__).parent / "frozen" / "version_1.db"
"""Written by the first engine that had a schema, and never again: an active session of three segments (two ready, one
claimed by an engine that died) with an idempotency key, one ended with one of two ready, one of a guest stopped at a
cap, and one that only was planned."""

VERSIONS = range(1, len(read_migrations()) + 1)


@pytest.fixture(params=VERSIONS)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The frozen database as each version between would have left it."""
    file = tmp_path / "engine.db"
    shutil.copyfile(FROZEN, file)
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        migrate(SqliteSchema(db), read_migrations()[: request.param])
        assert db.execute("PRAGMA user_version").fetchone()[0] == request.param
    return file


def test_what_an_older_engine_left_is_all_there(older: Path) -> None:
    with closing(SqliteFile(older)) as file:
        store = SqlStore(file, SteppedClock())
        active, ended, planned = (store.session(LOCAL, f"mfocus_00000000000{number}") for number in (1, 2, 4))
        capped = store.session(Owner("org_local", "user_guest"), "mfocus_000000000003")
        assert active is not None
        assert ended is not None
        assert planned is not None
        assert capped is not None
        assert (active.status, active.goal, active.ready_count) == (SessionStatus.ACTIVE, Goal.RELAX, 2)
        assert (active.started_at, active.total_segments, active.lease_s) == (1782642601.0, 3, None)
        assert (ended.status, ended.end_reason, ended.ended_at) == (SessionStatus.ENDED, EndReason.CLIENT, 1782643000.0)
        assert (capped.status, capped.end_reason) == (SessionStatus.STOPPED_CAP, EndReason.CAP)
        assert planned.ready_count == 0
        listing = store.listing(LOCAL, active.session_id)
        assert listing is not None
        assert [segment.sha256 for segment in listing[1]] == [f"{index + 1:064x}" for index in range(2)]


def test_an_older_engines_work_goes_on(older: Path) -> None:
    with closing(SqliteFile(older)) as file:
        store = SqlStore(file, SteppedClock())
        recovered = store.recover(dict(_objects(file)))
        assert (recovered.claims, recovered.segments) == (1, 0)
        claimed = []
        while claim := store.claim("new", 60.0):
            claimed.append((claim.session_id[-1], claim.segment_index, claim.attempt))
        assert claimed == [("4", 0, 1), ("4", 1, 1), ("1", 2, 2)]


def test_an_older_engines_idempotency_keys_are_remembered(older: Path) -> None:
    with closing(SqliteFile(older)) as file:
        store = SqlStore(file, SteppedClock())
        again = store.create(new("mfocus_a"), Idempotency("key-1", "digest-1"))
        assert again.session_id == "mfocus_000000000001"
        with pytest.raises(KeyReused):
            store.create(new("mfocus_a"), Idempotency("key-4", "another"))


def test_the_schema_is_the_same_however_it_came_about(older: Path, tmp_path: Path) -> None:
    SqliteFile(older).close()
    SqliteFile(tmp_path / "new.db").close()
    assert _schema(older) == _schema(tmp_path / "new.db")


def _objects(file: SqliteFile) -> list[tuple[str, int]]:
    with file.read() as db:
        return [(row["object_key"], row["size_bytes"]) for row in db.execute(SQL["ready_objects"])]


def _schema(file: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(file)) as db:
        found: list[tuple[str, ...]] = db.execute(
            "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
        ).fetchall()
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    return found
