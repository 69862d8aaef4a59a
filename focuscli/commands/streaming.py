"""A stream of JSON records that always says bye, and why: at its end, after an error, and when it is interrupted."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from focuscli.errors import ExitCode, FocusError

if TYPE_CHECKING:
    from focuscli.view.jsonlines import JsonLines

_REASONS = {ExitCode.INTERRUPTED: "interrupted", ExitCode.TERMINATED: "terminated", ExitCode.HANG_UP: "hung_up"}
_SIGNALS = {"SIGTERM": ExitCode.TERMINATED, "SIGHUP": ExitCode.HANG_UP}


class Stopped(KeyboardInterrupt):
    """The process was asked to leave by a signal other than Ctrl-C's."""

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


def exit_code_of(leaving: BaseException) -> ExitCode:
    """What a command ends with that was interrupted."""
    return leaving.exit_code if isinstance(leaving, Stopped) else ExitCode.INTERRUPTED


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """TERM and HUP are raised as Stopped meanwhile, so that files are closed and streams say bye; main thread only."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        raise Stopped(_SIGNALS[signal.Signals(number).name])

    former = {name: signal.signal(getattr(signal, name), stop) for name in _SIGNALS if hasattr(signal, name)}
    try:
        yield
    finally:
        for name, handler in former.items():
            signal.signal(getattr(signal, name), signal.SIG_DFL if handler is None else handler)


@contextlib.contextmanager
def telling(lines: "JsonLines") -> Iterator[None]:
    """What ends the block early is told before it goes on its way: an error, or an interruption."""
    try:
        with stoppable():
            yield
    except FocusError as error:
        lines.error(error)
        lines.bye("failed", error.exit_code)
        raise
    except KeyboardInterrupt as leaving:
        lines.bye(_REASONS[exit_code_of(leaving)], exit_code_of(leaving))
        raise
