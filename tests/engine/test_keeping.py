"""What lies on the disk: the lock, secrets, objects, the schema, and how they agree again after a crash."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from focuscli.engine.disk import Disk
from focuscli.engine.keys import Caller, FixedCallers, load_secret
from focuscli.engine.library import Library
from focuscli.engine.lock import EngineLock
from focuscli.engine.migrations import Migration, migrate, read_migrations
from focuscli.engine.objects import UNFINISHED_S, LocalObjects, measure, object_key
from focuscli.engine.parts import recover
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile, SqliteSchema
from focuscli.engine.store import Idempotency, KeyReused, NewSession
from focuscli.errors import Conflict
from focuscli.model import Goal
from tests.engine.rig import LOCAL, Rig, SteppedClock, audio

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    first, second = EngineLock(tmp_path / "run" / "lock"), EngineLock(tmp_path / "run" / "lock")
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
    second.release()


HOLDER = """
import sys
from pathlib import Path
from focuscli.engine.lock import EngineLock
lock = EngineLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"True"
        assert not EngineLock(file).acquire()
        holder.kill()
    lock = EngineLock(file)
    assert lock.acquire()
    lock.release()


@posix
def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "state" / "engine.key"
    secret = load_secret(file)
    assert len(secret) == 43
    assert load_secret(file) == secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_secret_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "engine.key"
    load_secret(file)
    file.chmod(mode)
    with pytest.raises(Conflict, match="can be read by others") as refusal:
        load_secret(file)
    assert refusal.value.hint == f"chmod 600 {file}"


@pytest.mark.parametrize("content", ["", "short", "k" * 42 + " ", "k" * 42 + "\x00", "é" * 50])
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "engine.key"
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(Conflict, match="does not hold a key"):
        load_secret(file)


def test_callers_are_told_apart_by_their_keys() -> None:
    callers = FixedCallers({"a" * 43: Caller(LOCAL)})
    assert callers.identify(b"a" * 43) == Caller(LOCAL)
    for wrong in (b"", b"a", b"b" * 43, b"\xff" * 43):
        assert callers.identify(wrong) is None


def test_an_object_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    objects = LocalObjects(tmp_path)
    key = object_key("mfocus_1", 0, 1)

    def half(file: Path) -> None:
        file.write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        objects.place(key, half)
    assert objects.survey() == {}
    placed = objects.place(key, lambda file: file.write_bytes(b"whole") and None)
    assert objects.survey() == {key: 5}
    assert measure(objects.path(key)) == placed


def test_an_object_is_synced_before_it_has_its_name_and_its_folder_after(tmp_path: Path) -> None:
    order: list[str] = []

    class Watched(Disk):
        def sync(self, path: Path) -> None:
            named = (tmp_path / "mfocus_1" / "00000.1.flac").exists()
            order.append(f"{'folder' if path.is_dir() else 'file'} {'after' if named else 'before'}")
            super().sync(path)

    LocalObjects(tmp_path, Watched()).place("mfocus_1/00000.1.flac", lambda file: file.write_bytes(b"x") and None)
    assert order == ["folder before", "file before", "folder after"]


def test_recovery_keeps_what_is_whole_and_removes_what_is_not_named(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready(3)
    rig.store.attend(session_id, 4)
    folder = rig.objects.root / session_id
    (folder / ".00003.1.flac.77.tmp").write_bytes(b"half")
    (folder / "00009.1.flac").write_bytes(b"rendered, never committed")
    (folder / "00002.1.flac").write_bytes(b"cut")
    assert rig.store.claim("dead engine", 60.0) is not None
    recovered = recover(rig.file, rig.store, Library(rig.file), rig.objects)
    assert (recovered.claims, recovered.segments) == (1, 1)
    assert sorted(rig.objects.survey()) == [f"{session_id}/0000{index}.1.flac" for index in (0, 1)]
    assert rig.get(session_id)["ready_count"] == 2
    rig.make_ready(28)
    assert rig.get(session_id)["ready_count"] == 30
    assert (folder / "00002.2.flac").read_bytes() == audio(2)


@posix
def test_what_vanishes_while_objects_are_listed_is_not_there(tmp_path: Path) -> None:
    """As a temporary file does that gets its name: a link that leads nowhere is named and cannot be looked at too."""
    objects, key = LocalObjects(tmp_path), object_key("mfocus_1", 0, 1)
    objects.place(key, lambda file: file.write_bytes(b"audio") and None)
    objects.path(key).with_name(".gone.tmp").symlink_to("nowhere")
    assert objects.survey() == {key: 5}
    assert objects.keep_only([key], UNFINISHED_S) == 0


def test_recovery_of_nothing_is_nothing(tmp_path: Path) -> None:
    file = SqliteFile(tmp_path / "engine.db")
    recovered = recover(file, SqlStore(file, SteppedClock()), Library(file), LocalObjects(tmp_path / "objects"))
    file.close()
    assert (recovered.claims, recovered.segments) == (0, 0)


def test_the_store_keeps_its_promises_about_the_disk(tmp_path: Path) -> None:
    file = SqliteFile(tmp_path / "engine.db")
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "mmap_size": 0}
    found = {name: file._writer.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    tables = file._writer.execute("PRAGMA table_list").fetchall()
    file.close()
    assert found == expected
    assert {row["name"]: row["strict"] for row in tables if row["name"] in {"session", "segment", "idempotency"}} == {
        "session": 1,
        "segment": 1,
        "idempotency": 1,
    }


def test_a_schema_is_brought_up_step_by_step() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    first, second = (
        Migration(1, "a", "CREATE TABLE a (x INTEGER) STRICT;"),
        Migration(2, "b", "ALTER TABLE a ADD y TEXT;"),
    )
    migrate(SqliteSchema(db), [first])
    migrate(SqliteSchema(db), [first, second])
    migrate(SqliteSchema(db), [first, second])
    assert db.execute("PRAGMA user_version").fetchone() == (2,)
    assert [row[1] for row in db.execute("PRAGMA table_info(a)")] == ["x", "y"]
    with pytest.raises(Conflict, match="knows versions up to 1"):
        migrate(SqliteSchema(db), [first])
    with pytest.raises(Conflict, match="another step 1"):
        migrate(SqliteSchema(db), [Migration(1, "a", "CREATE TABLE other (x INTEGER);"), second])
    db.close()


def test_a_step_that_fails_leaves_no_half_of_it() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    with pytest.raises(sqlite3.Error):
        migrate(SqliteSchema(db), [Migration(1, "a", "CREATE TABLE a (x INTEGER) STRICT; CREATE TABLE a (x INTEGER);")])
    db.execute("ROLLBACK")
    assert db.execute("PRAGMA user_version").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    db.close()


def test_every_step_has_a_number_of_its_own() -> None:
    numbers = [step.number for step in read_migrations()]
    assert numbers == sorted(set(numbers))


def test_a_database_that_is_none_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    file.write_bytes(b"this is not a database" * 100)
    with pytest.raises(Conflict, match="cannot be opened"):
        SqliteFile(file)
    assert file.read_bytes() == b"this is not a database" * 100


def test_an_older_database_keeps_its_sessions_and_their_idempotency_keys(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "engine.db", isolation_level=None)
    migrate(SqliteSchema(db), read_migrations()[:1])
    db.execute(
        "INSERT INTO session (session_id, organization_id, user_id, status, goal, engine_key, target_minutes,"
        " total_segments, piece, started_at) VALUES ('mfocus_a', 'org_local', 'user_local', 'active', 'focus',"
        " 'procedural', 2, 1, '{}', 1000.0)"
    )
    db.execute("INSERT INTO segment (session, segment_index, state, planned_duration_s) VALUES (1, 0, 'planned', 120)")
    db.execute("INSERT INTO idempotency VALUES ('org_local', 'user_local', 'key', 'digest', 'mfocus_a')")
    db.close()
    file = SqliteFile(tmp_path / "engine.db")
    store = SqlStore(file, SteppedClock())
    new = NewSession("mfocus_b", LOCAL, Goal.FOCUS, "procedural", 2, "{}", (120.0,), 2000.0)
    assert store.create(new, Idempotency("key", "digest")).session_id == "mfocus_a"
    with pytest.raises(KeyReused):
        store.create(new, Idempotency("key", "another"))
    claim = store.claim("rig", 60.0)
    assert claim is not None
    assert claim.session_id == "mfocus_a"
    file.close()
