"""One engine among others on the same database: known to be there, and told by a thread when there is news.

A connection of its own holds the lock of the engine's number for as long as the process lives: the server takes it
away with the connection, and so the others know who is gone, whatever it died of. On the same connection the server
tells of work and of keys. It needs a connection to the server itself: a pooler that lends connections by the
transaction forgets both.
"""

import logging
import secrets
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from focuscli.engine.connections import SILENT, Connection, PostgresTransaction, connect, translated
from focuscli.engine.sentences import read_sentences

log = logging.getLogger(__name__)

SQL = read_sentences("presence")

AGAIN_S = 1.0
"""A server that is away is looked for so often."""

LOOKS, LOOK_S = 6, 0.05
"""So often, and so far apart, an engine that comes in looks whether it is alone."""

_UNLIMITED = f"SET lock_timeout = 0; SET statement_timeout = 0; {SILENT}"
_TOPICS = ("work", "keys")


class Presence:
    """Joins, listens, and comes back by itself when the connection was lost."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self.number = 1 + secrets.randbelow(2**31 - 1)
        self._connection: Connection | None = None
        self._thread: threading.Thread | None = None
        self._bell, self._ringer = socket.socketpair()
        self._closing = False

    @contextmanager
    def alone_at_the_door(self) -> Iterator[Connection]:
        """Nobody else comes in, and nobody changes the schema."""
        with translated():
            connection = self._connected()
            db = PostgresTransaction(connection)
            db.execute(SQL["come_in"])
            try:
                yield connection
            finally:
                if not connection.broken:
                    db.execute(SQL["leave_the_door"])

    @contextmanager
    def joining(self) -> Iterator[bool]:
        """Come in; whether nobody else is there. Present from its end on."""
        with self.alone_at_the_door() as connection:
            db = PostgresTransaction(connection)
            yield self._is_alone(db)
            db.execute(SQL["be_present"], {"number": self.number})

    def _is_alone(self, db: PostgresTransaction) -> bool:
        """Whether nobody is there for a moment: one that was killed is, until the server notices."""
        for _ in range(LOOKS):
            if not db.value(SQL["are_others"]):
                return True
            _wait(LOOK_S, self._bell)
        return False

    def listen(self, heard: Callable[[str], None]) -> None:
        """Call `heard` with each topic there is news of, from a thread of its own, until closed."""
        self._thread = threading.Thread(target=self._hear, args=(heard,), name="database-news", daemon=True)
        self._thread.start()

    def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._conninfo, _UNLIMITED)
        return self._connection

    def _hear(self, heard: Callable[[str], None]) -> None:
        while not self._closing:
            try:
                connection = self._connected()
                db = PostgresTransaction(connection)
                db.execute(SQL["be_present"], {"number": self.number})
                db.execute(SQL["listen"])
                for topic in _TOPICS:  # nobody told us while we were away
                    heard(topic)
                self._hear_on(connection, heard)
            except (psycopg.Error, OSError) as exc:
                if self._connection is not None:
                    self._connection.close()
                log.warning("the database tells nothing just now: %s", str(exc).strip())
                _wait(AGAIN_S, self._bell)

    def _hear_on(self, connection: Connection, heard: Callable[[str], None]) -> None:
        while not self._closing:
            for topic in {news.payload for news in connection.notifies(timeout=0)}:
                heard(topic)
            _wait(None, connection, self._bell)

    def close(self) -> None:
        """Leave: the others know at once."""
        if self._closing:
            return
        self._closing = True
        self._ringer.send(b".")
        if self._thread is not None:
            self._thread.join()
        if self._connection is not None:
            self._connection.close()
        self._bell.close()
        self._ringer.close()


def _wait(limit_s: float | None, *things: socket.socket | Connection) -> None:
    """Until one of them can be read, or for so long; select(2) would take no descriptor beyond 1023."""
    with selectors.DefaultSelector() as selector:
        for thing in things:
            selector.register(thing, selectors.EVENT_READ)
        selector.select(limit_s)
