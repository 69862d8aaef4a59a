"""What `focus doctor --fix` does by itself: it closes to others what only this user should get at."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from focuscli.paths import Paths


def mend(paths: Paths) -> list[str]:
    """Take others' rights from our folders and keys; returns what was done, a sentence each. Links are left alone."""
    return [_closed(path) for path in _private(paths) if _is_open(path)]


def _private(paths: Paths) -> Iterator[Path]:
    yield from (paths.state, paths.cache, paths.runtime, paths.keys, paths.engine_key)
    if paths.keys.is_dir():
        yield from sorted(paths.keys.glob("*.json"))


def _is_open(path: Path) -> bool:
    """Whether it is ours, and others can get at it."""
    if os.name != "posix" or path.is_symlink() or not path.exists():
        return False
    found = path.stat()
    return found.st_uid == os.geteuid() and bool(found.st_mode & 0o077)


def _closed(path: Path) -> str:
    was = stat.S_IMODE(path.stat().st_mode)
    path.chmod(0o700 if path.is_dir() else 0o600)
    advice = "" if path.is_dir() else "; take a new key if others may have read it"
    return f"closed {path} to others (it had mode {was:o}){advice}"
