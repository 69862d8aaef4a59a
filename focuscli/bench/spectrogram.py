"""A picture of what is heard: the spectrogram of a stretch of a session, frequency on a logarithmic scale, as SVG.

python -m focuscli.bench.spectrogram --goal relax --from 240 --seconds 60 --to relax.svg
"""

import argparse
import base64
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from focuscli.model import Goal, Intensity
from focuscli.music.render import render_span
from focuscli.music.timeline import Piece, Span
from focuscli.units import SAMPLE_RATE

LOWEST_HZ, HIGHEST_HZ = 30.0, 18_000.0
RANGE_DB = 84.0
SHADES = 28
"""Three dB each: few, so that the file is small."""
WIDTH, HEIGHT = 1000, 340
_MARGIN = 46
_COLOURS = ((0, 0, 8), (40, 14, 92), (122, 28, 109), (196, 60, 78), (243, 120, 25), (250, 193, 39), (252, 253, 191))
"""From silence to the loudest point, evenly rising in lightness."""
_LINES_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)


def levels(sound: NDArray[np.float32], columns: int = WIDTH, rows: int = HEIGHT) -> NDArray[np.float64]:
    """The power of a sound, shape (frames, 2), in dB under its highest point; shape (rows, columns), low notes below.

    Each row takes the length of window that resolves its pitch, from 8192 frames in the bass to 1024 in the treble,
    and the highest of the bins that it covers.
    """
    mono = np.pad(sound.mean(axis=1), 4096)
    edges = LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (np.arange(rows + 1) / rows)
    centres = 4096 + (np.arange(columns) + 0.5) * len(sound) / columns
    picture = np.empty((rows, columns))
    for window, low, high in ((8192, 0.0, 400.0), (4096, 400.0, 2500.0), (1024, 2500.0, 1e9)):
        starts = np.clip(centres - window // 2, 0, len(mono) - window).astype(int)
        frames = np.stack([mono[start : start + window] for start in starts]) * np.hanning(window)
        power = np.abs(np.fft.rfft(frames, axis=1)) ** 2 / window
        bins = edges * window / SAMPLE_RATE
        for row in np.nonzero((edges[:-1] >= low) & (edges[:-1] < high))[0]:
            first, last = round(bins[row]), max(round(bins[row]) + 1, round(bins[row + 1]))
            picture[rows - 1 - row] = power[:, first:last].max(axis=1)
    decibels: NDArray[np.float64] = 10.0 * np.log10(picture / picture.max() + 1e-15)
    return decibels


def png(picture: NDArray[np.float64]) -> bytes:
    """Levels in dB as an image (Portable Network Graphics, second edition: 8 bits that index a palette)."""
    shades = np.round(np.clip(1.0 + picture / RANGE_DB, 0.0, 1.0) * (SHADES - 1)).astype(np.uint8)
    anchors = np.linspace(0.0, SHADES - 1.0, len(_COLOURS))
    parts = [np.interp(np.arange(SHADES), anchors, [colour[part] for colour in _COLOURS]) for part in range(3)]
    palette = np.stack(parts, axis=1).round().astype(np.uint8)
    lines = np.pad(shades, ((0, 0), (1, 0)))  # each line begins with its filter: none
    head = struct.pack(">IIBBBBB", picture.shape[1], picture.shape[0], 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def svg(sound: NDArray[np.float32], from_s: float, title: str) -> str:
    """The picture with its scales; `from_s` is the moment of the session at which the sound begins."""
    image = base64.b64encode(png(levels(sound))).decode("ascii")
    seconds = len(sound) / SAMPLE_RATE
    step = next(step for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 300, 600) if seconds / step <= 10)
    marks = []
    for hertz in _LINES_HZ:
        y = 24 + HEIGHT * (1.0 - np.log(hertz / LOWEST_HZ) / np.log(HIGHEST_HZ / LOWEST_HZ))
        label = f"{hertz // 1000} kHz" if hertz >= 1000 else f"{hertz} Hz"
        marks.append(f'<text x="{_MARGIN - 5}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    for number in range(int(seconds / step) + 1):
        x = _MARGIN + number * step / seconds * WIDTH
        moment = from_s + number * step
        text = f"{int(moment // 60)}:{moment % 60:02.0f}" if step >= 1 else f"{moment:.1f} s"
        marks.append(f'<text x="{x:.1f}" y="{HEIGHT + 39}" text-anchor="middle">{text}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH + _MARGIN + 20}" height="{HEIGHT + 46}"'
        ' font-family="sans-serif" font-size="11">\n'
        f'<rect width="100%" height="100%" fill="white"/><text x="{_MARGIN}" y="16" font-size="13">{title}</text>\n'
        f'<image x="{_MARGIN}" y="24" width="{WIDTH}" height="{HEIGHT}" href="data:image/png;base64,{image}"/>\n'
        f"{chr(10).join(marks)}\n</svg>\n"
    )


def main() -> int:
    """Render the stretch and write its picture."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench.spectrogram", description=__doc__)
    parser.add_argument("--goal", choices=[goal.value for goal in Goal], default="focus")
    parser.add_argument("--intensity", choices=[intensity.value for intensity in Intensity], default="medium")
    parser.add_argument("--divergence", type=float, default=0.35)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prompt", default="")
    parser.add_argument("--minutes", type=int, default=20, help="of the whole session")
    parser.add_argument("--from", type=float, default=240.0, dest="from_s", metavar="SECONDS")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--to", type=Path, required=True, metavar="FILE")
    options = parser.parse_args()
    piece = Piece(
        Goal(options.goal), Intensity(options.intensity), options.divergence, options.seed,
        60 * options.minutes, options.prompt,
    )  # fmt: skip
    span = Span(round(options.from_s * SAMPLE_RATE), round((options.from_s + options.seconds) * SAMPLE_RATE))
    title = f"{options.prompt or options.goal}, {options.intensity}, seed {options.seed}"
    options.to.write_text(svg(render_span(piece, span), options.from_s, title), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
