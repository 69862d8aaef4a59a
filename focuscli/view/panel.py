"""One picture of a snapshot, as wide and as high as the window allows."""

from rich.text import Text

from focuscli.view import framed, narrow
from focuscli.view.lines import Line
from focuscli.view.look import ASCII, UNICODE
from focuscli.view.snapshot import Snapshot


def panel(snapshot: Snapshot, width: int, height: int, *, ascii: bool = False) -> Text:  # noqa: A002  said so by callers
    """The picture for a window of `width` x `height` cells; the last column and the last row stay free."""
    look = ASCII if ascii else UNICODE
    columns, rows = max(1, width - 1), max(1, height - 1)
    if width >= framed.LEAST_WIDTH and rows >= framed.LEAST_HEIGHT:
        lines = framed.framed(snapshot, columns, rows, look)
    elif columns >= narrow.LEAST_WIDTH and rows > 1:
        lines = narrow.compact(snapshot, columns, rows, look)
    else:
        lines = [narrow.single(snapshot, columns, look)]
    return _text(lines)


def _text(lines: list[Line]) -> Text:
    text = Text(no_wrap=True, overflow="ignore", end="")
    for number, line in enumerate(lines):
        if number:
            text.append("\n")
        for piece, style in line:
            text.append(piece, style or None)
    return text
