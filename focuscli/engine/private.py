"""What the engine trusts lies where no other user can have put it, read it or swapped it: checked before it is trusted.

Another user of the machine may make a folder before we do, put a link where a file is expected, or own a folder
further up. Whatever could be their doing stops the start; what only others may read, and is ours, is closed.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from focuscli.errors import Conflict
from focuscli.paths import Paths, make_folder, private_folder

LONGEST_SECRET = 1 << 16
"""No file of secrets has so many bytes."""


def check_places(paths: Paths) -> None:
    """Make the engine's folders, and close its folders and files; raises Conflict where others had a hand in them."""
    for folder in (paths.state, paths.runtime, paths.engine_data, paths.engine_data / "objects"):
        check_folder(folder)
    close_files([paths.engine_log, paths.engine_lock, paths.engine_address, *_direct_files(paths.engine_data)])


def check_folder(folder: Path) -> None:
    """Make a folder that is ours alone; raises Conflict for one that others own, may write to, or could replace."""
    if os.name != "posix":
        make_folder(folder)
        return
    if folder.is_symlink() and folder.lstat().st_uid not in {0, os.geteuid()}:
        raise Conflict(f"{folder} is a link that another user made", hint=f"remove it: rm {folder}")
    try:
        make_folder(folder)
    except OSError as exc:
        raise Conflict(f"the folder {folder} cannot be made: {exc}", hint=_ELSEWHERE) from exc
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise Conflict(f"the folder {folder} belongs to another user", hint=_ELSEWHERE)
    if found.st_mode & 0o022:
        raise Conflict(
            f"others may write to the folder {folder}, so what lies in it may be theirs",
            hint=f"look into it, then: chmod 700 {folder}",
        )
    for above in folder.resolve().parents:
        _check_above(folder, above)
    private_folder(folder)


_ELSEWHERE = "remove it, or name another place: FOCUS_HOME=FOLDER"


def _check_above(folder: Path, above: Path) -> None:
    """Who owns a folder, or may write to it, can replace what is in it; /tmp's sticky bit forbids the latter."""
    found = above.stat()
    if found.st_mode & 0o002 and not found.st_mode & stat.S_ISVTX:
        raise Conflict(f"everyone may write to {above}, and so replace {folder}", hint=f"chmod o-w {above}")
    if os.geteuid() != 0 and found.st_uid not in {0, os.geteuid()}:  # in a container, root uses folders of others
        raise Conflict(f"{above} belongs to another user, who could replace {folder}", hint=_ELSEWHERE)


def close_files(files: Iterable[Path]) -> None:
    """Leave files to their owner alone; raises Conflict for a link, or a file of somebody else's."""
    if os.name != "posix":
        return
    for file in files:
        try:
            found = file.lstat()
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_nlink > 1:
            raise Conflict(f"{file} is not a file of this user's alone", hint=f"look at it, then: rm {file}")
        if found.st_mode & 0o077:
            file.chmod(0o600)


def read_private(file: Path) -> str:
    """The content of a secret file, as ASCII; raises Conflict where another user could have read or made it."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as exc:
        raise Conflict(f"the key file {file} cannot be opened: {exc}", hint=f"remove it: rm {file}") from exc
    try:
        _check_secret(file, os.fstat(descriptor))
        return os.read(descriptor, LONGEST_SECRET).decode("ascii", "replace")
    finally:
        os.close(descriptor)


def _check_secret(file: Path, found: os.stat_result) -> None:
    if os.name != "posix":
        return
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
        raise Conflict(f"the key file {file} is not this user's", hint=f"remove it: rm {file}")
    if found.st_mode & 0o077:
        raise Conflict(f"the key file {file} can be read by others", hint=f"chmod 600 {file}")


def _direct_files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.iterdir()) if not file.is_dir() or file.is_symlink()]
