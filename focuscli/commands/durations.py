"""How people write durations: 90, 90m, 1h30m, 5400s."""

import math
import re

import typer

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


def lease(text: str) -> int:
    """Seconds, from 5 to 24 hours; raises BadParameter."""
    count = _seconds(text)
    if not 5 <= count <= 86_400:
        raise typer.BadParameter(f"{text!r} is not from 5 seconds to 24 hours")
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
