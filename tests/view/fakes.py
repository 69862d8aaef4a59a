"""A clock that is set by hand, a keyboard that is typed on by tests, a stream that remembers its flushes."""

import io
from datetime import datetime, timedelta

from focuscli.view.keyboard import HungUp
from tests.view.scenes import NOW


class HandClock:
    def __init__(self) -> None:
        self.elapsed_s = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.elapsed_s)

    def monotonic(self) -> float:
        return self.elapsed_s

    def sleep(self, seconds: float) -> None:
        self.elapsed_s += seconds


class TypedKeyboard:
    """A keyboard that cannot be waited for and holds its caller to the order of calls; `None` is a hang-up."""

    def __init__(self, *typed: bytes | None) -> None:
        self._typed = list(typed)
        self.is_foreground = True
        self.is_taken = False
        self.is_closed = False

    def fileno(self) -> int | None:
        return None

    def attend(self) -> bool:
        assert not self.is_closed
        self.is_taken = self.is_foreground
        return self.is_taken

    def read(self) -> bytes:
        assert self.is_taken, "reading keys in the background stops the program"
        data = self._typed.pop(0) if self._typed else b""
        if data is None:
            raise HungUp
        return data

    def release(self) -> None:
        self.is_taken = False

    def close(self) -> None:
        self.release()
        self.is_closed = True


class FlushedStream(io.StringIO):
    """Tells what a reader at the other end of a pipe has."""

    encoding = "utf-8"  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.received = ""

    def flush(self) -> None:
        self.received = self.getvalue()
