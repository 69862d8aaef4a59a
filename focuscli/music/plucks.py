"""Plucked strings and their electric cousin: a comb from the place of the pluck, a body, and treble that dies first."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from focuscli.music.modal import Partials
from focuscli.music.tones import Instrument, Knock, Resonances, hertz, resonant, softened, spread, string


class _Build(NamedTuple):
    """How a plucked instrument is made."""

    place: float
    """Where it is plucked, as a share of the string."""
    slope: float
    cut_hz: tuple[float, float]
    """Of the plucking finger, at velocity 0 and what velocity 1 adds."""
    decay: float
    """1/s of the first partial of middle C."""
    damping: float
    """How much faster each further partial falls."""
    stiffness: float = 6e-5
    body: Resonances = ()
    bend: float = 1.0011
    """The second polarisation against the first: a slow beat."""


_BUILDS = {
    "harp": _Build(0.21, 1.05, (1700.0, 5200.0), 1.2, 0.24),
    "nylon": _Build(
        0.28, 1.1, (1500.0, 4200.0), 1.5, 0.42, 4e-5,
        ((105.0, 0.3, 0.6), (210.0, 0.3, 1.0), (420.0, 0.35, 0.5), (2600.0, 0.5, 0.5)), 1.0007,
    ),
    "koto": _Build(0.09, 1.02, (1900.0, 4200.0), 1.6, 0.3, 9e-5, ((380.0, 0.5, 0.7), (1500.0, 0.6, 0.9)), 1.0016),
    "pizzicato": _Build(0.17, 1.0, (1300.0, 3600.0), 5.0, 0.55, 8e-5, ((280.0, 0.4, 1.0), (460.0, 0.4, 0.8)), 1.003),
}  # fmt: skip


def _plucked(name: str) -> Callable[[int, float], Partials]:
    build = _BUILDS[name]

    def partials(pitch: int, velocity: float) -> Partials:
        number, frequency = string(pitch, build.stiffness)
        soft, hard = build.cut_hz
        pluck = np.abs(np.sin(math.pi * number * build.place)) / number**build.slope
        pluck *= softened(frequency, soft + hard * velocity) * resonant(frequency, build.body)
        decay = build.decay * (1.0 + build.damping * number + 0.02 * number * number) * 2.0 ** ((pitch - 60) / 24.0)
        return spread(
            np.concatenate((frequency, frequency[:9] * build.bend)),
            np.concatenate((pluck, 0.5 * pluck[:9])),
            np.concatenate((decay, 0.8 * decay[:9])),
            name, pitch, 0.6, 0.5,
        )  # fmt: skip

    return partials


def _synth(pitch: int, velocity: float) -> Partials:
    """Two sawtooths behind a filter that closes: the higher a partial, the sooner it is gone."""
    number = np.arange(1.0, min(30.0, 9000.0 / hertz(pitch)) + 1.0)
    frequency = hertz(pitch) * number
    saw = softened(frequency, 1200.0 + 3900.0 * velocity) / number
    decay = 2.2 + 2.6 * (frequency / 700.0)
    detune = 2.0 ** (4.0 / 1200.0)
    return spread(
        np.concatenate((frequency / detune, frequency * detune)),
        np.concatenate((saw, saw)),
        np.concatenate((decay, decay)),
        "synth", pitch, 0.7, 1.0,
    )  # fmt: skip


PLUCKS: dict[str, Instrument] = {
    "harp": Instrument(_plucked("harp"), 3.5, 1.5, knocks=(Knock(0.14, 1200.0, 4500.0, 0.004),)),
    "nylon": Instrument(
        _plucked("nylon"), 3.0, 1.5, knocks=(Knock(0.2, 1500.0, 5200.0, 0.003), Knock(0.08, 150.0, 420.0, 0.015))
    ),
    "koto": Instrument(_plucked("koto"), 3.0, 1.0, knocks=(Knock(0.26, 2000.0, 6500.0, 0.003),)),
    "pizzicato": Instrument(
        _plucked("pizzicato"), 1.2, 1.5, knocks=(Knock(0.18, 600.0, 2600.0, 0.005), Knock(0.1, 180.0, 420.0, 0.012))
    ),
    "synth": Instrument(_synth, 2.4, 1.5, release_ms=140.0, knocks=(Knock(0.06, 2500.0, 8000.0, 0.002),)),
}  # fmt: skip
