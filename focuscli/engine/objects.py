"""Rendered audio in a local folder: an object appears under its name whole and synced, or not at all."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from focuscli.paths import private_folder

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

    def __init__(self, root: Path) -> None:
        self.root = root

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
            sync(temporary)
            placed = measure(temporary)
            temporary.replace(file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync(file.parent)
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

    def _folders(self) -> list[Path]:
        if not self.root.is_dir():
            return []
        return [folder for folder in self.root.iterdir() if folder.is_dir()]

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            private_folder(folder)
            sync(self.root)


def measure(file: Path) -> Placed:
    """The digest and the size of a file, as they are on the disk now."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Placed(digest, os.fstat(stream.fileno()).st_size)


def sync(path: Path) -> None:
    """Return when a file's or a folder's content has reached the disk itself."""
    if sys.platform == "win32" and path.is_dir():
        return  # Windows journals a rename with its folder, and cannot open one
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        if sys.platform == "darwin":
            import fcntl

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # fsync(2) there leaves it in the drive's cache
        else:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
