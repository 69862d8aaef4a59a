"""A picture of what is heard: the spectrogram of a stretch of a session, frequency on a logarithmic scale, as SVG.

python -m focuscli.bench.spectrogram --goal relax --from 240 --seconds 60 --to relax.svg
"""

import argparse
import base64
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from focuscli.model import Goal, Intensity
from focuscli.music.render import render_span
from focuscli.music.timeline import Piece, Span
from focuscli.spectra.picture import HIGHEST_HZ, LOWEST_HZ, levels, png, shades
from focuscli.units import SAMPLE_RATE

WIDTH, HEIGHT = 1000, 340
_MARGIN = 46
_LINES_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)


def svg(sound: NDArray[np.float32], from_s: float, title: str) -> str:
    """The picture with its scales; `from_s` is the moment of the session at which the sound begins."""
    image = base64.b64encode(png(shades(levels(sound, WIDTH, HEIGHT)))).decode("ascii")
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
