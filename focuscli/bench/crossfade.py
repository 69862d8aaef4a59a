"""Whether anyone could hear where one segment goes over into the next, and how other programs do on the same pairs."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from focuscli.audio.crossfade import Crossfade, Likeness
from focuscli.audio.edges import LAWS
from focuscli.bench.fade_peers import PEERS, crossed_by
from focuscli.bench.fade_picture import picture
from focuscli.bench.meters import cpu_us
from focuscli.bench.pairs import (
    FADE_S,
    Announced,
    Pair,
    Samples,
    crossed,
    drones,
    momentary,
    pink,
    played,
    related,
    strays,
)
from focuscli.bench.tables import table
from focuscli.bench.uneven import uneven
from focuscli.units import SAMPLE_RATE

Row = dict[str, Any]

CORRELATIONS = (-0.5, -0.25, 0.0, 0.15, 0.5, 0.8, 1.0)
DETUNES = {0.0: 0.4, 0.02: 0.4, 0.1: 1.5}
"""In percent, with the marks in LU."""
_MARK_LU = 0.4
_DRAWN_MARKS_LU = {"cube": 1.0}
"""0.5 LU for the others: two cubes leave a hole of 15 dB between them."""
_SILENT_DB = -200.0
_DRONES_BESIDE = 6
_FADE_FRAMES = round(FADE_S * SAMPLE_RATE)


def add_options(parser: argparse.ArgumentParser) -> None:
    """A picture for the readme."""
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the loudness of the fades as an SVG")


def run(options: argparse.Namespace) -> tuple[list[Row], str]:
    """The figures, and a page with a second table beside other programs."""
    rows = measure(options.quick)
    kinds = [[related(r, 1)] for r in (-0.5, 0.0, 0.5, 1.0)]
    kinds += [[drones(detune, seed) for seed in range(_DRONES_BESIDE)] for detune in DETUNES]
    beside = [_beside(pairs) for pairs in (kinds[:2] if options.quick else kinds)]
    if options.picture:
        options.picture.write_text(picture([pairs[-1] for pairs in kinds]), encoding="utf-8")
    title = (
        "momentary loudness during the fade, lowest and highest, in LU off the straight line "
        f"(of {_DRONES_BESIDE} pairs of drones)"
    )
    return rows + beside, f"{table(rows)}\n\n{title}\n\n{table(beside)}"


def measure(quick: bool) -> list[Row]:
    """A row a figure: what was measured, what it is, the mark that it must keep to, and whether it does."""
    rows = [_noise(r) for r in CORRELATIONS]
    rows += [_drones(detune, mark, 2 if quick else 12) for detune, mark in DETUNES.items()]
    rows += [_drawn(law.name) for law in (LAWS[:1] if quick else LAWS)]
    rows += purity()
    rows += uneven(minutes=6 if quick else 60)
    return [*rows, _cost()]


def purity() -> list[Row]:
    """What must hold whatever the material: no sidebands, and nothing lost where both sounds are one."""
    return [_tone(), _itself()]


def _row(what: str, figure: float, mark: float, unit: str) -> Row:
    return {"what": what, "figure": round(figure, 3), "at_most": mark, "unit": unit, "ok": bool(figure <= mark)}


def _worst(pair: Pair) -> float:
    made, seam = crossed(pair)
    below, above = strays(pair, made, seam.leaves_at, seam.enters_at, seam.fade.frames)
    return max(-below, above)


def _noise(correlation: float) -> Row:
    """The whole of it against its own steady level, with what the noise itself strays (0.2 LU)."""
    pair = related(correlation, 1)
    made, _ = crossed(pair)
    steady = np.median(np.concatenate([momentary(pair.outgoing), momentary(pair.incoming)]))
    return _row(f"{pair.name}: off its level", float(np.abs(momentary(made) - steady).max()), _MARK_LU, "LU")


def _drones(detune: float, mark: float, count: int) -> Row:
    worst = max(_worst(drones(detune, seed)) for seed in range(count))
    return _row(f"{count} drones, {detune:g} % out of tune: off the line", worst, mark, "LU")


def _drawn(name: str) -> Row:
    """Both noises come with fades of that law over the overlap, as an engine may deliver them."""
    law = next(law for law in LAWS if law.name == name)
    length_s = 3.0
    share = (np.arange(round(length_s * SAMPLE_RATE)) + 0.5) / round(length_s * SAMPLE_RATE)
    rise = law.amplitude(share).astype(np.float32)[:, None]
    sounds = [0.05 * pink(20 * SAMPLE_RATE, seed) for seed in (1, 2)]
    steady = np.median(momentary(sounds[0]))
    sounds[0][-len(rise) :] *= rise[::-1]
    sounds[1][: len(rise)] *= rise
    made, _ = played([Announced(sounds[0], 0.0, length_s), Announced(sounds[1], length_s, 0.0)])
    lost = float(steady - momentary(made).min())
    return _row(f"fades drawn already, {name}: lost", lost, _DRAWN_MARKS_LU.get(name, 0.5), "LU")


def _tone() -> Row:
    """A 1 kHz tone goes over into silence, and silence into the tone: energy off the tone, above 20 Hz from it."""
    time = np.arange(3 * _FADE_FRAMES) / SAMPLE_RATE
    wave = np.sin(2.0 * np.pi * 1000.0 * time)
    out, into = Crossfade(_FADE_FRAMES, Likeness(0.0, 1.0)).gains(0, _FADE_FRAMES)
    for part, gains in ((1, out), (0, into)):
        wave[part * _FADE_FRAMES : (part + 1) * _FADE_FRAMES] *= gains.astype(np.float32)
    tone = wave[: 2 * _FADE_FRAMES] * np.blackman(2 * _FADE_FRAMES)
    power = np.square(np.abs(np.fft.rfft(tone)))
    hertz = np.fft.rfftfreq(len(tone), 1 / SAMPLE_RATE)
    off = power[(np.abs(hertz - 1000.0) > 20.0) & (hertz > 20.0)].sum()
    return _row("a 1 kHz tone: energy off the tone", 10.0 * float(np.log10(off / power.sum())), -110.0, "dB")


def _itself() -> Row:
    """One sound in two segments that share their overlap."""
    whole = 0.05 * pink(2 * _FADE_FRAMES + SAMPLE_RATE, 3)
    cut = _FADE_FRAMES // 2 + SAMPLE_RATE
    made, _ = played([Announced(whole[: cut + _FADE_FRAMES]), Announced(whole[cut:])])
    residual = _level_db(made - whole) - _level_db(whole) if len(made) == len(whole) else 0.0
    return _row("one sound with itself: residual", max(_SILENT_DB, residual), -90.0, "dB")


def _level_db(sound: Samples) -> float:
    return 10.0 * float(np.log10(max(1e-30, float(np.square(sound, dtype=np.float64).mean()))))


def _cost() -> Row:
    pair = related(0.0, 1)
    fade = Crossfade(_FADE_FRAMES, Likeness(0.1, 1.0, (0.1,) * 16))
    block = 1_920

    def faded() -> None:
        for at in range(0, _FADE_FRAMES, block):
            fade.blend(pair.outgoing[at : at + block], pair.incoming[at : at + block], at)

    figure = round(cpu_us(faded) / FADE_S)
    return {"what": "cost, crossfade", "figure": figure, "unit": "µs a second of sound", "ok": True}


def _beside(pairs: list[Pair]) -> Row:
    """The worst of some pairs of a kind, as every program crosses them."""
    found: dict[str, list[tuple[float, float]]] = {"focus": [], **{name: [] for name in PEERS}}
    for pair in pairs:
        made, seam = crossed(pair)
        found["focus"].append(strays(pair, made, seam.leaves_at, seam.enters_at, seam.fade.frames))
        for name in PEERS:
            other = crossed_by(name, pair)
            if other is not None:
                found[name].append(strays(pair, other, len(pair.outgoing) - _FADE_FRAMES, 0, _FADE_FRAMES))
    return {"pair": pairs[0].name} | {name: _span(spans) for name, spans in found.items()}


def _span(spans: list[tuple[float, float]]) -> str:
    if not spans:
        return ""
    below, above = min(span[0] for span in spans), max(span[1] for span in spans)
    return f"{below:+.1f} {above:+.1f}"
