"""What reaches the disk, and in which order: the three calls on which durability rests."""

import os
import sys
from pathlib import Path

from focuscli.paths import private_folder


class Disk:
    """A file's content is safe once it is synced, its name once its folder is."""

    def sync(self, path: Path) -> None:
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

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name at once, in place of whatever had it."""
        source.replace(target)

    def make_folder(self, folder: Path) -> None:
        """Make a folder that only its owner may enter."""
        private_folder(folder)
