"""Keeps what C libraries print off the terminal."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """While this lasts, what the process writes to file descriptor 2 is lost.

    PortAudio and ALSA print their diagnostics there, straight through a drawn picture; their error codes reach us
    all the same.
    """
    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error to protect
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


class QuietStderr:
    """The same from `begin` to `end`, for a library with a thread of its own; Python's own `sys.stderr` goes on."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def begin(self) -> None:
        """From now on."""
        try:
            kept = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
        except OSError:  # there is no standard error to protect
            return
        self._stack.callback(kept.close)
        self._stack.enter_context(quiet_stderr())
        if sys.stderr is sys.__stderr__:
            self._stack.enter_context(redirect_stderr(kept))

    def end(self) -> None:
        """As it was before; a second time does nothing."""
        self._stack.close()


def _say_nothing(_file: bytes, _line: int, _function: bytes, _error: int, _format: bytes) -> None:
    """In the place of ALSA's own handler, which prints."""


_HUSH = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)(
    _say_nothing
)


def hush_alsa() -> None:
    """Stop ALSA from printing for good: it reports a recovered underrun in the middle of the playing, too."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_HUSH)
    except (OSError, AttributeError):
        return  # no ALSA, nothing to hush
