"""What lies on the disk after the last engine left: a sound database, paid for to the last segment, and no strays."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from focuscli.bench.cluster import Cluster
from focuscli.engine.database import Database
from focuscli.engine.sentences import Sentence
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.paths import Paths

DATABASE = "durability"
"""Its name, where a server keeps it."""

PRICE_MICROCHF = 10_000
"""Of each segment."""

_KEYS = Sentence("SELECT object_key FROM segment WHERE state = 'ready'")
_TRACK_KEYS = Sentence("SELECT object_key FROM track")
_CHARGES = Sentence("SELECT count(*), CAST(sum(microchf) AS BIGINT) FROM charge")


@dataclass(slots=True)
class Aftermath:
    """How many segments were charged; `violations` must be empty."""

    charged: int = 0
    violations: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.violations.append(otherwise)


def inspect(paths: Paths, server: Cluster | None, promoted: int) -> Aftermath:
    """Look through everything that an engine at these paths left, which made so many tracks."""
    found, data = Aftermath(), paths.engine_data
    if server is None:
        _check_file(found, data / "engine.db")
    with closing(_database(data, server)) as database, database.read() as db:
        keys = {key for (key,) in db.tuples(_KEYS, {})}
        tracks = {key for (key,) in db.tuples(_TRACK_KEYS, {})}
        charges = next(iter(db.tuples(_CHARGES, {})))
    found.charged = charges[0]
    found.expect(charges == (len(keys), PRICE_MICROCHF * len(keys)), f"{charges} charged for {len(keys)} segments")
    found.expect(len(tracks) == promoted, f"{len(tracks)} tracks instead of {promoted}")
    keys |= tracks
    files = {str(file.relative_to(data / "objects")) for file in (data / "objects").rglob("*") if file.is_file()}
    found.expect(files == keys, f"strays: {files - keys}, missing: {keys - files}")
    found.expect(not paths.engine_address.exists(), "the address was left behind")
    return found


def _check_file(found: Aftermath, file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        for check in ("integrity_check", "foreign_key_check"):
            wrong = [row for row in db.execute(f"PRAGMA {check}") if row != ("ok",)]
            found.expect(not wrong, f"{check}: {wrong}")


def _database(data: Path, server: Cluster | None) -> Database:
    if server is None:
        return SqliteFile(data / "engine.db")
    from focuscli.engine.postgres import PostgresDatabase

    return PostgresDatabase(server.url(DATABASE))
