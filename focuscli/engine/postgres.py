"""A Postgres database that any number of engines share (psycopg 3).

Who writes is not alone here. A transaction reads what is committed when it asks (READ COMMITTED), a claim passes over
rows that another one claims just now (SKIP LOCKED), a row that was changed meanwhile is judged anew, and what has to
be counted before it is written is counted by one at a time (`hold`). Leases count on the server's clock, which is
the same for all; wall times that people see are the engine's.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg

from focuscli.engine.connections import (
    Connection,
    Connections,
    PostgresTransaction,
    full_conninfo,
    shown,
)
from focuscli.engine.migrations import Migration, migrate, read_migrations
from focuscli.engine.presence import Presence
from focuscli.engine.sentences import FOLDER, POSTGRES
from focuscli.engine.store import StoreUnavailable
from focuscli.errors import Conflict

STEPS = FOLDER / POSTGRES

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED"


class PostgresSchema:
    """Obeys `Schema`; the version is that of the newest step in the table of steps."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def version(self) -> int:
        """The number of the newest step that was applied."""
        if self._one("SELECT to_regclass('migration')") is None:
            return 0
        return int(self._one("SELECT coalesce(max(number), 0) FROM migration"))

    def digests(self) -> dict[int, str]:
        """Of the steps that were applied, by their numbers."""
        return {row["number"]: row["sha256"] for row in self._connection.execute("SELECT * FROM migration")}

    def apply(self, step: Migration) -> None:
        """Do it whole, or not at all."""
        with self._connection.transaction():
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                " sha256 TEXT NOT NULL)"
            )
            self._connection.execute(step.script.encode())
            done = (step.number, step.name, step.sha256)
            self._connection.execute("INSERT INTO migration VALUES (%s, %s, %s)", done)

    def _one(self, question: str) -> Any:
        return next(value for row in self._connection.execute(question.encode()) for value in row)


class PostgresDatabase:
    """Obeys `Database`. A server that is away is StoreUnavailable until it is back; nobody has to start anew."""

    near = False
    shared = True
    damaged = False
    restored = False

    def __init__(self, url: str, *, by_engines_clock: bool = False) -> None:
        """Bring the schema up to date; raises Conflict where the database cannot be used.

        `by_engines_clock`: leases count on the clock of whoever claims, as where a test steps it.
        """
        conninfo = full_conninfo(url)
        self._by_engines_clock = by_engines_clock
        self._connections, self._presence = Connections(conninfo), Presence(conninfo)
        self.owner = f"{socket.gethostname()}-{os.getpid()}-{self._presence.number}"
        try:
            with self._presence.alone_at_the_door() as connection:
                migrate(PostgresSchema(connection), read_migrations(STEPS))
        except (StoreUnavailable, psycopg.Error) as exc:
            self.close()
            raise Conflict(
                f"the engine's database ({shown(conninfo)}) cannot be used: {str(exc).strip()}",
                hint="see that the server runs, and that the URL names a database and a role that may create tables",
            ) from exc
        except Conflict:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[PostgresTransaction]:
        """One transaction that writes."""
        with self._connections.transaction(_WRITE) as connection:
            yield PostgresTransaction(connection, by_engines_clock=self._by_engines_clock)

    @contextmanager
    def read(self) -> Iterator[PostgresTransaction]:
        """One transaction that reads, and sees one moment."""
        with self._connections.transaction(_READ) as connection:
            yield PostgresTransaction(connection, by_engines_clock=self._by_engines_clock)

    def joining(self) -> AbstractContextManager[bool]:
        """While one engine comes in, no other does; whether it is alone there."""
        return self._presence.joining()

    def listen(self, heard: Callable[[str], None]) -> None:
        """Call `heard`, from another thread, when there is news."""
        self._presence.listen(heard)

    def back_up(self) -> bool:
        """Whoever runs the server backs it up."""
        return False

    def close(self) -> None:
        """Leave the server."""
        self._presence.close()
        self._connections.close()
