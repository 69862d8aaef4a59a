"""A session's standing, again whenever it changes: for status bars and for scripts."""

import sys
from collections.abc import Callable

from focuscli.assemble import Surroundings
from focuscli.client.api import Report
from focuscli.clock import Clock, SystemClock
from focuscli.commands.invocation import Invocation
from focuscli.commands.output import say
from focuscli.commands.status import line, look
from focuscli.errors import EngineUnreachable, ExitCode, FocusError, NothingRunning
from focuscli.events import SessionSeen
from focuscli.view.jsonlines import JsonLines

POLL_S = 2.0


def follow(
    around: Surroundings, session: str | None, form: str | None, asked: Invocation, clock: Clock | None = None
) -> ExitCode:
    """Tell how it stands until Ctrl-C; while nothing runs, an empty line, and on with it when something does."""
    clock = clock or SystemClock()
    if asked.json:
        return _told_to_a_script(around, session, clock)
    told: str | None = None

    def tell(report: Report | None, where: str) -> None:
        nonlocal told
        now = "" if report is None else line(around, report, where, form)
        if now != told:
            told = now
            say(now)
            sys.stdout.flush()

    return _repeat(around, session, clock, tell)


def _told_to_a_script(around: Surroundings, session: str | None, clock: Clock) -> ExitCode:
    lines = JsonLines(sys.stdout, clock)
    lines.hello(session, around.remote or "local")

    def tell(report: Report | None, _where: str) -> None:
        if report is not None:
            lines.post(SessionSeen(report.session))

    try:
        code = _repeat(around, session, clock, tell)
    except FocusError as error:
        lines.error(error)
        lines.bye("failed", error.exit_code)
        raise
    lines.bye("interrupted", code)
    return code


def _repeat(
    around: Surroundings, session: str | None, clock: Clock, tell: Callable[[Report | None, str], None]
) -> ExitCode:
    try:
        while True:
            try:
                tell(*look(around, session))
            except (NothingRunning, EngineUnreachable):
                tell(None, "")
            clock.sleep(POLL_S)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
