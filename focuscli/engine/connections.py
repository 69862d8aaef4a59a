"""Connections to a Postgres server: made when they are needed, used again, and replaced when the server was away."""

import hashlib
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from focuscli.engine.database import NO_TERMS, Terms
from focuscli.engine.sentences import POSTGRES, Sentence
from focuscli.engine.store import StoreUnavailable
from focuscli.errors import Conflict

MOST = 16
BUSY_S = 5.0
"""A connection is waited for so long, and so is a lock."""

_DEFAULTS = {
    "application_name": "focus engine",
    "client_encoding": "utf8",
    "connect_timeout": "5",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""A server that fell silent is given up after half a minute (libpq, 34.1.2). What the URL says counts more."""

SILENT = """SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
SET tcp_user_timeout = 30000;"""
"""And by the server an engine whose machine is gone: else its locks would outlive it by two hours."""

_LIMITS = f"""SET lock_timeout = '{BUSY_S:g}s'; SET statement_timeout = '30s';
SET idle_in_transaction_session_timeout = '{BUSY_S:g}s'; {SILENT}"""
"""An engine that hangs, or is cut off, in the middle of a transaction keeps what it locked for no longer than that."""

_NOW = "CAST(extract(epoch FROM statement_timestamp()) AS DOUBLE PRECISION)"
_NAME = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")

Connection = psycopg.Connection[Any]


def full_conninfo(url: str) -> str:
    """The URL with what it leaves open; raises Conflict where it makes no sense, without saying it."""
    try:
        given = conninfo_to_dict(url)
        return make_conninfo(url, **{name: value for name, value in _DEFAULTS.items() if name not in given})
    except psycopg.ProgrammingError:
        raise Conflict(
            "the URL of the engine's database cannot be understood",
            hint="postgresql://USER@HOST:PORT/NAME, other characters in a password as %XX",
        ) from None


def shown(conninfo: str) -> str:
    """Where a database is, with no secret in it."""
    given = conninfo_to_dict(conninfo)
    host, port = given.get("host") or "local socket", given.get("port") or "5432"
    return f"{given.get('dbname') or given.get('user') or 'default'} on {host} port {port}"


@contextmanager
def translated() -> Iterator[None]:
    """What the server or the way to it refuses becomes StoreUnavailable; our own mistakes stay what they are."""
    try:
        yield
    except (psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.DataError):
        raise
    except psycopg.Error as exc:  # out of reach, restarting, read-only, disk full, a lock or a circle of locks
        raise StoreUnavailable(str(exc).strip()) from exc


class PostgresRow:
    """Obeys `Row`."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: dict[str, int], values: Sequence[Any]) -> None:
        self._names, self._values = names, values

    def __getitem__(self, name: str, /) -> Any:
        return self._values[self._names[name]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)


def _rows(cursor: psycopg.Cursor[Any]) -> "psycopg.rows.RowMaker[PostgresRow]":
    names = {column.name: place for place, column in enumerate(cursor.description or ())}
    return lambda values: PostgresRow(names, values)


@lru_cache(maxsize=512)
def said(sentence: Sentence, *, by_engines_clock: bool) -> bytes:
    """The sentence as the server takes it; `now` is asked of the server's clock."""

    def term(found: re.Match[str]) -> str:
        return _NOW if found[1] == "now" and not by_engines_clock else f"%({found[1]})s"

    return _NAME.sub(term, sentence.spoken(POSTGRES).replace("%", "%%")).encode()


class PostgresTransaction:
    """Obeys `Transaction`, on a connection that nobody else uses meanwhile."""

    def __init__(self, connection: Connection, *, by_engines_clock: bool = False) -> None:
        self._connection, self._by_engines_clock = connection, by_engines_clock

    def execute(self, sentence: Sentence, terms: Terms = NO_TERMS, /) -> psycopg.Cursor[Any]:
        """Say it."""
        return self._connection.execute(self._said(sentence), _storable(terms))

    def executemany(self, sentence: Sentence, terms: Iterable[Terms], /) -> None:
        """Say it of each, in one go."""
        with self._connection.cursor() as cursor:
            cursor.executemany(self._said(sentence), [_storable(each) for each in terms])

    def value(self, sentence: Sentence, terms: Terms = NO_TERMS, /) -> Any:
        """The first value of the one row."""
        return next(iter(self.tuples(sentence, terms)))[0]

    def tuples(self, sentence: Sentence, terms: Terms, /) -> Iterable[tuple[Any, ...]]:
        """Values in order alone."""
        cursor = self._connection.cursor(row_factory=tuple_row)
        return cursor.execute(self._said(sentence), _storable(terms))

    def hold(self, *names: str) -> None:
        """Wait until nobody else holds it (an advisory lock that ends with the transaction)."""
        digest = hashlib.blake2b("\n".join(names).encode(), digest_size=8).digest()
        self._connection.execute(
            "SELECT pg_advisory_xact_lock(%s)", (int.from_bytes(digest, signed=True),), prepare=True
        )

    def _said(self, sentence: Sentence) -> bytes:
        return said(sentence, by_engines_clock=self._by_engines_clock)


def _storable(terms: Terms) -> dict[str, object]:
    """Postgres keeps every character but one."""
    return {
        name: value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value
        for name, value in terms.items()
    }


def connect(conninfo: str, limits: str = _LIMITS) -> Connection:
    """A new connection, on which nothing is in a transaction until it says so."""
    connection: Connection = psycopg.connect(conninfo, autocommit=True, row_factory=_rows)
    try:
        connection.execute(limits)
    except BaseException:
        connection.close()
        raise
    return connection


class Connections:
    """As many connections as are used at once, at most `MOST`; the one used last is used again first."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._free = threading.BoundedSemaphore(MOST)
        self._idle: list[Connection] = []
        self._closed = False

    @contextmanager
    def transaction(self, begin: str) -> Iterator[Connection]:
        """One transaction, committed at the end and undone where anything raises.

        Raises StoreUnavailable where it cannot be, and then it may still have been committed if that was the last
        that was asked of a server that fell silent: whoever repeats it has to be answered the same.
        """
        if not self._free.acquire(timeout=BUSY_S):
            raise StoreUnavailable("every connection to the database is in use")
        try:
            with translated():
                connection = self._begun(begin)
                try:
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    self._give_back(connection)
        finally:
            self._free.release()

    def _begun(self, begin: str) -> Connection:
        """A connection on which it has begun: one that was lost while nobody used it is replaced unnoticed."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = connect(self._conninfo)
                connection.execute(begin)
                return connection
            try:
                connection.execute(begin)
            except psycopg.Error:
                connection.close()
            else:
                return connection

    def _give_back(self, connection: Connection) -> None:
        if connection.info.transaction_status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}:
            with suppress(psycopg.Error):
                connection.execute("ROLLBACK")
        if connection.info.transaction_status is TransactionStatus.IDLE and not self._closed:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close every idle connection, and each other one when it is given back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
