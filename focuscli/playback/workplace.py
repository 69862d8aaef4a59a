"""A player's own folder within the cache: what it plays from, gone when it closes."""

import os
import shutil
import time
from pathlib import Path

from focuscli.paths import private_folder

QUIET_S = 3600.0
"""A folder into which something was put since belongs to somebody, perhaps in another container."""

ABANDONED_S = 24 * 3600.0
"""Where a process cannot be asked after, a folder that nothing was put into for so long belongs to nobody."""


class Workplace:
    """What a player that crashed has left is removed by the next one: its folder names its process."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder: Path | None = None

    @property
    def folder(self) -> Path:
        """Made when it is first asked for."""
        if self._folder is None:
            private_folder(self._root)
            self._folder = private_folder(self._root / f"{os.getpid()}-{time.monotonic_ns():x}")
        return self._folder

    def forget(self, *, before: int) -> None:
        """Remove what belongs to segments of a lower index: names begin with it."""
        for file in self._folder.iterdir() if self._folder is not None else ():
            index = file.name.partition("-")[0]
            if index.isdecimal() and int(index) < before:
                file.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the folders of players that are gone."""
        for folder in self._root.glob("*-*"):
            pid = folder.name.partition("-")[0]
            if pid.isdecimal() and not _is_in_use(folder, int(pid)):
                shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove it with all that is in it."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _is_in_use(folder: Path, pid: int) -> bool:
    quiet_s = time.time() - folder.stat().st_mtime
    if quiet_s < QUIET_S or os.name != "posix":  # elsewhere, asking after a process would end it
        return quiet_s < ABANDONED_S
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
