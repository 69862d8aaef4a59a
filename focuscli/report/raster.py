"""The report as one PNG: waveform, spectrogram and loudness below one another, with the seams marked."""

import numpy as np

from focuscli.report.figures import Report
from focuscli.report.hearing import ROWS, highest
from focuscli.report.scale import loudness_range
from focuscli.spectra.picture import SHADES, Pixels, png, shade_colours, shades

WIDTH, _WAVE, _LOUDNESS, _GAP = 1200, 140, 160, 12
_PAPER, _WAVE_INK, _SEAM, _LINE, _TARGET, _DROPOUT = range(SHADES, SHADES + 6)
_INKS = ((250, 250, 248), (74, 127, 181), (214, 205, 234), (31, 95, 158), (181, 101, 29), (198, 40, 40))


def raster(report: Report) -> bytes:
    """The image; time runs from left to right, 1200 columns for all that was heard."""
    spectrum = shades(report.hearing.spectrum)
    columns = np.arange(WIDTH) * spectrum.shape[1] // WIDTH
    gap = np.full((_GAP, WIDTH), _PAPER, np.uint8)
    rows = np.repeat(spectrum[:, columns], 2, axis=0)
    assert len(rows) == 2 * ROWS
    picture = np.concatenate([gap, _waveform(report), gap, rows, gap, _loudness(report), gap])
    return png(picture, np.concatenate([shade_colours(), np.array(_INKS, np.uint8)]))


def _canvas(report: Report, height: int) -> Pixels:
    canvas = np.full((height, WIDTH), _PAPER, np.uint8)
    for seam in report.seams:
        first = _column(report, seam.starts_s)
        canvas[:, first : max(first + 1, _column(report, seam.starts_s + seam.duration_s))] = _SEAM
    return canvas


def _waveform(report: Report) -> Pixels:
    canvas = _canvas(report, _WAVE)
    reach = np.clip(highest(report.hearing.peaks, WIDTH), 0.0, 1.0) * (_WAVE / 2 - 1)
    away = np.abs(np.arange(_WAVE) - (_WAVE - 1) / 2)[:, None]
    canvas[away <= np.maximum(reach, 0.5)] = _WAVE_INK
    return _with_dropouts(report, canvas)


def _loudness(report: Report) -> Pixels:
    canvas = _canvas(report, _LOUDNESS)
    targets = [portrait.heard.target_lufs for portrait in report.portraits]
    values = [value for value in (*report.loudness("short_term"), *targets) if value is not None]
    low, high = loudness_range(values)

    def row(value: float) -> int:
        return round((high - min(max(value, low), high)) / (high - low) * (_LOUDNESS - 3))

    for portrait in report.portraits:
        first, last = _column(report, portrait.heard.starts_s), _column(report, portrait.heard.ends_s)
        canvas[row(portrait.heard.target_lufs), first:last:2] = _TARGET
    short = np.array([np.nan if value is None else value for value in report.loudness("short_term")])
    at = np.minimum(np.arange(WIDTH) * len(short) // WIDTH, len(short) - 1)
    before = None
    for column, value in enumerate(short[at]):
        if np.isnan(value):
            before = None
            continue
        here = row(float(value))
        top, bottom = sorted((here, here if before is None else before))
        canvas[top : bottom + 2, column] = _LINE
        before = here
    return _with_dropouts(report, canvas)


def _with_dropouts(report: Report, canvas: Pixels) -> Pixels:
    for one in report.dropouts:
        canvas[:, min(WIDTH - 1, _column(report, one.position_s))] = _DROPOUT
    return canvas


def _column(report: Report, at_s: float) -> int:
    return min(WIDTH, round(at_s / max(report.hearing.seconds, 0.1) * WIDTH))
