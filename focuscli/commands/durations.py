"""How people write durations: 90, 90m, 1h30m, 5400s; and the time of day at which something is over: 07:00."""

import math
import re
from datetime import datetime, timedelta

import typer

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_FORM = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)


def minutes(text: str) -> int:
    """Whole minutes, begun ones counted, from 1 to 1440; raises BadParameter."""
    count = math.ceil(_seconds(text) / 60)
    if not 1 <= count <= 1440:
        raise typer.BadParameter(f"{text!r} is not from 1 minute to 24 hours")
    return count


def seconds(text: str) -> int:
    """Seconds, from 1 to 24 hours; raises BadParameter."""
    count = _seconds(text)
    if not 1 <= count <= 86_400:
        raise typer.BadParameter(f"{text!r} is not from 1 second to 24 hours")
    return count


def days(text: str) -> int:
    """Seconds of a long time, `90d` or as other durations, from 1 second to ten years; raises BadParameter."""
    written = text.strip().lower()
    whole = written.removesuffix("d")
    count = int(whole) * 86_400 if written != whole and whole.isdecimal() and whole.isascii() else _seconds(text)
    if not 1 <= count <= 3650 * 86_400:
        raise typer.BadParameter(f"{text!r} is not from 1 second to ten years")
    return count


def lease(text: str) -> int:
    """Seconds, from 5 to 24 hours; raises BadParameter."""
    count = _seconds(text)
    if not 5 <= count <= 86_400:
        raise typer.BadParameter(f"{text!r} is not from 5 seconds to 24 hours")
    return count


def until(text: str, now: datetime | None = None) -> int:
    """Whole minutes, begun ones counted, until the clock here shows that time next; raises BadParameter.

    The difference is one of moments, not of clock faces: a night in which the clocks change is as long as it is.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise typer.BadParameter(f"{text!r} is not a time of day; write 07:00 or 23:30")
    here = (now or datetime.now().astimezone()).replace(tzinfo=None)
    then = here.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    if then <= here:
        then += timedelta(days=1)
    left_s = then.astimezone().timestamp() - here.astimezone().timestamp()
    return min(1440, max(1, math.ceil(left_s / 60)))


def fade(text: str) -> int:
    """Seconds of a fade, a bare number counting seconds, from 0 to 5 minutes; raises BadParameter."""
    written = text.strip().lower()
    count = int(written) if written.isdecimal() and written.isascii() else _seconds(text)
    if not 0 <= count <= 300:
        raise typer.BadParameter(f"{text!r} is not from 0 seconds to 5 minutes")
    return count


def _seconds(text: str) -> int:
    """The seconds that the text means; a bare number counts minutes."""
    written = text.strip().lower()
    if written.isdecimal() and written.isascii():
        return int(written) * 60
    match = _FORM.fullmatch(written)
    if not written or match is None:
        raise typer.BadParameter(f"{text!r} is not a duration; write 90, 90m or 1h30m")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds
