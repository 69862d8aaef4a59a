"""What an instrument is to the bank, and what its makers share: strings, bodies, bows and vibrato as partials."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.music.modal import Partials
from focuscli.music.noise import shaped_noise, uniforms
from focuscli.music.signals import TONE_RATE, Curve, Signal


class Knock(NamedTuple):
    """Noise at the beginning of a note: hammer, plectrum, nail, breath."""

    level: float
    """Peak against the strongest partial, at middle velocity."""
    low_hz: float
    high_hz: float
    seconds: float
    """In which it falls by e."""


class Instrument(NamedTuple):
    """What the bank needs to know to play a note."""

    partials: Callable[[int, float], Partials]
    """From MIDI number and velocity (0…1)."""
    seconds: float
    """How long an undamped note is kept."""
    attack_ms: float
    release_ms: float = 180.0
    knocks: tuple[Knock, ...] = ()


Resonances = tuple[tuple[float, float, float], ...]
"""Centre in Hz, width in octaves, gain."""


def hertz(pitch: float) -> float:
    """The frequency of a MIDI number, A4 = 440 Hz."""
    return 440.0 * math.exp2((pitch - 69.0) / 12.0)


def resonant(frequency: Curve, resonances: Resonances) -> Curve:
    """The gain of a body or a throat that rings at some frequencies."""
    gain = np.ones(len(frequency))
    for centre, octaves, height in resonances:
        gain += height * np.exp(-((np.log2(frequency / centre) / octaves) ** 2))
    return gain


def string(pitch: int, stiffness: float, most: int = 28) -> tuple[Curve, Curve]:
    """Numbers and frequencies of a stiff string's partials (Fletcher 1964)."""
    number = np.arange(1.0, min(most, int(10_000.0 / hertz(pitch)) + 2) + 1.0)
    return number, hertz(pitch) * number * np.sqrt(1.0 + stiffness * number * number)


def softened(frequency: Curve, cut_hz: float) -> Curve:
    """The gain of two poles: a soft hammer or a finger tip rounds off what is shorter than its contact."""
    gain: Curve = 1.0 / np.sqrt(1.0 + (frequency / cut_hz) ** 4)
    return gain


def spread(
    frequency: Curve, amplitude: Curve, decay: Curve, name: str, pitch: int, width: float, scatter: float = 1.0
) -> Partials:
    """Partials with phases of their own and, between left and right, phase differences up to ±width (rad).

    `scatter` 0 starts all of them together, as a pluck does: a sharp attack; 1 starts them anywhere.
    """
    count = len(frequency)
    draws = uniforms(2 * count, "phase", name, pitch).astype(np.float64)
    phase = 2.0 * math.pi * scatter * draws[:count] - 0.5 * math.pi * (1.0 - scatter)
    apart = width * (2.0 * draws[count:] - 1.0) * np.clip((frequency - 110.0) / 300.0, 0.0, 1.0)
    return Partials(
        frequency,
        decay,
        amplitude * np.exp(1j * (phase - apart)),
        amplitude * np.exp(1j * (phase + apart)),
    )


class Vibrato(NamedTuple):
    """A pitch that begins to waver after the tone's attack."""

    hz: float
    cents: float
    after_s: float


def sustained(
    frequency: Curve, amplitude: Curve, rise_s: Curve, decay: float, vibrato: Vibrato, name: str, pitch: int
) -> Partials:
    """A blown or bowed tone: each partial has a rise of its own, and vibrato comes in slowly.

    Vibrato of a partial is a carrier with sidebands after Bessel's functions (Chowning 1973); whatever grows as
    1 - exp(-t/T) is the difference of two decaying partials, so that both stay sums of decaying partials.
    """
    deviation = frequency * (2.0 ** (vibrato.cents / 1200.0) - 1.0) / vibrato.hz
    rows: list[tuple[float, float, float]] = []
    for hz, height, rise, index in zip(frequency, amplitude, rise_s, deviation, strict=True):
        rows += [(hz, decay, height), (hz, decay + 1.0 / rise, -height)]
        for order in range(-3, 4):
            share = _bessel(order, float(index)) - (1.0 if order == 0 else 0.0)
            if abs(share) > 0.04 and hz + order * vibrato.hz > 20.0:
                wavering = height * share
                rows += [
                    (hz + order * vibrato.hz, decay, wavering),
                    (hz + order * vibrato.hz, decay + 1.0 / vibrato.after_s, -wavering),
                ]
    table = np.array(rows)
    # partials of one harmonic share their phase, or the differences would not begin at zero
    nearest = np.abs(table[:, :1] - frequency[None, :]).argmin(axis=1)
    draws = uniforms(2 * len(frequency), "phase", name, pitch).astype(np.float64)
    phase = 2.0 * math.pi * draws[: len(frequency)][nearest]
    apart = 0.4 * (2.0 * draws[len(frequency) :] - 1.0)[nearest] * np.clip((table[:, 0] - 110.0) / 300.0, 0.0, 1.0)
    return Partials(
        table[:, 0],
        table[:, 1],
        table[:, 2] * np.exp(1j * (phase - apart)),
        table[:, 2] * np.exp(1j * (phase + apart)),
    )


def _bessel(order: int, index: float) -> float:
    """J of a whole order by its series; accurate for the small indices of a vibrato (below 6)."""
    m = abs(order)
    total = sum(
        (-1.0) ** k / (math.factorial(k) * math.factorial(m + k)) * (index / 2.0) ** (m + 2 * k) for k in range(16)
    )
    return -total if order < 0 and m % 2 else total


@lru_cache(maxsize=96)
def knocked(knock: Knock, variant: int, mono: bool) -> Signal:
    """A knock's noise at unit peak and the tones' rate, shape (2, frames); neighbouring notes have other variants."""
    frames = int(7.0 * knock.seconds * TONE_RATE)
    noise = shaped_noise(
        frames, knock.low_hz, knock.high_hz, knock.seconds, "knock", round(knock.high_hz), variant, rate=TONE_RATE
    )
    ending = frames // 4
    noise[:, -ending:] *= np.linspace(1.0, 0.0, ending, dtype=np.float32)
    if mono:
        noise[:] = noise.mean(axis=0)
    return noise
