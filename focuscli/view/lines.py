"""Lines of styled text that are measured in cells, so that wide characters stay aligned."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

Piece = tuple[str, str]
"""Some text and its style."""

Line = tuple[Piece, ...]

BLANK: Line = ()
_BREAKS = re.compile(r"(?<=[\s\-_/.:,])")


@dataclass(frozen=True, slots=True)
class Row:
    """A line and its rank: the higher it is, the sooner it gives way when the window is low."""

    line: Line
    rank: int = 0


def width_of(line: Line) -> int:
    """How many cells a line takes."""
    return sum([len(text) if text.isascii() else cell_len(text) for text, _ in line])


def pad(line: Line, width: int) -> Line:
    """The line with blanks up to `width` cells."""
    return (*line, (" " * max(0, width - width_of(line)), ""))


def spread(left: Line, right: Line, width: int) -> Line:
    """One part at either end; the right one gives way when both do not fit."""
    gap = width - width_of(left) - width_of(right)
    if not right or gap < 2:
        return left
    return (*left, (" " * gap, ""), *right)


def fit(text: str, width: int, ellipsis: str) -> str:
    """`text` in at most `width` cells: whole words and an ellipsis, letters only where there is one long word."""
    if cell_len(text) <= width:
        return text
    room = width - cell_len(ellipsis)
    if room < 1:
        return ""
    kept = ""
    for part in _BREAKS.split(text):
        if cell_len((kept + part).rstrip()) > room:
            break
        kept += part
    if cell_len(kept) < room // 2:
        kept = set_cell_size(text, room)
    return kept.rstrip() + ellipsis


def wrap(text: str, width: int, ellipsis: str, lines: int = 2) -> list[str]:
    """`text` on at most `lines` lines, broken between words."""
    wrapped: list[str] = []
    rest = text
    while rest and len(wrapped) < lines - 1 and cell_len(rest) > width:
        head = _head(rest, width)
        wrapped.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [*wrapped, fit(rest, width, ellipsis)] if rest else wrapped


def packed(parts: Iterable[str], width: int, dot: str, ellipsis: str) -> list[str]:
    """Parts with dots between them, on as few lines as they take; one that is too long for a line is fitted."""
    lines: list[str] = []
    for part in (fit(part, width, ellipsis) for part in parts):
        longer = f"{lines[-1]} {dot} {part}" if lines else part
        if lines and cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _head(text: str, width: int) -> str:
    kept = ""
    for part in _BREAKS.split(text):
        if cell_len((kept + part).rstrip()) > width:
            break
        kept += part
    return kept or set_cell_size(text, width)


def within(rows: Iterable[Row], height: int) -> list[Line]:
    """The lines that fit into `height`, the least important left out."""
    kept = list(rows)
    while len(kept) > max(1, height):
        worst = max(row.rank for row in kept)
        kept.pop(max(place for place, row in enumerate(kept) if row.rank == worst))
    return [row.line for row in kept]
