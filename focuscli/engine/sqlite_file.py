"""One SQLite file: one connection writes, one reads, and only this process opens it.

WAL with synchronous=FULL: a commit is on the disk when it returns. Never a second process on the same file,
because SQLite before 3.51.3 can corrupt a WAL database when two connections write and checkpoint at once
(https://sqlite.org/wal.html, "The WAL Reset Bug"); the engine's lock sees to that. Beside it lie its backups, and
ballast that goes overboard when the disk is full.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from focuscli.engine.backups import Backups, is_damage
from focuscli.engine.database import NO_TERMS, Terms
from focuscli.engine.migrations import Migration, migrate, read_migrations
from focuscli.engine.room import Ballast
from focuscli.engine.sentences import Sentence
from focuscli.engine.store import StoreFull, StoreUnavailable
from focuscli.errors import Conflict

_PRAGMAS = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;
PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
"""  # the last two are macOS's; elsewhere they do nothing

_STEPS = """CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)
        STRICT;"""  # to the blank as it was always written: SQLite keeps the text

_NUMBER_BACKUP = Sentence("UPDATE backup SET number = number + 1")


class SqliteTransaction:
    """Obeys `Transaction`, on a connection that nobody else uses meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sentence: Sentence, terms: Terms = NO_TERMS, /) -> sqlite3.Cursor:
        """Say it."""
        return self._connection.execute(sentence.text, terms)

    def executemany(self, sentence: Sentence, terms: Iterable[Terms], /) -> None:
        """Say it of each."""
        self._connection.executemany(sentence.text, terms)

    def value(self, sentence: Sentence, terms: Terms = NO_TERMS, /) -> Any:
        """The first value of the one row."""
        return self._connection.execute(sentence.text, terms).fetchone()[0]

    def tuples(self, sentence: Sentence, terms: Terms, /) -> Iterable[tuple[Any, ...]]:
        """Values in order alone."""
        rows = self._connection.cursor()
        rows.row_factory = None
        return rows.execute(sentence.text, terms)

    def hold(self, *names: str) -> None:
        """Who writes is alone already."""


class SqliteSchema:
    """Obeys `Schema`; the version is the file's own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def version(self) -> int:
        """The number of the newest step that was applied."""
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def digests(self) -> dict[int, str]:
        """Of the steps that were applied, by their numbers."""
        return dict(self._connection.execute("SELECT number, sha256 FROM migration").fetchall())

    def apply(self, step: Migration) -> None:
        """Do it whole, or not at all."""
        self._connection.executescript(
            f"""BEGIN IMMEDIATE;
            {_STEPS}
            {step.script}
            INSERT INTO migration VALUES ({step.number}, '{step.name}', '{step.sha256}');
            PRAGMA user_version = {step.number};
            COMMIT;"""  # noqa: S608  # everything in it comes from our own files
        )


class SqliteFile:
    """Obeys `Database`: one engine's own, in a file."""

    near = True
    shared = False

    def __init__(self, file: Path, *, durable: bool = True) -> None:
        """Open or create the file and bring its schema up to date; one that is damaged is replaced by its backup.

        Raises Conflict where it cannot be used. `durable` False is for measuring what is not about disks.
        """
        self._file = file
        self._writing, self._reading = threading.Lock(), threading.Lock()
        self._backups, self._ballast = Backups(file), Ballast(file.with_name("ballast"))
        self._backed_up = -1
        self.owner = f"process-{os.getpid()}"
        self.damaged = False
        self.restored = self._backups.mend() is not None
        try:
            self._writer = _connect(file)
            self._writer.executescript(_PRAGMAS)
            if not durable:
                self._writer.execute("PRAGMA synchronous = OFF")
            self._migrate()
            self._reader = _connect(file)
            self._reader.execute("PRAGMA query_only = ON")
        except sqlite3.Error as exc:
            raise Conflict(f"the engine's database {file} cannot be opened: {exc}", hint=f"move {file} away") from exc
        if durable:
            self._ballast.lay()

    def _migrate(self) -> None:
        steps = read_migrations()
        schema = SqliteSchema(self._writer)
        if 0 < schema.version() < steps[-1].number:
            self._backups.add(self._copy_to)
        migrate(schema, steps)

    @contextmanager
    def write(self) -> Iterator[SqliteTransaction]:
        """One transaction that writes: durable when it returns, undone where it raises StoreUnavailable.

        Raises StoreFull where the disk is; the ballast is gone then, and a small write may succeed.
        """
        with self._writing, self._translated():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield SqliteTransaction(self._writer)
                self._writer.execute("COMMIT")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    @contextmanager
    def read(self) -> Iterator[SqliteTransaction]:
        """One transaction that reads, and sees one moment."""
        with self._reading, self._translated():
            self._reader.execute("BEGIN")
            try:
                yield SqliteTransaction(self._reader)
            finally:
                self._reader.execute("COMMIT")

    def joining(self) -> nullcontext[bool]:
        """Whoever has the engine's lock is alone."""
        return nullcontext(True)

    def listen(self, heard: Callable[[str], None]) -> None:
        """There is nobody else to be heard of."""

    def back_up(self) -> bool:
        """Make a copy of what is committed, and take ballast on again; False where nothing changed since the last.

        Raises StoreUnavailable.
        """
        self._ballast.lay()
        if self._writer.total_changes == self._backed_up:
            return False
        with self.write() as db:
            db.execute(_NUMBER_BACKUP)
        changes = self._writer.total_changes
        try:
            with self._translated():
                self._backups.add(self._copy_to)
        except OSError as exc:
            raise StoreUnavailable(f"no backup could be made: {exc}") from exc
        self._backed_up = changes
        return True

    def _copy_to(self, copy: Path) -> None:
        """One moment of the database, by a connection of its own that cannot write it and stops nobody."""
        with closing(sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True)) as db:
            db.execute("VACUUM INTO ?", (str(copy),))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):  # ours, not the medium's
            raise
        except sqlite3.DatabaseError as exc:  # locked, full, input/output error, malformed
            if getattr(exc, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                self._ballast.release()
                raise StoreFull(str(exc)) from exc
            self.damaged = self.damaged or is_damage(exc)
            raise StoreUnavailable(str(exc)) from exc

    def close(self) -> None:
        """Write the log back into the file, and close both connections; no call may follow."""
        with self._writing, self._reading:
            self._reader.close()
            with suppress(sqlite3.Error):  # whoever opens it next reads the log as well
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._writer.close()


def _connect(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    return db
