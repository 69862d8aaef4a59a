"""Rendered audio in a local folder: an object appears under its name whole and synced, or not at all."""

import hashlib
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from focuscli.engine.disk import Disk

MOST_DAMAGED = 16
"""So many damaged objects are kept for whoever wants to know why."""

_TEMPORARY = ".tmp"


@dataclass(frozen=True, slots=True)
class Placed:
    """What was put under a name."""

    sha256: str
    size_bytes: int


def object_key(session_id: str, segment_index: int, attempt: int) -> str:
    """The name of one attempt's audio: never used twice, so what a name holds never changes."""
    return f"{session_id}/{segment_index:05d}.{attempt}.flac"


class LocalObjects:
    """A folder of objects, one subfolder a session. Any number of processes may place and read."""

    def __init__(self, root: Path, disk: Disk | None = None) -> None:
        self.root = root
        self.damaged = root.with_name("damaged-objects")
        self._disk = disk or Disk()

    def path(self, key: str) -> Path:
        """Where the object of this name is. Names come from the store, never from a request."""
        return self.root / key

    def place(self, key: str, write: Callable[[Path], None]) -> Placed:
        """Let `write` fill a temporary file, then give it its name: synced before, and its folder after.

        Raises OSError, and whatever `write` raises; nothing remains under the name then.
        """
        file = self.path(key)
        self._make_folder(file.parent)
        temporary = file.with_name(f".{file.name}.{os.getpid()}{_TEMPORARY}")
        try:
            write(temporary)
            self._disk.sync(temporary)
            placed = measure(temporary)
            self._disk.rename(temporary, file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._disk.sync(file.parent)
        return placed

    def before(self, key: str) -> Path | None:
        """The newest audio of the segment before this object's, where there is any."""
        folder, _, name = key.partition("/")
        attempts = self.path(folder).glob(f"{int(name[:5]) - 1:05d}.*.flac")
        return max(attempts, key=lambda file: int(file.name.split(".")[1]), default=None)

    def survey(self) -> dict[str, int]:
        """The size in bytes of every object, by name."""
        sizes: dict[str, int] = {}
        for folder in self._folders():
            with os.scandir(folder) as entries:
                sizes |= {f"{folder.name}/{entry.name}": entry.stat().st_size for entry in entries}
        return sizes

    def keep_only(self, keys: Iterable[str]) -> int:
        """Remove every file that is none of these objects (temporary ones as well); returns how many."""
        strays = self.survey().keys() - set(keys)
        for key in strays:
            self.remove(key)
        for folder in self._folders():
            with suppress(OSError):  # only an empty one goes
                folder.rmdir()
        return len(strays)

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


def measure(file: Path) -> Placed:
    """The digest and the size of a file, as they are on the disk now."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Placed(digest, os.fstat(stream.fileno()).st_size)
