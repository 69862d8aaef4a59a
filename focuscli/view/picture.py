"""A terminal's text as an SVG that needs nothing else: no fonts to load, no host to ask.

tmux capture-pane -e -p | python -m focuscli.view.picture --columns 80 --rows 24 --title 'focus watch' > view.svg
"""

import argparse
import io
import re
import sys
from collections.abc import Sequence
from html import escape, unescape

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from focuscli.view.panel import panel
from focuscli.view.snapshot import Snapshot

_FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
_FORMAT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<style>
text {{ font-family: FONTS; font-size: {char_height}px; white-space: pre; }}
.{unique_id}-title {{ font-size: 16px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
{matrix}
</g>
</svg>
""".replace("FONTS", _FONTS)
_ASPECT = 0.602
"""Width to height of a cell in the fonts named above."""

_CELL = 20 * _ASPECT
_TEXT = re.compile(
    r'<text class="([^"]+)" x="([^"]+)" y="([^"]+)" textLength="[^"]+" clip-path="([^"]+)">(.*?)</text>', re.DOTALL
)

_THEME = TerminalTheme(
    background=(22, 24, 30),
    foreground=(214, 217, 224),
    normal=[
        (40, 44, 52),
        (224, 108, 117),
        (140, 194, 122),
        (229, 192, 123),
        (97, 175, 239),
        (198, 120, 221),
        (86, 194, 201),
        (200, 204, 212),
    ],
    bright=[
        (110, 117, 132),
        (240, 128, 137),
        (160, 214, 142),
        (240, 208, 145),
        (125, 180, 250),
        (214, 145, 235),
        (116, 214, 220),
        (240, 242, 246),
    ],
)


def picture(text: Text, columns: int, rows: int, title: str) -> str:
    """The SVG of a window of `columns` x `rows` cells with that text in it."""
    console = Console(
        file=io.StringIO(), record=True, width=columns, height=rows, force_terminal=True, color_system="standard",
        legacy_windows=False, _environ={},
    )  # fmt: skip
    lines = list(text.split("\n", allow_blank=True))[:rows]
    lines += [Text("")] * (rows - len(lines))
    for line in lines:
        console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False)
    svg = console.export_svg(
        title=title, theme=_THEME, code_format=_FORMAT, font_aspect_ratio=_ASPECT, unique_id="focus"
    )
    placed = _TEXT.sub(_placed, svg)
    return "\n".join(line.rstrip() for line in placed.splitlines()) + "\n"


def _placed(element: re.Match[str]) -> str:
    """A text without blanks at its ends, which some renderers drop, as long as its cells and not its letters."""
    style, x, y, clip, escaped = element.groups()
    text = unescape(escaped).replace("\N{NO-BREAK SPACE}", " ")
    bare = text.strip(" ")
    if not bare.strip():  # a line feed of its own
        return ""
    left = float(x) + (len(text) - len(text.lstrip(" "))) * _CELL
    length = cell_len(bare) * _CELL
    inner = escape(bare, quote=False).replace(" ", "&#160;")
    return f'<text class="{style}" x="{left:g}" y="{y}" textLength="{length:g}" clip-path="{clip}">{inner}</text>'


def captured(ansi: str, columns: int, rows: int, title: str) -> str:
    """The SVG of what a terminal was showing, from its text with escape sequences."""
    return picture(Text.from_ansi(ansi.rstrip("\n")), columns, rows, title)


def drawn(snapshot: Snapshot, columns: int, rows: int, title: str) -> str:
    """The SVG of a snapshot's panel."""
    lines = (Text.assemble(*line) for line in panel(snapshot, columns, rows).lines)
    return picture(Text("\n").join(lines), columns, rows, title)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read captured text on stdin, write the SVG to stdout."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.view.picture", description=main.__doc__)
    parser.add_argument("--columns", type=int, default=80)
    parser.add_argument("--rows", type=int, default=24)
    parser.add_argument("--title", default="focus")
    given = parser.parse_args(arguments)
    sys.stdout.write(captured(sys.stdin.read(), given.columns, given.rows, given.title))


if __name__ == "__main__":
    main()
