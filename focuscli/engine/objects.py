"""Rendered audio under names: an object appears under its own whole and for good, or not at all."""

import hashlib
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from focuscli.engine.disk import Disk
from focuscli.errors import Conflict

BLOCK_BYTES = 256 * 1024
"""An object is read in blocks of about this size."""

UNFINISHED_S = 3600.0
"""What nobody knows of is swept at this age: until then it may be on its way into the store."""

MOST_DAMAGED = 16
"""So many damaged objects are kept for whoever wants to know why."""

_TEMPORARY = ".tmp"


class ObjectsAway(OSError):
    """The objects cannot be reached just now, or refuse; nothing is known of any of them."""


class NameTaken(FileExistsError):
    """Another content has the name already, and keeps it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What was put under a name."""

    sha256: str
    size_bytes: int


def object_key(session_id: str, segment_index: int, attempt: int) -> str:
    """The name of one attempt's audio: never used twice, so what a name holds never changes."""
    return f"{session_id}/{segment_index:05d}.{attempt}.flac"


class Objects(Protocol):
    """Any number of processes may place and read; every call may block.

    Raises FileNotFoundError where there is no such object, ObjectsAway where that cannot be known, and other OSErrors
    of this machine's disk.
    """

    @property
    def location(self) -> str:
        """Where a render process finds the same objects (see `objects_at`): a folder or a URL, and never a secret."""

    @property
    def disk(self) -> Path:
        """A folder on the disk that must have room while objects are placed."""

    def check(self, deployment: str) -> None:
        """Make sure that objects can be placed, and that no other deployment sweeps among them.

        Raises Conflict where that will not change by itself, ObjectsAway where it may.
        """

    def place(self, key: str, write: Callable[[Path], None]) -> Placed:
        """Let `write` fill a file of this machine, then give its content the name; nothing remains where that fails.

        The same content may be placed twice. Raises NameTaken where another one has the name, and what `write` raises.
        """

    def file(self, key: str) -> AbstractContextManager[Path]:
        """The object as a file on this machine, to be read while the context lasts."""

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """These bytes of the object, in blocks."""

    def size(self, key: str) -> int:
        """The size of the object in bytes."""

    def before(self, key: str) -> str | None:
        """The newest audio of the segment before this object's, where there is any."""

    def survey(self) -> dict[str, int]:
        """The size in bytes of every object, by name."""

    def keep_only(self, keys: Iterable[str], unfinished_s: float = 0.0) -> int:
        """Remove every object that is none of these; returns how many.

        What is no older than `unfinished_s` stays: somebody may be about to make it known. Where other engines place
        objects as well, nothing goes that is younger than `UNFINISHED_S`.
        """

    def remove(self, key: str) -> None:
        """Remove an object, if it is there."""

    def quarantine(self, key: str) -> None:
        """Put a damaged object, if it is there, out of the way."""


class Links(Protocol):
    """Objects that anyone can fetch who is given a URL for it, from where they are."""

    def links(self, keys: Sequence[str], ttl_s: float) -> list[str]:
        """A URL for each, valid for so long at most, and never longer than the right to give it away.

        Raises ObjectsAway where there is no such right just now.
        """


class LocalObjects:
    """A folder of objects, one subfolder a session."""

    def __init__(self, root: Path, disk: Disk | None = None, *, shared: bool = False) -> None:
        """`shared`: other engines may place objects there at any time."""
        self.root = root
        self._shared = shared
        self.damaged = root.with_name("damaged-objects")
        self._disk = disk or Disk()

    @property
    def location(self) -> str:
        """The folder."""
        return str(self.root)

    @property
    def disk(self) -> Path:
        """The folder."""
        return self.root

    def check(self, deployment: str) -> None:  # noqa: ARG002
        """See `Objects`: whoever may write into the folder is trusted to be of the same deployment."""
        try:
            self._disk.make_folder(self.root)
        except OSError as exc:
            raise Conflict(f"audio cannot be kept in {self.root}: {exc}", hint="choose another folder") from exc

    def path(self, key: str) -> Path:
        """Where the object of this name is. Names come from the store, never from a request."""
        return self.root / key

    def place(self, key: str, write: Callable[[Path], None]) -> Placed:
        """Let `write` fill a temporary file, then give it its name: synced before, and its folder after.

        Raises OSError, NameTaken, and whatever `write` raises; nothing new remains under the name then.
        """
        file = self.path(key)
        self._make_folder(file.parent)
        temporary = file.with_name(f".{file.name}.{os.getpid()}{_TEMPORARY}")
        try:
            write(temporary)
            self._disk.sync(temporary)
            placed = measure(temporary)
            _check_free(key, file, placed)
            self._disk.rename(temporary, file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._disk.sync(file.parent)
        return placed

    @contextmanager
    def file(self, key: str) -> Iterator[Path]:
        """The object itself."""
        if not self.path(key).is_file():
            raise FileNotFoundError(key)
        yield self.path(key)

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """These bytes of the object, in blocks; raises OSError where it became shorter meanwhile."""
        with self.path(key).open("rb") as stream:
            stream.seek(start)
            while start < stop:
                block = stream.read(min(BLOCK_BYTES, stop - start))
                if not block:
                    raise OSError(f"{key} became shorter while it was read")
                start += len(block)
                yield block

    def size(self, key: str) -> int:
        """The size of the object in bytes."""
        return self.path(key).stat().st_size

    def before(self, key: str) -> str | None:
        """The newest audio of the segment before this object's, where there is any."""
        names = self.path(key).parent.glob(f"{prefix_before(key)}*.flac")
        return newest(f"{file.parent.name}/{file.name}" for file in names)

    def survey(self) -> dict[str, int]:
        """The size in bytes of every object, by name."""
        return {key: found.st_size for key, found in self._listed()}

    def keep_only(self, keys: Iterable[str], unfinished_s: float = 0.0) -> int:
        """Remove every file that is none of these objects (temporary ones as well); returns how many."""
        kept, age_s = set(keys), max(unfinished_s, UNFINISHED_S) if self._shared else unfinished_s
        young = time.time() - age_s if age_s else math.inf
        strays = [key for key, found in self._listed() if key not in kept and found.st_mtime < young]
        for key in strays:
            self.remove(key)
        for folder in self._folders():
            with suppress(OSError):  # only an empty one goes
                if folder.stat().st_mtime < young:
                    folder.rmdir()
        return len(strays)

    def _listed(self) -> Iterator[tuple[str, os.stat_result]]:
        for folder in self._folders():
            with suppress(FileNotFoundError), os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):  # it got its name meanwhile, or went
                        yield f"{folder.name}/{entry.name}", entry.stat()

    def remove(self, key: str) -> None:
        """Remove an object, if it is there."""
        self.path(key).unlink(missing_ok=True)

    def quarantine(self, key: str) -> None:
        """Put a damaged object, if it is there, out of the way, where the newest few of them are kept."""
        file = self.path(key)
        if file.is_file():
            self._disk.make_folder(self.damaged)
            self._disk.rename(file, self.damaged / key.replace("/", "-"))
            for old in sorted(self.damaged.iterdir(), key=lambda one: one.stat().st_mtime)[:-MOST_DAMAGED]:
                old.unlink()

    def _folders(self) -> list[Path]:
        if not self.root.is_dir():
            return []
        return [folder for folder in self.root.iterdir() if folder.is_dir()]

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._disk.make_folder(folder)
            self._disk.sync(self.root)


def _check_free(key: str, file: Path, placed: Placed) -> None:
    if file.exists() and measure(file) != placed:
        raise NameTaken(f"another content has the name {key}")


def prefix_before(key: str) -> str:
    """How the names of all attempts at the segment before this one begin, without the folder."""
    return f"{int(key.partition('/')[2][:5]) - 1:05d}."


def newest(keys: Iterable[str]) -> str | None:
    """The last attempt among those at one segment; None where there is none."""
    return max(keys, key=lambda key: int(key.split(".")[1]), default=None)


def measure(file: Path) -> Placed:
    """The digest and the size of a file, as they are on the disk now."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Placed(digest, os.fstat(stream.fileno()).st_size)
