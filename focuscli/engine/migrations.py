"""The schema's history: numbered sentences, applied in order, once each, and checked ever after."""

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from focuscli.errors import Conflict

FOLDER = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema."""

    number: int
    name: str
    script: str

    @property
    def sha256(self) -> str:
        """The digest by which a step that was applied is recognised."""
        return hashlib.sha256(self.script.encode()).hexdigest()


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """The steps of a folder, `0001_name.sql` and on, in order."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return [Migration(int(file.name[:4]), file.stem[5:], file.read_text(encoding="utf-8")) for file in files]


def migrate(db: sqlite3.Connection, migrations: list[Migration]) -> None:
    """Bring the database to the newest schema, each step in a transaction of its own.

    Raises Conflict where the database is newer than this program, or a step differs from the one it was made with.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    newest = migrations[-1].number
    if version > newest:
        raise Conflict(
            f"the engine's database has version {version}, and this program knows versions up to {newest}",
            hint="install the newer version of this program again",
        )
    if version:
        _compare(db, [migration for migration in migrations if migration.number <= version])
    for migration in migrations:
        if migration.number > version:
            _apply(db, migration)


def _compare(db: sqlite3.Connection, applied: list[Migration]) -> None:
    recorded = dict(db.execute("SELECT number, sha256 FROM migration"))
    for migration in applied:
        if recorded.get(migration.number) != migration.sha256:
            raise Conflict(f"the engine's database was made with another step {migration.number} ({migration.name})")


def _apply(db: sqlite3.Connection, migration: Migration) -> None:
    db.executescript(
        f"""BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)
        STRICT;
        {migration.script}
        INSERT INTO migration VALUES ({migration.number}, '{migration.name}', '{migration.sha256}');
        PRAGMA user_version = {migration.number};
        COMMIT;"""  # noqa: S608  # everything in it comes from our own files
    )
