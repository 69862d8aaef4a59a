"""A keyboard behind a Windows console, which can only be asked now and then."""

import importlib
from typing import Protocol, cast

_PREFIXES = frozenset("\x00\xe0")
_ARROWS = {"H": b"\x1b[A", "P": b"\x1b[B", "M": b"\x1b[C", "K": b"\x1b[D"}


class Console(Protocol):
    """The two calls of msvcrt that are needed."""

    def kbhit(self) -> bool:
        """Whether a key waits."""

    def getwch(self) -> str:
        """The key, without echo; the keys that have no letter come as a prefix and a code."""


class WindowsKeyboard:
    """The console's keys in the bytes that a terminal would send, so that one parser reads both."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or cast("Console", importlib.import_module("msvcrt"))

    def fileno(self) -> int | None:
        """A console cannot be waited for together with sockets."""
        return None

    def attend(self) -> bool:
        """A console's keys always belong to the program that runs in it."""
        return True

    def read(self) -> bytes:
        """What has been typed since."""
        typed = b""
        while self._console.kbhit():
            typed += self._one()
        return typed

    def release(self) -> None:
        """Nothing was changed."""

    def close(self) -> None:
        """Nothing was opened."""

    def _one(self) -> bytes:
        character = self._console.getwch()
        if character in _PREFIXES:
            return _ARROWS.get(self._console.getwch(), b"")
        return character.encode("utf-8", "replace")
