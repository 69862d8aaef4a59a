"""How people write durations: 90, 90m, 1h30m, 5400s."""

import math
import re

import typer

_FORM = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", re.ASCII)


def seconds_of(text: str, bare_unit_s: int) -> int:
    """The seconds that the text means; a bare number counts units of `bare_unit_s`. Raises BadParameter."""
    written = text.strip().lower()
    if written.isdecimal() and written.isascii():
        return int(written) * bare_unit_s
    match = _FORM.fullmatch(written)
    if not written or match is None:
        raise typer.BadParameter(f"{text!r} is not a duration; write 90, 90m or 1h30m")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def minutes(text: str) -> int:
    """Whole minutes, begun ones counted, from 1 to 1440; raises BadParameter."""
    count = math.ceil(seconds_of(text, 60) / 60)
    if not 1 <= count <= 1440:
        raise typer.BadParameter(f"{text!r} is not from 1 minute to 24 hours")
    return count


def lease_s(text: str) -> int:
    """The seconds of a lease, at least 10; raises BadParameter."""
    seconds = seconds_of(text, 1)
    if seconds < 10:
        raise typer.BadParameter(f"{text!r} is too short for a lease; give at least 10s")
    return seconds
