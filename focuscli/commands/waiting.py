"""Waiting until all of a session is ready, counted for people and told to scripts in JSON Lines."""

import sys

from focuscli.client.api import EngineClient, Report
from focuscli.clock import Clock, SystemClock
from focuscli.commands.invocation import Invocation
from focuscli.commands.output import NAMED_FIELDS, note
from focuscli.commands.streaming import telling
from focuscli.errors import Conflict, LimitReached
from focuscli.events import SessionSeen
from focuscli.model import SessionStatus

POLL_S = 0.5


def wait_until_ready(client: EngineClient, report: Report, asked: Invocation, clock: Clock | None = None) -> Report:
    """Ask until nothing more is pending; returns the session as it stands then.

    Raises LimitReached where a spend cap stops it, and Conflict where somebody ends it meanwhile.
    """
    clock = clock or SystemClock()
    if not asked.json:
        return _counted(client, report, clock)
    from focuscli.view.jsonlines import JsonLines

    lines = JsonLines(sys.stdout, clock, NAMED_FIELDS.get())
    lines.hello(report.session.session_id, client.host)
    with telling(lines):
        while True:
            lines.post(SessionSeen(report.session))
            if _is_ready(report):
                lines.bye("ready")
                return report
            report = _next(client, report, clock)


def _counted(client: EngineClient, report: Report, clock: Clock) -> Report:
    told = -1
    while True:
        if report.session.ready_count != told:
            told = report.session.ready_count
            note(f"{told} of {report.session.total_segments} segments ready")
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
