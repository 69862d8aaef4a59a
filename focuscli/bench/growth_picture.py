"""A picture of growth: what a burst does to few and to enough cores, what is needed, and what is full first."""

import math
from collections.abc import Callable
from html import escape

from focuscli.bench.growth_answers import DRY_SHARE, WAIT_S, answer
from focuscli.bench.growth_facts import Answer, Cell, Findings, Limit, Point

WIDTH, HEIGHT = 1000, 640
_GREEN, _RED, _ORANGE, _VIOLET, _BLUE, _GREY = "#0b7a4b", "#c0392b", "#d68910", "#8e44ad", "#2471a3", "#666666"


class _Panel:
    """A frame with a logarithmic or even scale on both sides."""

    def __init__(self, left: float, top: float, width: float, height: float, title: str) -> None:
        self.left, self.top, self.width, self.height = left, top, width, height
        heading = f'<text x="{left}" y="{top - 12}" font-size="13" font-weight="bold">{escape(title)}</text>'
        frame = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#bbbbbb"/>'
        self.parts = [heading, frame]

    def text(self, x: float, y: float, text: str, colour: str = _GREY, anchor: str = "start") -> None:
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>')

    def line(self, points: list[tuple[float, float]], colour: str, dash: str = "") -> None:
        told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>')

    def _grid(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>')

    def across(self, y: float, label: str) -> None:
        self.parts.append(
            f'<line x1="{self.left}" x2="{self.left + self.width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'
        )
        self.text(self.left - 6, y + 4, label, anchor="end")

    def up(self, x: float, label: str) -> None:
        self.parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{self.top}" y2="{self.top + self.height}" stroke="#dddddd"/>'
        )
        self.text(x, self.top + self.height + 15, label, anchor="middle")


def picture(findings: Findings) -> str:
    """The SVG."""
    panels = [_burst(findings.curve), _needs(findings), _parts(findings.limits)]
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
            'font-family="sans-serif" font-size="11">\n<rect width="100%" height="100%" fill="#ffffff"/>')  # fmt: skip
    return "\n".join([head, *(part for panel in panels for part in panel.parts), "</svg>\n"])


def _burst(curve: list[Point]) -> _Panel:
    """Waiting and dryness over the cores."""
    listeners = curve[0].listeners
    panel = _Panel(60, 40, 400, 240, f"Nine o'clock: {listeners:,} listeners, half of them begin at once")
    least, most = curve[0].cores, curve[-1].cores

    def x(cores: float) -> float:
        return panel.left + math.log(cores / least) / math.log(most / least) * panel.width

    def y(value: float) -> float:
        share = math.log10(max(value, 0.01) / 0.01) / 4.0
        return panel.top + panel.height * (1.0 - min(1.0, share))

    for value in (0.01, 0.1, 1.0, 10.0, 100.0):
        panel.across(y(value), f"{value:g}")
    for point in curve:
        panel.up(x(point.cores), str(point.cores))
    panel.text(panel.left + panel.width / 2, panel.top + panel.height + 31, "cores that render", anchor="middle")
    panel.line([(x(point.cores), y(point.p99_s)) for point in curve], _BLUE)
    panel.line([(x(point.cores), y(100.0 * point.dry_share)) for point in curve], _RED)
    left, right, low = panel.left + 8, panel.left + panel.width, panel.top + panel.height
    panel.line([(panel.left, y(WAIT_S)), (right, y(WAIT_S))], _BLUE, "4 4")
    panel.line([(panel.left, y(100.0 * DRY_SHARE)), (right, y(100.0 * DRY_SHARE))], _RED, "4 4")
    panel.text(left, low - 50, "99 of 100 first segments within, s", _BLUE)
    panel.text(left, low - 34, "seconds without music, % (0.01: or less)", _RED)
    panel.text(left, low - 18, "dashed: what is kept")
    return panel


def _needs(findings: Findings) -> _Panel:
    """Cores, engines, Postgres and egress over listeners."""
    panel = _Panel(560, 40, 400, 240, "What is needed")
    counts = [cell.listeners for cell in findings.cells]
    counts += [counts[-1] * step for step in (2, 5, 10, 20, 50, 100)]
    answers = [answer(findings.costs, _cell(findings.cells, count), count) for count in counts]

    def x(count: float) -> float:
        return panel.left + math.log10(count / 100) / 4.0 * panel.width

    def y(value: float) -> float:
        return panel.top + panel.height * (1.0 - math.log10(max(value, 0.1) / 0.1) / 6.0)

    for power in range(-1, 6):
        panel.across(y(10.0**power), f"{10.0**power:,.0f}" if power >= 0 else "0.1")
    for power in range(2, 7):
        panel.up(x(10.0**power), f"{10**power:,}")
    panel.text(panel.left + panel.width / 2, panel.top + panel.height + 31, "listeners at once", anchor="middle")
    for place, (label, colour, value) in enumerate(_LINES):
        panel.line([(x(one.listeners), y(value(one))) for one in answers], colour)
        panel.text(panel.left + 8, panel.top + 18 + 16 * place, label, colour)
    return panel


_LINES: tuple[tuple[str, str, Callable[[Answer], float]], ...] = (
    ("cores that render", _GREEN, lambda one: one.render_cores),
    ("egress, Gbit/s", _ORANGE, lambda one: one.egress_gbit_s),
    ("engine processes", _BLUE, lambda one: one.engines),
    ("cores of Postgres", _VIOLET, lambda one: one.postgres_cores),
)


def _cell(cells: list[Cell], listeners: int) -> Cell:
    """The largest one that is no larger than so many."""
    return max((cell for cell in cells if cell.listeners <= listeners), key=lambda cell: cell.listeners)


def _parts(limits: list[Limit]) -> _Panel:
    """A bar a part, as long as it holds listeners."""
    panel = _Panel(420, 366, 540, 250, "Which part is full first: listeners at once that each of them holds")

    def x(count: float) -> float:
        return panel.left + math.log10(max(count, 10.0) / 10.0) / 6.0 * panel.width

    for power in range(1, 8):
        panel.up(x(10.0**power), f"{10**power:,}")
    height = panel.height / len(limits)
    for place, limit in enumerate(limits):
        y = panel.top + place * height
        width = x(limit.listeners) - panel.left
        panel.parts.append(f'<rect x="{panel.left}" y="{y + 6:.1f}" width="{width:.1f}" height="{height - 12:.1f}" '
                           f'fill="{_RED if place == 0 else _GREEN}" fill-opacity="0.75"/>')  # fmt: skip
        panel.text(panel.left - 8, y + height / 2 + 4, limit.part, "#333333", "end")
        panel.text(panel.left + width + 6, y + height / 2 + 4, f"{float(f'{limit.listeners:.2g}'):,.0f}", "#333333")
    return panel
