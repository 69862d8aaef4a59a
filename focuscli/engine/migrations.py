"""The schema's history: numbered sentences, applied in order, once each, and checked ever after."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from focuscli.engine.sentences import FOLDER
from focuscli.errors import Conflict


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


class Schema(Protocol):
    """What a database tells of its steps, and how one is applied."""

    def version(self) -> int:
        """The number of the newest step that was applied; 0: of none."""

    def digests(self) -> dict[int, str]:
        """Of the steps that were applied, by their numbers."""

    def apply(self, step: Migration) -> None:
        """Do it whole and remember it, or not at all."""


def migrate(schema: Schema, migrations: list[Migration]) -> None:
    """Bring the database to the newest schema, each step in a transaction of its own; nobody else may do so meanwhile.

    Raises Conflict where the database is newer than this program, or a step differs from the one it was made with.
    """
    version = schema.version()
    newest = migrations[-1].number
    if version > newest:
        raise Conflict(
            f"the engine's database has version {version}, and this program knows versions up to {newest}",
            hint="install the newer version of this program again",
        )
    if version:
        _compare(schema, [migration for migration in migrations if migration.number <= version])
    for migration in migrations:
        if migration.number > version:
            schema.apply(migration)


def _compare(schema: Schema, applied: list[Migration]) -> None:
    recorded = schema.digests()
    for migration in applied:
        if recorded.get(migration.number) != migration.sha256:
            raise Conflict(f"the engine's database was made with another step {migration.number} ({migration.name})")
