"""Bodies of segments on this machine's disk, by what they contain: within a quota, the longest unused go first."""

import hashlib
import os
import shutil
from pathlib import Path

from focuscli.paths import private_folder


class SegmentCache:
    """A folder of files named after the SHA-256 of their content. Any number of processes may share it.

    What is lent has a second name of its own, so that it stays readable when its place here is given to others.
    """

    def __init__(self, folder: Path, quota_bytes: int) -> None:
        self._folder = folder
        self._quota_bytes = quota_bytes

    def keep(self, file: Path) -> str:
        """A copy of the file's content goes on living here as long as there is room; returns its digest."""
        digest = digest_of(file)
        if file.stat().st_size <= self._quota_bytes:
            place = self._place(digest)
            private_folder(self._folder)
            if place.is_file():
                os.utime(place)
            else:
                _share(file, place)
            self._make_room(but=place)
        return digest

    def lend(self, digest: str, name: Path) -> bool:
        """Give the content that name, if it is here and is still what it was."""
        place = self._place(digest)
        try:
            if digest_of(place) != digest:
                place.unlink(missing_ok=True)
                return False
            _share(place, name)
            os.utime(place)
        except OSError:  # it went away meanwhile, or the disk is full: then it is fetched
            return False
        return True

    def has(self, digest: str) -> bool:
        """Whether it is here, as far as can be told without reading it."""
        return self._place(digest).is_file()

    def drop(self, digest: str) -> None:
        """Never again."""
        self._place(digest).unlink(missing_ok=True)

    def empty(self) -> None:
        """Give back all the room that it takes."""
        for file, _, _ in self._oldest_first():
            file.unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        return self._folder / f"{digest}.segment"

    def _make_room(self, *, but: Path) -> None:
        files = self._oldest_first()
        over = sum(size for _, _, size in files) - self._quota_bytes
        for file, _, size in files:
            if over <= 0:
                return
            if file != but:
                file.unlink(missing_ok=True)
                over -= size

    def _oldest_first(self) -> list[tuple[Path, int, int]]:
        """Each file with the time of its last use, in nanoseconds, and its size in bytes."""
        found = []
        for file in self._folder.glob("*.segment"):
            try:
                seen = file.stat()
            except OSError:  # another player made room
                continue
            found.append((file, seen.st_mtime_ns, seen.st_size))
        return sorted(found, key=lambda entry: entry[1])


def digest_of(file: Path) -> str:
    """The SHA-256 of its content, in hexadecimal; raises OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _share(file: Path, name: Path) -> None:
    """The same content under a second name: at once, and whole from the first moment on."""
    temporary = name.with_name(f".{name.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        os.link(file, temporary)
    except OSError:  # not every file system has hard links
        shutil.copyfile(file, temporary)
        temporary.chmod(0o600)
    temporary.replace(name)
    temporary.unlink(missing_ok=True)  # renaming one name of a file to another one of the same file does nothing
