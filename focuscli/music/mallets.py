"""Mallets: struck bars, tines, bowls and pans as a few inharmonic partials, the upper ones stronger with velocity."""

from collections.abc import Callable

import numpy as np

from focuscli.music.modal import Partials
from focuscli.music.tones import Instrument, Knock, hertz, spread

_BEAT_HZ = 0.8


def _bars(
    name: str,
    ratios: tuple[float, ...],
    amplitudes: tuple[float, ...],
    decays: tuple[float, ...],
    brightening: float,
    motor: float = 0.0,
) -> Callable[[int, float], Partials]:
    """From Fletcher and Rossing's ratios of modes; `motor` turns discs over the resonators five times a second."""

    def partials(pitch: int, velocity: float) -> Partials:
        ratio, amplitude, decay = (np.array(row) for row in (ratios, amplitudes, decays))
        amplitude = amplitude * np.where(ratio > 1.5, 0.3 + brightening * velocity, 1.0)
        frequency, decay = ratio * hertz(pitch), decay * 2.0 ** ((pitch - 69) / 26.0)
        doubles = [(frequency[:2] + _BEAT_HZ, 0.45 * amplitude[:2], 1.05 * decay[:2])]
        if motor:
            doubles += [(frequency[:1] + turn, motor * amplitude[:1], decay[:1]) for turn in (-5.1, 5.1)]
        columns = zip((frequency, amplitude, decay), *doubles, strict=True)
        frequency, amplitude, decay = (np.concatenate(column) for column in columns)
        return spread(frequency, amplitude, decay, name, pitch, 0.7)

    return partials


MALLETS: dict[str, Instrument] = {
    "vibes": Instrument(
        _bars("vibes", (1.0, 3.98, 9.6), (1.0, 0.42, 0.14), (0.8, 3.2, 14.0), 1.0, 0.16),
        4.5, 1.5, knocks=(Knock(0.08, 700.0, 2600.0, 0.005),),
    ),
    "marimba": Instrument(
        _bars("marimba", (1.0, 3.93, 9.2, 16.3), (1.0, 0.22, 0.24, 0.1), (3.2, 10.0, 26.0, 50.0), 1.2),
        1.6, 1.0, knocks=(Knock(0.3, 400.0, 2400.0, 0.006), Knock(0.1, 130.0, 380.0, 0.015)),
    ),
    "kalimba": Instrument(
        _bars("kalimba", (1.0, 2.0, 5.4, 8.9), (1.0, 0.12, 0.26, 0.14), (2.2, 4.0, 10.0, 24.0), 1.2),
        2.6, 1.0, knocks=(Knock(0.2, 1000.0, 4200.0, 0.004), Knock(0.08, 150.0, 420.0, 0.012)),
    ),
    "celesta": Instrument(
        _bars("celesta", (1.0, 2.0, 4.0, 6.3), (1.0, 0.2, 0.13, 0.08), (1.5, 2.4, 4.5, 14.0), 1.0),
        3.4, 1.0, knocks=(Knock(0.14, 1200.0, 4500.0, 0.004),),
    ),
    "handpan": Instrument(
        _bars("handpan", (1.0, 2.0, 2.99, 4.1, 5.3), (1.0, 0.55, 0.36, 0.12, 0.1), (1.2, 1.7, 2.3, 9.0, 14.0), 0.8),
        3.6, 1.5, knocks=(Knock(0.16, 250.0, 1500.0, 0.008),),
    ),
    "glass": Instrument(
        _bars("glass", (1.0, 2.0, 3.01, 5.1), (1.0, 0.2, 0.08, 0.025), (0.55, 0.9, 1.8, 3.0), 0.8), 6.0, 20.0
    ),
}  # fmt: skip
