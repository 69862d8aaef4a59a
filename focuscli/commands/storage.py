"""What the system says when a disk is full or a folder cannot be written, in words that say what to do."""

import errno
from collections.abc import Mapping
from pathlib import Path

from focuscli.errors import StorageError
from focuscli.paths import Paths
from focuscli.plain_text import printable

_FULL = {errno.ENOSPC, errno.EDQUOT}
_ELSEWHERE = "or keep everything elsewhere: FOCUS_HOME=/a/folder focus start"


def unwritable(error: OSError, environment: Mapping[str, str]) -> StorageError | None:
    """The error of ours that it is; None where it is not about a file of this program's own folders."""
    paths = Paths.find(environment)
    if error.errno in _FULL:
        where = printable(error.filename or paths.state)
        return StorageError(
            f"there is no space left for {where}",
            hint=f"free some space: an hour of music takes about 350 MB\n{_ELSEWHERE}",
        )
    if error.errno == errno.EROFS or _is_ours(error.filename, paths):
        return StorageError(
            f"{printable(error.filename or paths.state)} cannot be written: {error.strerror}",
            hint=f"see which folders are meant: focus doctor\n{_ELSEWHERE}",
        )
    return None


def _is_ours(filename: object, paths: Paths) -> bool:
    """Whether it lies in one of the folders, or is one of those that they would lie in."""
    if not isinstance(filename, str):
        return False
    file = Path(filename)
    folders = (paths.config, paths.state, paths.cache, paths.runtime)
    return any(file.is_relative_to(folder) or folder.is_relative_to(file) for folder in folders)
