"""A session's standing, again whenever it changes: for status bars and for scripts."""

import sys
from collections.abc import Callable
from typing import NoReturn

from focuscli.assemble import Surroundings
from focuscli.client.api import Report
from focuscli.clock import Clock, SystemClock
from focuscli.commands.invocation import Invocation
from focuscli.commands.output import NAMED_FIELDS, say
from focuscli.commands.status import line, look
from focuscli.commands.streaming import telling
from focuscli.errors import EngineUnreachable, NothingRunning
from focuscli.events import SessionSeen
from focuscli.view.jsonlines import JsonLines

POLL_S = 2.0


def follow(
    around: Surroundings, session: str | None, form: str | None, asked: Invocation, clock: Clock | None = None
) -> NoReturn:
    """Tell how it stands until Ctrl-C; while nothing runs, an empty line, and on with it when something does."""
    clock = clock or SystemClock()
    if asked.json:
        _told_to_a_script(around, session, clock)
    told: str | None = None

    def tell(report: Report | None, where: str) -> None:
        nonlocal told
        now = "" if report is None else line(around, report, where, form)
        if now != told:
            told = now
            say(now)
            sys.stdout.flush()

    _repeat(around, session, clock, tell)


def _told_to_a_script(around: Surroundings, session: str | None, clock: Clock) -> NoReturn:
    lines = JsonLines(sys.stdout, clock, NAMED_FIELDS.get())
    lines.hello(session, around.remote or "local")

    is_idle = False

    def tell(report: Report | None, _where: str) -> None:
        nonlocal is_idle
        if report is not None:
            lines.post(SessionSeen(report.session))
        elif not is_idle:
            lines.idle()
        is_idle = report is None

    with telling(lines):
        _repeat(around, session, clock, tell)


def _repeat(
    around: Surroundings, session: str | None, clock: Clock, tell: Callable[[Report | None, str], None]
) -> NoReturn:
    while True:
        try:
            tell(*look(around, session))
        except (NothingRunning, EngineUnreachable):
            tell(None, "")
        clock.sleep(POLL_S)
