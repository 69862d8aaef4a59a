"""Whether loudness and true peaks are read as the standards say, and whether the limiter holds its ceiling."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from focuscli.bench.ebu import LOUDNESS_LU, RANGE_LU, RATES, TRUE_PEAK_DB, Samples, readings, tapered
from focuscli.bench.hot import hot_signals, true_peak_32x
from focuscli.loudness.limiter import CEILING_DB, Limiter
from focuscli.loudness.meter import LoudnessMeter
from focuscli.loudness.true_peak import TruePeakMeter, true_peak
from focuscli.units import SAMPLE_RATE

Row = dict[str, Any]

_BLOCK = 1_920
_KINDS = {LOUDNESS_LU: "loudness", RANGE_LU: "loudness range", TRUE_PEAK_DB: "true peak"}
_SINES = 300
_HIGHEST_SINE = 0.45
"""Of the sample rate."""


def measure(quick: bool) -> list[Row]:
    """A row a figure: what was measured, what it is, the mark that it must keep to, and whether it does."""
    rates = (48_000,) if quick else RATES
    rows = [row for rate in rates for row in _ebu(rate)]
    rows += [_against_libebur128(rate) for rate in rates]
    rows.append(_sines(30 if quick else _SINES))
    for name, sound in hot_signals().items():
        rows.append(_row(f"limiter, {name}", true_peak_32x(limited(sound)), CEILING_DB + 0.03, "dBTP at 32x"))
    rows.append(_untouched())
    return [*rows, *_costs()]


def _row(what: str, figure: float, mark: float, unit: str) -> Row:
    return {"what": what, "figure": round(figure, 4), "at_most": mark, "unit": unit, "ok": bool(figure <= mark)}


def _ebu(rate: int) -> list[Row]:
    """The largest share of the tolerance that any case of a kind uses."""
    worst = dict.fromkeys(_KINDS.values(), 0.0)
    for reading in readings(rate):
        kind = _KINDS[reading.tolerance]
        worst[kind] = max(worst[kind], reading.share)
    return [_row(f"EBU {kind} at {rate} Hz", share, 0.5, "of the tolerance") for kind, share in worst.items()]


def _against_libebur128(rate: int) -> Row:
    """Noise whose level changes each second, at the rate itself."""
    try:
        import pyebur128
    except ImportError:
        return {"what": f"against libebur128 at {rate} Hz", "figure": "", "unit": "needs pyebur128", "ok": True}
    random = np.random.default_rng(7)
    worst = 0.0
    for channels in (1, 2):
        level = np.repeat(10 ** (random.uniform(-50, -10, 20) / 20), rate)[:, None]
        sound = (level * random.standard_normal((20 * rate, channels))).astype(np.float32)
        judge = pyebur128.R128State(channels, rate, pyebur128.MeasurementMode.MODE_I)
        judge.add_frames(sound.ravel(), len(sound))
        meter = LoudnessMeter(rate)
        meter.push(sound)
        worst = max(worst, abs(meter.integrated() - pyebur128.get_loudness_global(judge)))
    return _row(f"against libebur128 at {rate} Hz", worst, 0.001, "LU")


def _sines(count: int) -> Row:
    random = np.random.default_rng(1)
    worst = 0.0
    for _ in range(count):
        share, phase = float(random.uniform(0.001, _HIGHEST_SINE)), float(random.uniform(0.0, 2.0 * np.pi))
        tone = tapered(0.5 * np.sin(2.0 * np.pi * share * np.arange(14_400) + phase), SAMPLE_RATE)
        worst = max(worst, abs(true_peak(tone) - 20.0 * float(np.log10(0.5))))
    return _row(f"true peak of {count} sines up to {_HIGHEST_SINE} of the rate", worst, 0.02, "dB")


def limited(sound: Samples) -> Samples:
    """The sound under the limiter, in blocks as the player gives them."""
    limiter = Limiter()
    pieces = [limiter.push(sound[at : at + _BLOCK]) for at in range(0, len(sound), _BLOCK)]
    return np.concatenate([*pieces, limiter.finish()])


def _untouched() -> Row:
    """How many samples of a sound just below the ceiling differ after the limiter."""
    sound = hot_signals()["hot noise"]
    quiet = sound * np.float32(10 ** ((CEILING_DB - 0.01 - true_peak(sound)) / 20))
    return _row("limiter, samples changed below the ceiling", float(np.count_nonzero(limited(quiet) != quiet)), 0, "")


def _costs() -> list[Row]:
    """CPU time for a second of stereo sound: noise of -20 dBFS, and of -6 dBFS for the busy limiter."""
    length_s = 20
    noise = (0.1 * np.random.default_rng(3).standard_normal((length_s * SAMPLE_RATE, 2))).astype(np.float32)
    loud = noise * np.float32(5.0)

    def metered() -> None:
        meter = LoudnessMeter()
        for at in range(0, len(noise), meter.step):
            meter.push(noise[at : at + meter.step])
        meter.integrated()

    def peaked() -> None:
        meter = TruePeakMeter()
        for at in range(0, len(noise), 1 << 16):
            meter.push(noise[at : at + (1 << 16)])
        meter.true_peak()

    tasks = {
        "loudness meter": metered,
        "true peak meter": peaked,
        "limiter at rest": lambda: limited(noise),
        "limiter at work": lambda: limited(loud),
    }
    return [
        {"what": f"cost, {name}", "figure": round(cpu_us(task) / length_s), "unit": "µs a second of sound", "ok": True}
        for name, task in tasks.items()
    ]


def cpu_us(task: Callable[[], object], repeats: int = 3) -> float:
    """The least CPU time of some runs, in µs."""
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        task()
        taken.append(time.process_time() - began)
    return 1e6 * min(taken)
