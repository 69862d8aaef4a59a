"""The test signals of EBU Tech 3341 and 3342 that can be synthesised, at any sample rate, with what they must read.

Cases 7 and 8 of the one and 5 and 6 of the other are recordings. Levels are peaks of a 1 kHz sine in dBFS.
Loudness is read as the player reads it, after conversion to 48 kHz: the filters' redesign for a low rate, though
libebur128's too, is 0.04 dB off at 1 kHz for 22.05 kHz. True peaks are read at the signal's own rate.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr  # type: ignore[import-untyped]

from focuscli.loudness.meter import SURROUND_WEIGHTS, LoudnessMeter
from focuscli.loudness.true_peak import true_peak
from focuscli.units import SAMPLE_RATE

Samples = npt.NDArray[np.float32]
Part = tuple[float, float]
"""Seconds, and the level; -inf is silence."""

RATES = (22_050, 32_000, 44_100, 48_000, 96_000)
LOUDNESS_LU = (-0.1, 0.1)
RANGE_LU = (-1.0, 1.0)
TRUE_PEAK_DB = (-0.4, 0.2)
SILENCE = float("-inf")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter read of a case, what it must read, and how far it may lie from that."""

    case: str
    expected: float
    read: float
    tolerance: tuple[float, float]

    @property
    def error(self) -> float:
        """In LU or dB."""
        return self.read - self.expected

    @property
    def share(self) -> float:
        """How much of the tolerance the error uses: 0 is exact, above 1 is a failure."""
        return max(self.error / self.tolerance[1], self.error / self.tolerance[0])


def sine(parts: Sequence[Part], rate: int, channels: int = 2) -> Samples:
    """A 1 kHz sine whose phase runs on, the same in all channels; shape (frames, channels)."""
    level = np.concatenate([np.full(round(length_s * rate), 10.0 ** (db / 20.0)) for length_s, db in parts])
    wave = level * np.sin(2.0 * np.pi * 1000.0 / rate * np.arange(len(level)))
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def readings(rate: int) -> Iterator[Reading]:
    """All cases at a sample rate."""
    yield from _integrated(rate)
    yield from _short_term(rate)
    yield from _momentary(rate)
    yield from _true_peaks(rate)
    yield from _ranges(rate)


_INTEGRATED: dict[int, Sequence[Part]] = {
    3: [(10, -36), (60, -23), (10, -36)],
    4: [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)],
    5: [(20, -26), (20.1, -20), (20, -26)],
}
_RANGES: dict[int, tuple[Sequence[Part], float]] = {
    1: ([(20, -20), (20, -30)], 10.0),
    2: ([(20, -20), (20, -15)], 5.0),
    3: ([(20, -40), (20, -20)], 20.0),
    4: ([(20, -50), (20, -35), (20, -20), (20, -35), (20, -50)], 15.0),
}
_TONES: dict[int, tuple[float, float, float, float]] = {
    15: (1 / 4, 0.0, 0.5, -6.0),
    16: (1 / 4, 45.0, 0.5, -6.0),
    17: (1 / 6, 60.0, 0.5, -6.0),
    18: (1 / 8, 67.5, 0.5, -6.0),
    19: (1 / 4, 45.0, 1.41, 3.0),
}
"""Share of the sample rate, phase in degrees, amplitude, expected true peak."""


def _metered(sound: Samples, rate: int, weights: Sequence[float] | None = None) -> LoudnessMeter:
    meter = LoudnessMeter(SAMPLE_RATE, weights)
    meter.push(_converted(sound, rate))
    return meter


def _converted(sound: Samples, rate: int) -> Samples:
    return np.asarray(soxr.resample(sound, rate, SAMPLE_RATE, quality="HQ"), dtype=np.float32)


def _loud(case: str, expected: float, read: float) -> Reading:
    return Reading(case, expected, read, LOUDNESS_LU)


def _integrated(rate: int) -> Iterator[Reading]:
    for case, level in ((1, -23.0), (2, -33.0)):
        meter = _metered(sine([(20, level)], rate), rate)
        yield _loud(f"{case} M", level, float(meter.momentary().max()))
        yield _loud(f"{case} S", level, float(meter.short_term().max()))
        yield _loud(f"{case} I", level, meter.integrated())
    for case, parts in _INTEGRATED.items():
        yield _loud(f"{case} I", -23.0, _metered(sine(parts, rate), rate).integrated())
    levels = 10.0 ** (np.array([-28.0, -28.0, -24.0, -30.0, -30.0]) / 20.0)
    surround = sine([(20, 0)], rate, 5) * levels.astype(np.float32)
    yield _loud("6 I", -23.0, _metered(surround, rate, SURROUND_WEIGHTS).integrated())


def _short_term(rate: int) -> Iterator[Reading]:
    steady = _metered(sine([(1.34, -20), (1.66, -30)] * 5, rate), rate).short_term()
    yield from (_loud("9 S", -23.0, float(read)) for read in (steady.min(), steady.max()))
    for number in range(20):
        late = sine([(0.15 * number, SILENCE), (3, -23), (1, SILENCE)], rate)
        yield _loud(f"10 S, file {number + 1}", -23.0, float(_metered(late, rate).short_term().max()))
    yield from _staircase("11 S", rate, 3.0, 0.15, LoudnessMeter.short_term)


def _momentary(rate: int) -> Iterator[Reading]:
    steady = _metered(sine([(0.18, -20), (0.22, -30)] * 25, rate), rate).momentary()[60:]
    yield from (_loud("12 M", -23.0, float(read)) for read in (steady.min(), steady.max()))
    for number in range(20):
        late = sine([(0.02 * number, SILENCE), (0.4, -23), (1, SILENCE)], rate)
        yield _loud(f"13 M, file {number + 1}", -23.0, float(_metered(late, rate).momentary().max()))
    yield from _staircase("14 M", rate, 0.4, 0.02, LoudnessMeter.momentary)


def _staircase(
    case: str, rate: int, length_s: float, step_s: float, window: Callable[[LoudnessMeter], npt.NDArray[np.float64]]
) -> Iterator[Reading]:
    """Twenty tones of rising level in one file: each must be the highest of all so far."""
    meter = LoudnessMeter(SAMPLE_RATE)
    for number in range(20):
        parts = [(step_s * number, SILENCE), (length_s, -38.0 + number), (length_s - step_s * number, SILENCE)]
        meter.push(_converted(sine(parts, rate), rate))
        yield _loud(f"{case}, tone {number + 1}", -38.0 + number, float(window(meter).max()))


def _true_peaks(rate: int) -> Iterator[Reading]:
    for case, (share, degrees, peak, expected) in _TONES.items():
        tone = tapered(peak * np.sin(2.0 * np.pi * share * np.arange(rate // 2) + np.radians(degrees)), rate)
        yield Reading(f"{case} TP", expected, true_peak(tone), TRUE_PEAK_DB)
    for offset in range(4):
        yield Reading(f"{20 + offset} TP", 0.0, true_peak(burst(offset, rate)), TRUE_PEAK_DB)


def tapered(wave: npt.NDArray[np.float64], rate: int) -> Samples:
    """Both channels of a wave that comes and goes within 10 ms."""
    edge = round(0.01 * rate)
    rise = np.arange(edge) / edge
    shape = np.concatenate([rise, np.ones(len(wave) - 2 * edge), rise[::-1]])
    return np.repeat((shape * wave)[:, None], 2, axis=1).astype(np.float32)


def burst(offset: int, rate: int) -> Samples:
    """Cases 20 to 23: one period of fs/4 at full scale in half a second of fs/6 at half of it, made at four times
    the rate, low-passed below half the rate, and decimated from `offset` on.
    """
    before, period, frames = 24 * 500, 16, 24 * 1_000
    fine = 0.5 * np.sin(2.0 * np.pi * np.arange(frames) / 24.0)
    loud = np.sin(2.0 * np.pi * np.arange(period) / period)
    whole = np.concatenate([fine[:before], loud, fine[: frames - before]])
    spectrum = np.fft.rfft(whole)
    share = np.arange(len(spectrum)) * 4.0 / len(whole)
    spectrum *= 0.5 + 0.5 * np.cos(np.pi * np.clip((share - 0.45) / 0.05, 0.0, 1.0))
    return tapered(np.fft.irfft(spectrum, len(whole))[offset::4], rate)


def _ranges(rate: int) -> Iterator[Reading]:
    for case, (parts, expected) in _RANGES.items():
        yield Reading(f"LRA {case}", expected, _metered(sine(parts, rate), rate).loudness_range(), RANGE_LU)
