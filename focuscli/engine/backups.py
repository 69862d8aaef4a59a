"""Copies of the database beside it, and what happens when it is found damaged: it is kept, and the newest copy used."""

import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from focuscli.engine.disk import Disk
from focuscli.errors import Conflict

log = logging.getLogger(__name__)

MOST = 3
"""So many copies are kept, each older than the one before."""

MOST_DAMAGED = 5

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_COMPANIONS = ("", "-wal", "-shm")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file itself is broken, and not that it is locked, full or out of reach."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & 0xFF in _DAMAGE or code == sqlite3.SQLITE_IOERR_SHORT_READ)


class Backups:
    """The copies of one database file. Each is numbered in itself, and the database holds the newest number."""

    def __init__(self, file: Path, disk: Disk | None = None) -> None:
        self._file, self._disk = file, disk or Disk()
        self._folder = file.with_name("backups")

    def add(self, write: Callable[[Path], None]) -> Path:
        """Let `write` make a copy; it counts once it is whole and synced. Raises OSError and what `write` raises."""
        self._disk.make_folder(self._folder)
        temporary = self._folder / "making.tmp"
        temporary.unlink(missing_ok=True)
        try:
            write(temporary)
            self._disk.sync(temporary)
            for number in range(MOST - 1, 0, -1):
                if self._numbered(number).exists():
                    self._disk.rename(self._numbered(number), self._numbered(number + 1))
            self._disk.rename(temporary, self._numbered(1))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._disk.sync(self._folder)
        return self._numbered(1)

    def mend(self) -> Path | None:
        """Put the newest sound copy in the place of a database that is damaged, or that has lost what the copy has.

        Returns where the database is kept that was replaced, None where nothing was to be done. Raises Conflict,
        having changed nothing, where it is damaged and there is no copy.
        """
        number, problem = examine(self._file)
        copy, copied = self._newest_sound()
        if problem is None and number >= copied:
            return None
        problem = problem or f"it has lost what was in it (backup {copied}, database {number})"
        if copy is None:
            raise Conflict(
                f"the engine's database {self._file} cannot be opened: {problem}, and there is no backup of it",
                hint=f"to begin with an empty one, move it away: {self._file}",
            )
        log.error("the database %s is replaced by its backup %s: %s", self._file, copy, problem)
        return self._replace_by(copy)

    def _replace_by(self, copy: Path) -> Path:
        temporary = self._file.with_name(f"{self._file.name}.restoring")
        shutil.copyfile(copy, temporary)
        self._disk.sync(temporary)
        kept = self._set_aside()
        self._disk.rename(temporary, self._file)
        self._disk.sync(self._file.parent)
        return kept

    def _set_aside(self) -> Path:
        """Move the database with its log to where damaged ones are kept, the newest few of them."""
        root = self._file.with_name("damaged-databases")
        self._disk.make_folder(root)
        number = max((int(folder.name) for folder in root.iterdir() if folder.name.isdigit()), default=0) + 1
        kept = root / str(number)
        self._disk.make_folder(kept)
        for ending in _COMPANIONS:  # a log alone is of no harm: it goes before another database comes
            part = self._file.with_name(self._file.name + ending)
            if part.exists():
                self._disk.rename(part, kept / part.name)
        self._disk.sync(kept)
        self._disk.sync(self._file.parent)
        shutil.rmtree(root / str(number - MOST_DAMAGED), ignore_errors=True)
        return kept

    def _newest_sound(self) -> tuple[Path | None, int]:
        for number in range(1, MOST + 1):
            copy = self._numbered(number)
            if copy.is_file():
                found, problem = examine(copy)
                if problem is None:
                    return copy, found
                log.error("the backup %s cannot be used: %s", copy, problem)
        return None, -1

    def _numbered(self, number: int) -> Path:
        return self._folder / f"{self._file.stem}.{number}{self._file.suffix}"


def examine(file: Path) -> tuple[int, str | None]:
    """The number of the newest backup that a database knows of (-1: of none), and what is broken in it.

    A file that is not there is an empty database. Raises Conflict where it cannot be read at all.
    """
    if not file.exists():
        return -1, None
    try:
        with closing(sqlite3.connect(file, timeout=1.0, isolation_level=None)) as db:
            (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                return -1, str(verdict)
            if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'backup'").fetchone():
                return -1, None
            (number,) = db.execute("SELECT number FROM backup").fetchone()
            return int(number), None
    except sqlite3.Error as exc:
        if is_damage(exc):
            return -1, str(exc)
        raise Conflict(f"the engine's database {file} cannot be opened: {exc}", hint=f"check {file}") from exc
