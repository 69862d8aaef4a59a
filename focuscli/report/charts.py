"""The report's pictures as SVG in a common measure of time: stages, waveform, spectrogram, loudness."""

import base64
import math
from html import escape

import numpy as np

from focuscli.report.figures import Report
from focuscli.report.hearing import highest
from focuscli.report.scale import loudness_range, moment_text, time_marks
from focuscli.spectra.picture import HIGHEST_HZ, LOWEST_HZ, png, shades

LEFT, WIDTH, RIGHT = 64, 1000, 20
_POINTS = 1000
_LINES_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)


def stages(report: Report) -> str:
    """The stages of the arc that lie within what was heard, side by side."""
    total = _total(report)
    parts = []
    for number, stage in enumerate(stage for stage in report.stages if stage.starts_s < total):
        x, width = _x(report, stage.starts_s), _x(report, min(stage.ends_s, total)) - _x(report, stage.starts_s)
        parts.append(f'<rect class="stage s{number % 2}" x="{x:.1f}" y="2" width="{width:.1f}" height="24"/>')
        if width > 9 * len(stage.name):
            parts.append(f'<text x="{x + width / 2:.1f}" y="18" text-anchor="middle">{escape(stage.name)}</text>')
        parts.append(f"<title>{escape(f'{stage.name}: {stage.does}')}</title>")
    return _figure(28, "The stages of the session", parts)


def waveform(report: Report) -> str:
    """The highest amplitude of each moment, up and down from the middle, with segments, seams and dropouts."""
    height, middle = 130, 65.0
    tops = np.minimum(highest(report.hearing.peaks, _POINTS), 1.0)
    xs = [LEFT + (number + 0.5) * WIDTH / _POINTS for number in range(_POINTS)]
    upper = [f"{x:.1f},{middle - 60 * top:.1f}" for x, top in zip(xs, tops, strict=True)]
    lower = [f"{x:.1f},{middle + 60 * top:.1f}" for x, top in zip(xs, tops, strict=True)]
    drawn = f'<polygon class="wave" points="{" ".join([*upper, *reversed(lower)])}"/>'
    scale = [
        f'<line class="grid" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>{_label(y, text)}'
        for y, text in ((middle, "0"), (middle - 60 * 0.5, "−6 dB"), (middle + 60 * 0.5, "−6 dB"))
    ]
    return _figure(height + 18, "Waveform", [*scale, drawn, *_across(report, height), *_times(report, height)])


def spectrogram(report: Report) -> str:
    """Where the power lies, low notes below."""
    height = 260
    image = base64.b64encode(png(shades(report.hearing.spectrum))).decode("ascii")
    place = f'x="{LEFT}" y="0" width="{WIDTH}" height="{height}" preserveAspectRatio="none"'
    parts = [f'<image {place} href="data:image/png;base64,{image}"/>']
    for hertz in _LINES_HZ:
        y = height * (1.0 - math.log(hertz / LOWEST_HZ) / math.log(HIGHEST_HZ / LOWEST_HZ))
        parts.append(_label(y, f"{hertz // 1000} kHz" if hertz >= 1000 else f"{hertz} Hz"))
    return _figure(height + 18, "Spectrogram", [*parts, *_times(report, height)])


def loudness(report: Report) -> str:
    """Momentary and short-term loudness, each segment's target, the seams and the dropouts."""
    height = 200
    momentary, short = report.loudness("momentary"), report.loudness("short_term")
    targets = [portrait.heard.target_lufs for portrait in report.portraits]
    heard = [value for value in (*short, *targets) if value is not None]
    low, high = loudness_range(heard)

    def y(value: float) -> float:
        return height * (high - min(max(value, low), high)) / (high - low)

    parts = [
        f'<line class="grid" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y(mark):.1f}" y2="{y(mark):.1f}"/>'
        + _label(y(mark), f"{mark:.0f}".replace("-", "−"))
        for mark in np.arange(low, high + 1.0, 6.0)
    ]
    for kind, values in (("momentary", momentary), ("short", short)):
        points = [None if value is None else (_x(report, at), y(value)) for at, value in enumerate(values)]
        parts += [f'<polyline class="{kind}" points="{line}"/>' for line in _lines(points)]
    for portrait in report.portraits:
        one = portrait.heard
        at = f'x1="{_x(report, one.starts_s):.1f}" x2="{_x(report, one.ends_s):.1f}"'
        parts.append(f'<line class="target" {at} y1="{y(one.target_lufs):.1f}" y2="{y(one.target_lufs):.1f}"/>')
    return _figure(height + 18, "Loudness", [*parts, *_across(report, height), *_times(report, height)])


def _across(report: Report, height: int) -> list[str]:
    """What is marked in every picture: seams as wide as they are, dropouts as strokes."""
    parts = []
    for seam in report.seams:
        x = _x(report, seam.starts_s)
        width = max(1.5, _x(report, seam.starts_s + seam.duration_s) - x)
        said = f"seam of segments {seam.from_index + 1} and {seam.to_index + 1}"
        parts.append(
            f'<rect class="seam" x="{x:.1f}" y="0" width="{width:.1f}" height="{height}"><title>{said}</title></rect>'
        )
    for one in report.dropouts:
        if one.position_s <= _total(report):
            x = _x(report, one.position_s)
            parts.append(
                f'<line class="dropout" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}">'
                f"<title>dropout of {one.ms:.0f} ms</title></line>"
            )
    return parts


def _lines(points: list[tuple[float, float] | None]) -> list[str]:
    """Points as polylines that stop where nothing is known."""
    lines: list[list[str]] = [[]]
    for point in points:
        if point is None:
            lines.append([])
        else:
            lines[-1].append(f"{point[0]:.1f},{point[1]:.1f}")
    return [" ".join(line) for line in lines if len(line) > 1]


def _times(report: Report, height: int) -> list[str]:
    return [
        f'<text x="{_x(report, mark):.1f}" y="{height + 14}" text-anchor="middle">{moment_text(mark)}</text>'
        for mark in time_marks(_total(report))
    ]


def _label(y: float, text: str) -> str:
    return f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'


def _total(report: Report) -> float:
    return max(report.hearing.seconds, 0.1)


def _x(report: Report, at_s: float) -> float:
    return LEFT + WIDTH * min(at_s / _total(report), 1.0)


def _figure(height: int, label: str, parts: list[str]) -> str:
    box = f"0 -6 {LEFT + WIDTH + RIGHT} {height + 6}"
    return f'<svg viewBox="{box}" role="img" aria-label="{label}">\n{chr(10).join(parts)}\n</svg>'
