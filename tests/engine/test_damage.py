"""Files that are torn or rotten: each is noticed, kept aside and mended, and nothing becomes silently empty."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from focuscli.engine.backups import MOST, Backups
from focuscli.engine.migrations import read_migrations
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.store import EndReason, StoreFull, StoreUnavailable
from focuscli.errors import Conflict
from focuscli.model import SessionStatus
from tests.contract.test_store import new
from tests.engine.rig import LOCAL, Rig, SteppedClock

IDS = [f"mfocus_00000000000{number}" for number in range(3)]


def kept(file: Path, *, backed_up: bool = True, sessions: list[str] = IDS) -> None:
    """A database with sessions in it, closed, as an engine leaves it."""
    database = SqliteFile(file)
    store = SqlStore(database, SteppedClock())
    for session_id in sessions:
        store.create(new(session_id), None)
    if backed_up:
        assert database.back_up()
    database.close()


def found(file: Path) -> list[str]:
    """The sessions that the next engine finds."""
    with closing(SqliteFile(file)) as database:
        store = SqlStore(database, SteppedClock())
        return sorted(session.session_id for session in store.sessions(LOCAL, None, 50, 0))


def aside(file: Path) -> list[Path]:
    """Damaged databases that are kept."""
    return sorted(file.with_name("damaged-databases").rglob(file.name))


def truncate(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.truncate(file.stat().st_size // 2)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def zero_a_page(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(4096)
        stream.write(bytes(4096))


def overwrite_the_head(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.write(b"not a database, but something else entirely")


def remove(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("damage", [truncate, empty, zero_a_page, overwrite_the_head, remove])
def test_a_damaged_database_is_replaced_by_its_backup_and_kept(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    file = tmp_path / "engine.db"
    kept(file)
    damage(file)
    damaged = file.read_bytes() if file.exists() else None
    assert found(file) == IDS
    assert [one.read_bytes() for one in aside(file)] == ([] if damaged is None else [damaged])
    assert found(file) == IDS
    assert len(aside(file)) == (damaged is not None), "and once it is mended, it stays"


@pytest.mark.parametrize("damage", [truncate, overwrite_the_head, zero_a_page])
def test_without_a_sound_backup_a_damaged_database_stops_the_start_and_is_left_alone(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    file = tmp_path / "engine.db"
    kept(file)
    for one in [file, *file.with_name("backups").iterdir()]:
        damage(one)
    before = file.read_bytes()
    with pytest.raises(Conflict, match="no backup") as refusal:
        SqliteFile(file)
    assert str(file) in (refusal.value.hint or "")
    assert file.read_bytes() == before


def test_an_engine_on_a_restored_backup_says_so_until_its_next_start(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    kept(file)
    truncate(file)
    told = []
    for _ in range(2):
        rig = Rig(tmp_path)
        told.append(rig.ask("GET", "/v1/health/details", key=None).json)
        rig.file.close()
    assert [(health["status"], health["components"][0]["status"]) for health in told] == [
        ("degraded", "degraded"),
        ("healthy", "healthy"),
    ]
    assert "a backup is in its place" in told[0]["components"][0]["details"]


def test_a_broken_backup_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    kept(file, sessions=IDS[:2])
    kept(file, sessions=IDS[2:])
    truncate(file.with_name("backups") / "engine.1.db")
    truncate(file)
    assert found(file) == IDS[:2]


def test_a_database_that_lost_what_its_backup_has_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    kept(file, sessions=IDS[:1])
    old = file.read_bytes()
    kept(file, sessions=IDS[1:])
    file.write_bytes(old)  # sound, but from before
    assert found(file) == IDS
    assert len(aside(file)) == 1


def killed_engine(folder: Path) -> Path:
    """What a kill -9 leaves: everything is in the log."""
    live, killed = folder / "live", folder / "killed"
    live.mkdir()
    database = SqliteFile(live / "engine.db")
    store = SqlStore(database, SteppedClock())
    for session_id in IDS:
        store.create(new(session_id), None)
    database.back_up()
    shutil.copytree(live, killed)
    database.close()
    return killed


@pytest.mark.parametrize("seed", range(6))
def test_a_rotten_log_loses_nothing_that_was_backed_up(tmp_path: Path, seed: int) -> None:
    killed = killed_engine(tmp_path)
    log = killed / "engine.db-wal"
    rotten = bytearray(log.read_bytes())
    rotten[random.Random(seed).randrange(len(rotten))] ^= 0x40
    log.write_bytes(rotten)
    assert found(killed / "engine.db") == IDS


@pytest.mark.parametrize("part", ["-wal", "-shm"])
@pytest.mark.parametrize("damage", [truncate, remove, empty])
def test_a_torn_log_or_index_of_a_killed_engine_loses_nothing_that_was_backed_up(
    tmp_path: Path, part: str, damage: Callable[[Path], None]
) -> None:
    killed = killed_engine(tmp_path)
    damage(killed / f"engine.db{part}")
    assert found(killed / "engine.db") == IDS


def test_backups_are_rotated_and_only_made_of_what_changed(tmp_path: Path) -> None:
    database = SqliteFile(tmp_path / "engine.db")
    store = SqlStore(database, SteppedClock())
    for number in range(MOST + 2):
        store.create(new(f"mfocus_{number:012d}"), None)
        assert database.back_up()
        assert not database.back_up()
    database.close()
    copies = sorted((tmp_path / "backups").iterdir())
    assert [copy.name for copy in copies] == [f"engine.{number}.db" for number in range(1, MOST + 1)]
    counts = []
    for copy in copies:
        with closing(sqlite3.connect(copy)) as db:
            counts += db.execute("SELECT count(*) FROM session").fetchone()
    assert counts == [MOST + 2, MOST + 1, MOST]


def test_a_backup_that_breaks_off_counts_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    kept(file)

    def half(copy: Path) -> None:
        copy.write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Backups(file).add(half)
    assert [one.name for one in file.with_name("backups").iterdir()] == ["engine.1.db"]
    truncate(file)
    assert found(file) == IDS


def test_only_the_newest_damaged_databases_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    kept(file)
    for _ in range(7):
        truncate(file)
        assert found(file) == IDS
    assert [folder.name for folder in sorted(file.with_name("damaged-databases").iterdir())] == [
        "3",
        "4",
        "5",
        "6",
        "7",
    ]


def test_a_database_that_breaks_while_it_is_used_is_known_to_be_damaged(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    kept(file)
    database = SqliteFile(file)
    store = SqlStore(database, SteppedClock())
    for page in range(1, file.stat().st_size // 4096):
        with file.open("r+b") as stream:
            stream.seek(4096 * page)
            stream.write(b"\xa5" * 4096)
    with pytest.raises(StoreUnavailable):
        store.sessions(LOCAL, None, 50, 0)
    assert database.damaged
    database.close()
    assert found(file) == IDS


def test_a_locked_database_is_not_taken_for_damaged(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    kept(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Conflict, match="cannot be opened"):
            SqliteFile(file)
        other.execute("ROLLBACK")
    assert found(file) == IDS
    assert aside(file) == []


def full(database: SqliteFile) -> None:
    """Not a page more."""
    (pages,) = database._writer.execute("PRAGMA page_count").fetchone()
    database._writer.execute(f"PRAGMA max_page_count = {pages}")


def test_on_a_full_disk_the_ballast_goes_overboard_and_the_write_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    database = SqliteFile(file)
    store = SqlStore(database, SteppedClock())
    store.create(new(IDS[0]), None)
    assert (tmp_path / "ballast").stat().st_size == 1 << 20
    full(database)
    with pytest.raises(StoreFull):
        store.create(new(IDS[1], 5000), None)
    assert not (tmp_path / "ballast").exists()
    assert store.session(LOCAL, IDS[0]) is not None
    assert store.end(IDS[0], SessionStatus.ENDED, EndReason.CLIENT, 2000.0), "a small write needs no new page"
    database._writer.execute("PRAGMA max_page_count = 1073741823")
    database.back_up()
    assert (tmp_path / "ballast").exists(), "and is taken on again when there is room"
    database.close()


def test_the_schema_is_backed_up_before_it_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "engine.db"
    shutil.copyfile(Path(__file__).parent / "frozen" / "version_1.db", file)
    SqliteFile(file).close()
    with closing(sqlite3.connect(tmp_path / "backups" / "engine.1.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert len(read_migrations()) > 1
