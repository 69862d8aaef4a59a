"""Room for audio: how much of the disk stays free, and the ballast that goes overboard when there is none left."""

import logging
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from focuscli.errors import Conflict

log = logging.getLogger(__name__)

BALLAST_BYTES = 1 << 20
"""Enough for the log of some hundred small transactions: ending sessions, giving claims back."""

FLOOR_BYTES = 256 << 20
FLOOR_SHARE = 20
"""On a small disk a twentieth of it stays free."""

AUDIO_BYTES_PER_S = 192_000
"""Sixteen bits, two channels, 48 kHz: no FLAC of that is longer."""


def floor_bytes(folder: Path, segment_s: float) -> int:
    """What must stay free on the folder's disk: 256 MiB (less on a small one), and in any case two segments."""
    share = shutil.disk_usage(folder).total // FLOOR_SHARE
    return max(min(FLOOR_BYTES, share), int(2 * segment_s * AUDIO_BYTES_PER_S))


class Room:
    """Whether anything may still be rendered: the disk has room for it, and its objects can be placed."""

    def __init__(self, folder: Path, floor_bytes: int) -> None:
        self._folder, self._floor_bytes = folder, floor_bytes
        self.closed_by = ""
        """Why objects cannot be placed just now; empty where they can, as far as is known."""

    def is_left(self) -> bool:
        """Whether more than the floor is free, and nothing has closed it; what cannot be told counts as nothing."""
        return not self.closed_by and (self.free_bytes() or 0) > self._floor_bytes

    def free_bytes(self) -> int | None:
        """What is free on the disk; None where that cannot be told just now, as of a share that is away."""
        try:
            return shutil.disk_usage(self._folder).free
        except OSError as exc:
            log.warning("nothing is rendered: %s", exc)
            return None

    def close(self, reason: str) -> None:
        """Objects cannot be placed, for this reason."""
        self.closed_by = reason

    def reopen(self, check: Callable[[], None]) -> None:
        """Where it is closed, check whether objects can be placed again; it stays closed where that raises OSError or
        Conflict.

        It blocks on the network.
        """
        if not self.closed_by:
            return
        try:
            check()
        except (OSError, Conflict) as exc:
            log.warning("nothing is rendered: %s", exc)
            return
        log.info("objects can be placed again")
        self.closed_by = ""


class Ballast:
    """A file that holds nothing, so that on a full disk the last small writes have where to go."""

    def __init__(self, file: Path, size_bytes: int = BALLAST_BYTES) -> None:
        self._file, self._size_bytes = file, size_bytes

    def lay(self) -> bool:
        """Take the room; False where the disk has none to give, of which nothing is taken then."""
        with suppress(OSError):
            if self._file.stat().st_size == self._size_bytes:
                return True
        try:
            with self._file.open("wb") as stream:
                stream.write(os.urandom(self._size_bytes))  # zeros may take no room
                stream.flush()
                os.fsync(stream.fileno())
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Set the room free."""
        with suppress(OSError):
            self._file.unlink()
