"""A keyboard behind a POSIX terminal: cbreak mode, only ever in the foreground, always undone."""

import atexit
import contextlib
import errno
import os
import termios
from typing import Self

from focuscli.view.keyboard import HungUp

_BURST = 4096
_MARK_PASTES, _LEAVE_PASTES = b"\x1b[?2004h", b"\x1b[?2004l"
_LOCAL_FLAGS, _CHARACTERS = 3, 6


class PosixKeyboard:
    """Reads a terminal's file descriptor key by key, without echo; Ctrl-C and Ctrl-Z stay signals."""

    def __init__(self, descriptor: int, *, owned: bool = False, paste: bool = True) -> None:
        self._descriptor = descriptor
        self._owned = owned
        self._paste = paste
        self._saved: list[object] | None = None
        self._attending = False
        atexit.register(self.release)

    @classmethod
    def open(cls, stdin: int = 0, terminal: str = "/dev/tty", *, paste: bool = True) -> Self | None:
        """On stdin if that is a terminal, else on the controlling terminal, if there is one."""
        if os.isatty(stdin):
            return cls(stdin, paste=paste)
        try:
            return cls(os.open(terminal, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC), owned=True, paste=paste)
        except OSError:
            return None

    def fileno(self) -> int | None:
        """The terminal's descriptor."""
        return self._descriptor

    def attend(self) -> bool:
        """Set cbreak once for each time that the process comes to the foreground."""
        if not self._in_foreground():
            self._attending = False
        elif not self._attending:
            self._attending = self._take()
        return self._attending

    def read(self) -> bytes:
        """What has been typed; an empty read or an I/O error in the foreground is a hang-up."""
        try:
            if data := os.read(self._descriptor, _BURST):
                return data
        except OSError as exc:
            if exc.errno not in {errno.EIO, errno.EBADF, errno.ENXIO}:
                return b""
        if self._in_background():
            return b""
        raise HungUp

    def release(self) -> None:
        """Put the terminal back as it was found, unless it is someone else's by now."""
        saved, self._saved, self._attending = self._saved, None, False
        if saved is None or not self._in_foreground():
            return
        self._tell(_LEAVE_PASTES)
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(self._descriptor, termios.TCSANOW, saved)  # type: ignore[arg-type]

    def close(self) -> None:
        """Release, and close what was opened here."""
        self.release()
        atexit.unregister(self.release)
        if self._owned:
            self._owned = False
            with contextlib.suppress(OSError):
                os.close(self._descriptor)

    def _take(self) -> bool:
        try:
            attributes = termios.tcgetattr(self._descriptor)
            if self._saved is None:
                self._saved = [*attributes[:_CHARACTERS], list(attributes[_CHARACTERS])]
            attributes[_LOCAL_FLAGS] &= ~(termios.ECHO | termios.ICANON)
            attributes[_CHARACTERS][termios.VMIN] = 1
            attributes[_CHARACTERS][termios.VTIME] = 0
            termios.tcsetattr(self._descriptor, termios.TCSANOW, attributes)
        except (OSError, termios.error):
            return False
        self._tell(_MARK_PASTES)
        return True

    def _tell(self, sequence: bytes) -> None:
        if self._paste:
            with contextlib.suppress(OSError):
                os.write(self._descriptor, sequence)

    def _in_foreground(self) -> bool:
        try:
            return os.tcgetpgrp(self._descriptor) == os.getpgrp()
        except OSError:  # no terminal any more, or not the controlling one
            return False

    def _in_background(self) -> bool:
        try:
            return os.tcgetpgrp(self._descriptor) != os.getpgrp()
        except OSError:
            return False
