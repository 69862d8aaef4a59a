"""What a view expects of a keyboard, whatever the system."""

import sys
from typing import Protocol


class HungUp(Exception):
    """The terminal went away."""


class Keyboard(Protocol):
    """Bytes of pressed keys, in the order of a terminal: `attend`, any number of `read`s, `release`, `close`.

    All from the main thread. `release` gives the terminal back exactly as it was and may be called at any time,
    more than once; `attend` after it takes the terminal again. Neither ever raises.
    """

    def fileno(self) -> int | None:
        """What a selector can wait for; None where `read` has to be tried now and then."""

    def attend(self) -> bool:
        """Take the terminal if this process is in its foreground; False while keys belong to someone else."""

    def read(self) -> bytes:
        """What has been typed, perhaps nothing; raises HungUp when the terminal went away."""

    def release(self) -> None:
        """Give the terminal back."""

    def close(self) -> None:
        """Give it back for good."""


def open_keyboard(*, paste: bool = False) -> Keyboard | None:
    """The keyboard of this process: stdin, or the controlling terminal where stdin is a pipe; None without either.

    `paste` asks the terminal to mark what is pasted, so that it is not taken for keys: for terminals that are
    drawn on anyway, as others would print the request.
    """
    if sys.platform == "win32":
        from focuscli.view.keyboard_windows import WindowsKeyboard

        return WindowsKeyboard() if sys.stdin is not None and sys.stdin.isatty() else None
    from focuscli.view.keyboard_posix import PosixKeyboard

    return PosixKeyboard.open(paste=paste)
