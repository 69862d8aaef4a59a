"""Waiting until all of a session is ready: counted, with an estimate, for people, and told to scripts in JSON Lines."""

import sys

from focuscli.client.api import EngineClient, Report
from focuscli.clock import Clock, SystemClock
from focuscli.commands.invocation import Invocation
from focuscli.commands.output import NAMED_FIELDS, note
from focuscli.commands.streaming import telling
from focuscli.errors import Conflict, LimitReached
from focuscli.events import SessionSeen
from focuscli.model import Session, SessionStatus

POLL_S = 0.5


class Pace:
    """How fast segments become ready, measured from the first look on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: tuple[float, int] | None = None

    def rest_s(self, session: Session) -> float | None:
        """How long it takes until the last segment is ready; None before one became ready under our eyes."""
        now, ready = self._clock.monotonic(), session.ready_count
        began, before = self._since = self._since or (now, ready)
        if ready == before:
            return None
        return (session.total_segments - ready) * (now - began) / (ready - before)


def wait_until_ready(client: EngineClient, report: Report, asked: Invocation, clock: Clock | None = None) -> Report:
    """Ask until nothing more is pending; returns the session as it stands then.

    Raises LimitReached where a spend cap stops it, and Conflict where somebody ends it meanwhile.
    """
    clock = clock or SystemClock()
    if not asked.json:
        return _counted(client, report, clock)
    from focuscli.view.jsonlines import JsonLines

    lines, pace, told = JsonLines(sys.stdout, clock, NAMED_FIELDS.get()), Pace(clock), -1
    lines.hello(report.session.session_id, client.host)
    with telling(lines):
        while True:
            lines.post(SessionSeen(report.session))
            rest_s = pace.rest_s(report.session)
            if rest_s is not None and report.session.ready_count != told:
                lines.estimate(rest_s)
            told = report.session.ready_count
            if _is_ready(report):
                lines.bye("ready")
                return report
            report = _next(client, report, clock)


def _counted(client: EngineClient, report: Report, clock: Clock) -> Report:
    from focuscli.view.words import amount

    pace, told = Pace(clock), -1
    while True:
        rest_s = pace.rest_s(report.session)
        if report.session.ready_count != told:
            told = report.session.ready_count
            more = f", about {amount(rest_s)} more" if rest_s else ""
            note(f"{told} of {report.session.total_segments} segments ready{more}")
        if _is_ready(report):
            return report
        report = _next(client, report, clock)


def _next(client: EngineClient, report: Report, clock: Clock) -> Report:
    clock.sleep(POLL_S)
    return client.get(report.session.session_id)


def _is_ready(report: Report) -> bool:
    session = report.session
    if session.ready_count >= session.total_segments or (not session.more_pending and not session.is_over):
        return True
    if session.status is SessionStatus.STOPPED_CAP:
        raise LimitReached("the spend cap is reached, and no more is made", hint="see: focus usage")
    if session.is_over:
        raise Conflict("the session was ended before all of it was ready", hint="see what there is: focus status")
    return False
