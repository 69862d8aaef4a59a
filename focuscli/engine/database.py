"""The contract of a database: transactions in which named sentences are said, whoever keeps what is written.

Each matter (sessions, tracks, keys, money) has one class of its own, and says the same sentences to any database.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from focuscli.engine.sentences import Sentence

Terms = Mapping[str, object]
"""What the names in a sentence stand for. `now` is the time that leases count in, in seconds: a database that several
engines share has a clock of its own for that, and asks it instead."""

NO_TERMS: Terms = {}


class Row(Protocol):
    """One row that was found: its values by name and in order."""

    def __getitem__(self, name: str, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


class Found(Protocol):
    """What a sentence found or changed."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchone(self) -> Row | None:
        """The next row."""

    def fetchall(self) -> list[Row]:
        """All rows."""

    def __iter__(self) -> Iterator[Row]: ...


class Transaction(Protocol):
    """What can be said while a transaction lasts."""

    def execute(self, sentence: Sentence, terms: Terms = NO_TERMS, /) -> Found:
        """Say it."""

    def executemany(self, sentence: Sentence, terms: Iterable[Terms], /) -> None:
        """Say it of each."""

    def value(self, sentence: Sentence, terms: Terms = NO_TERMS, /) -> Any:
        """Say it, and get the first value of the one row that it always finds."""

    def tuples(self, sentence: Sentence, terms: Terms, /) -> Iterable[tuple[Any, ...]]:
        """Say it, and get values in order alone: for what is asked often."""

    def hold(self, *names: str) -> None:
        """Until the end of the transaction nobody else who writes holds the same: whoever comes second waits here.

        So that nobody waits in a circle: a key or the sweep is held before any row, a session's row is written before
        those of its segments, and whoever holds an organization's money waits for nothing more.
        """


class Database(Protocol):
    """The engine's database, for all that is kept in it; safe to use from any thread."""

    near: bool
    """Whether a read is quicker than a hand-over to another thread: else no thread may read that must not wait."""

    shared: bool
    """Whether other engines may work in it at the same time."""

    owner: str
    """In whose name this engine claims: nobody else's, now or later, where the database is shared."""

    damaged: bool
    """Whether it turned out to be broken while it was used: whoever opens it next mends it."""

    restored: bool
    """Whether it was found broken when it was opened, and a backup put in its place."""

    def write(self) -> AbstractContextManager[Transaction]:
        """One transaction that writes: durable when it returns, undone where it raises StoreUnavailable."""

    def read(self) -> AbstractContextManager[Transaction]:
        """One transaction that reads, and sees one moment."""

    def joining(self) -> AbstractContextManager[bool]:
        """While one engine comes in, no other does; whether it is alone there, with what others left behind.

        From its end on others know that this one is at work.
        """

    def listen(self, heard: Callable[[str], None]) -> None:
        """Call `heard`, from another thread, when any engine made work ("work") or changed keys ("keys")."""

    def back_up(self) -> bool:
        """Make a copy of what is committed; False where there is nothing to do. Raises StoreUnavailable."""

    def close(self) -> None:
        """Give it back; no call may follow."""
