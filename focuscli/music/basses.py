"""Basses: round, sub, upright, fretless and synthetic, all in mono, with overtones for small speakers."""

import math
from collections.abc import Callable

import numpy as np

from focuscli.music.modal import Partials
from focuscli.music.signals import Curve
from focuscli.music.tones import Instrument, Knock, hertz, softened, string


def _mono(frequency: Curve, amplitude: Curve, decay: Curve) -> Partials:
    wave = amplitude.astype(np.complex128) * -1j
    return Partials(frequency, decay, wave, wave)


def _table(amplitudes: tuple[float, ...], decays: tuple[float, ...]) -> Callable[[int, float], Partials]:
    """Harmonics by hand; all but the first grow with velocity."""

    def partials(pitch: int, velocity: float) -> Partials:
        amplitude = np.array(amplitudes)
        amplitude[1:] *= 0.5 + 0.9 * velocity
        return _mono(hertz(pitch) * np.arange(1.0, len(amplitude) + 1.0), amplitude, np.array(decays))

    return partials


def _upright(pitch: int, velocity: float) -> Partials:
    """A double bass plucked by the side of the finger: a woody beginning, soon round."""
    number, frequency = string(pitch, 7e-5, 22)
    amplitude = np.abs(np.sin(math.pi * number * 0.31)) / number**0.9 * softened(frequency, 500.0 + 1500.0 * velocity)
    return _mono(frequency, amplitude, 0.9 + 0.55 * number + 0.05 * number * number)


def _fretless(pitch: int, velocity: float) -> Partials:
    """The overtones come after the attack: each is the difference of a slow and a quick partial."""
    number = np.arange(1.0, 10.0)
    frequency = hertz(pitch) * number
    amplitude = number**-0.9 * softened(frequency, 420.0 + 700.0 * velocity)
    decay = 0.5 + 0.35 * number
    late = np.where(number > 1.0, 1.0, 0.0)
    return _mono(
        np.concatenate((frequency, frequency[1:])),
        np.concatenate((amplitude, -0.75 * (amplitude * late)[1:])),
        np.concatenate((decay, decay[1:] + 9.0)),
    )


def _saw(pitch: int, velocity: float) -> Partials:
    """A sawtooth behind a filter that closes in a quarter of a second."""
    number = np.arange(1.0, 25.0)
    frequency = hertz(pitch) * number
    amplitude = softened(frequency, 500.0 + 2200.0 * velocity) / number**0.9
    return _mono(frequency, amplitude, 0.7 + 7.0 * np.clip(frequency / 600.0 - 0.25, 0.0, None) ** 0.8)


BASSES: dict[str, Instrument] = {
    "bass": Instrument(
        _table((1.0, 0.6, 0.34, 0.2, 0.11, 0.07, 0.04, 0.025), (0.55, 1.0, 1.8, 3.0, 4.5, 6.0, 8.0, 10.0)),
        4.2, 5.0, 110.0, (Knock(0.08, 250.0, 1100.0, 0.008),),
    ),
    "sub": Instrument(
        _table((1.0, 0.3, 0.16, 0.06, 0.03), (0.35, 0.5, 0.8, 1.5, 2.5)), 4.2, 10.0, 130.0
    ),
    "upright": Instrument(
        _upright, 3.0, 3.0, 90.0, (Knock(0.2, 300.0, 1600.0, 0.007), Knock(0.14, 110.0, 300.0, 0.02)),
    ),
    "fretless": Instrument(_fretless, 4.2, 8.0, 120.0, (Knock(0.06, 250.0, 1200.0, 0.008),)),
    "saw bass": Instrument(_saw, 2.8, 2.5, 70.0, (Knock(0.06, 800.0, 3500.0, 0.003),)),
}  # fmt: skip
