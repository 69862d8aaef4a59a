"""A picture of what crossfades do to the loudness: curves of several programs, one panel a pair of sounds."""

from html import escape

import numpy as np

from focuscli.bench.fade_peers import PEERS, crossed_by
from focuscli.bench.pairs import FADE_S, LENGTH, Pair, Samples, crossed, momentary
from focuscli.units import SAMPLE_RATE

_PANEL, _GAP, _HEIGHT, _LEFT, _TOP = 190, 16, 170, 44, 34
_TOP_LU, _BOTTOM_LU = 4.0, -8.0
_COLOURS = {
    "focus": "#0b7a4b",
    "ffmpeg tri": "#c0392b",
    "ffmpeg qsin": "#d68910",
    "ffmpeg hsin": "#8e44ad",
    "sox splice -q": "#2471a3",
}
_COLUMNS = 4
_STRIDE = 12
"""A point every 120 ms."""


def picture(pairs: list[Pair]) -> str:
    """An SVG with a panel a pair: momentary loudness in LU against the level before the fade."""
    rows = -(-len(pairs) // _COLUMNS)
    width = _LEFT + _COLUMNS * (_PANEL + _GAP)
    height = 24 + rows * (_HEIGHT + _TOP)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">'
    )
    parts = [head, f'<rect width="{width}" height="{height}" fill="#ffffff"/>', *_legend()]
    for index, pair in enumerate(pairs):
        parts += _panel(
            pair, _LEFT + index % _COLUMNS * (_PANEL + _GAP), 24 + _TOP + index // _COLUMNS * (_HEIGHT + _TOP)
        )
    return "\n".join([*parts, "</svg>\n"])


def _legend() -> list[str]:
    return [
        f'<text x="{_LEFT + 130 * place}" y="18" fill="{colour}" font-weight="bold">{escape(name)}</text>'
        for place, (name, colour) in enumerate(_COLOURS.items())
    ]


def _panel(pair: Pair, left: int, top: int) -> list[str]:
    parts = [f'<text x="{left}" y="{top - 6}" fill="#333333">{escape(pair.name)}</text>']
    for level in (3, 0, -3, -6):
        y = top + _y(level)
        parts.append(f'<line x1="{left}" x2="{left + _PANEL}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        if left == _LEFT:
            parts.append(f'<text x="{left - 34}" y="{y + 4:.1f}" fill="#666666">{level:+d} LU</text>')
    for name in (*reversed(PEERS), "focus"):
        made = crossed(pair)[0] if name == "focus" else crossed_by(name, pair)
        if made is not None:
            parts.append(
                f'<polyline points="{_points(made, left, top)}" fill="none" stroke="{_COLOURS[name]}" '
                f'stroke-width="{2.2 if name == "focus" else 1.1}"/>'
            )
    return parts


def _points(made: Samples, left: int, top: int) -> str:
    """From 3 s before the fade to 3 s after it."""
    loud = momentary(made)
    steady = 10.0 * np.log10(np.mean(10.0 ** (loud[:400] / 10.0)))
    fade_at = LENGTH / SAMPLE_RATE - FADE_S
    middles = np.arange(len(loud)) / 100.0 + 0.2 - fade_at + 3.0
    shown = np.flatnonzero((middles >= 0.0) & (middles <= FADE_S + 6.0))[::_STRIDE]
    return " ".join(
        f"{left + middles[at] / (FADE_S + 6.0) * _PANEL:.1f},{top + _y(float(loud[at] - steady)):.1f}" for at in shown
    )


def _y(level_lu: float) -> float:
    clipped = min(_TOP_LU, max(_BOTTOM_LU, level_lu))
    return (_TOP_LU - clipped) / (_TOP_LU - _BOTTOM_LU) * _HEIGHT
