"""What an instrument is to the bank, and what its makers share: strings, bodies, bows and vibrato as partials."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
    return _in_stereo(frequency, decay, amplitude, phase, width * (2.0 * draws[count:] - 1.0))


def _in_stereo(frequency: Curve, decay: Curve, amplitude: Curve, phase: Curve, lean: Curve) -> Partials:
    """Partials that lean apart by up to `lean` (rad) left and right, but not below 110 Hz."""
    apart = lean * np.clip((frequency - 110.0) / 300.0, 0.0, 1.0)
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
    shares = _bessel(np.minimum(deviation, _DEEPEST))
    orders = np.arange(-_SIDEBANDS, _SIDEBANDS + 1)
    wavering = amplitude * (shares - (orders == 0)[:, None])
    ones = np.ones(len(frequency))
    aside = (frequency + orders[:, None] * vibrato.hz).ravel()
    carrier = np.tile(np.arange(len(frequency)), 2 + 2 * len(orders))
    places = np.concatenate((frequency, frequency, aside, aside))
    rates = np.concatenate(
        (
            decay * ones,
            decay + 1.0 / rise_s,
            np.full(len(aside), decay),
            np.full(len(aside), decay + 1.0 / vibrato.after_s),
        )
    )
    heights = np.concatenate((amplitude, -amplitude, wavering.ravel(), -wavering.ravel()))
    kept = np.abs(heights) > 0.05 * amplitude[carrier]
    return _of_carriers(places[kept], rates[kept], heights[kept], carrier[kept], name, pitch)


def _of_carriers(
    frequency: Curve, decay: Curve, heights: Curve, carrier: NDArray[np.intp], name: str, pitch: int
) -> Partials:
    """All that belongs to one harmonic shares its phase, or the differences would not begin at zero."""
    count = int(carrier.max()) + 1
    draws = uniforms(2 * count, "phase", name, pitch).astype(np.float64)
    phase = 2.0 * math.pi * draws[:count][carrier]
    return _in_stereo(frequency, decay, heights, phase, 0.4 * (2.0 * draws[count:] - 1.0)[carrier])


_SIDEBANDS = 2
_DEEPEST = 1.8
"""Index of modulation beyond which two sidebands a side would not do; high partials waver less than they should."""


def _bessel(index: Curve) -> NDArray[np.float64]:
    """J of the orders -2…2 by their series, shape (5, len(index))."""
    rows = []
    for order in range(_SIDEBANDS + 1):
        terms = (
            (-1.0) ** k / (math.factorial(k) * math.factorial(order + k)) * (index / 2.0) ** (order + 2 * k)
            for k in range(8)
        )
        rows.append(sum(terms, start=np.zeros(len(index))))
    return np.array([(-1.0) ** order * rows[order] for order in range(_SIDEBANDS, 0, -1)] + rows)


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
