"""One picture of a snapshot, as wide and as high as the window allows."""

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from focuscli.view import framed, narrow
from focuscli.view.lines import Line, width_of
from focuscli.view.look import ASCII, UNICODE
from focuscli.view.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Picture:
    """Lines that rich draws as they are, without the price of wrapping them; equal ones look alike."""

    lines: tuple[Line, ...]

    @property
    def plain(self) -> str:
        """The text alone."""
        return "\n".join("".join(text for text, _ in line) for line in self.lines)

    @property
    def widths(self) -> list[int]:
        """The cells that each line takes."""
        return [width_of(line) for line in self.lines]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Segments, a line feed between lines."""
        for number, line in enumerate(self.lines):
            if number:
                yield Segment.line()
            for text, style in line:
                yield Segment(text, Style.parse(style) if style else None)


def panel(snapshot: Snapshot, width: int, height: int, *, ascii: bool = False) -> Picture:  # noqa: A002  said so by callers
    """The picture for a window of `width` x `height` cells; the last column and the last row stay free."""
    look = ASCII if ascii else UNICODE
    columns, rows = max(1, width - 1), max(1, height - 1)
    if width >= framed.LEAST_WIDTH and rows >= framed.LEAST_HEIGHT:
        lines = framed.framed(snapshot, columns, rows, look)
    elif columns >= narrow.LEAST_WIDTH and rows > 1:
        lines = narrow.compact(snapshot, columns, rows, look)
    else:
        lines = [narrow.single(snapshot, columns, look)]
    return Picture(tuple(lines))
