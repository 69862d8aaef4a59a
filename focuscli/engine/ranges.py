"""The Range header, one range of bytes at most (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Whole:
    """No range is asked for, or none that this engine serves: the whole body (14.2 allows to ignore it)."""


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start` up to `stop`, which is excluded."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """A valid range of which the body has nothing: 416."""


def parse_range(header: str | None, size: int) -> Whole | Part | Unsatisfiable:
    """What to send of a body of `size` bytes. Several ranges and other units are answered with the whole."""
    match = _ONE_RANGE.fullmatch(header or "")
    if match is None or match.groups() == ("", ""):
        return Whole()
    first, last = match.groups()
    if first == "":  # the last so many bytes
        return Part(max(0, size - int(last)), size) if int(last) and size else Unsatisfiable()
    if last and int(last) < int(first):
        return Whole()  # invalid, therefore ignored
    if int(first) >= size:
        return Unsatisfiable()
    return Part(int(first), min(size, int(last) + 1) if last else size)
