"""Winds and bows: tones that are kept up, with breath or rosin at their beginning and a vibrato that comes in late."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from focuscli.music.modal import Partials
from focuscli.music.tones import Instrument, Knock, Resonances, Vibrato, hertz, resonant, softened, sustained


class _Voice(NamedTuple):
    """How a sustained tone is made."""

    slope: float
    even: float
    """Amplitude of even partials against odd ones: a closed pipe has few."""
    cut_hz: tuple[float, float]
    """At velocity 0, and what velocity 1 adds."""
    rise_s: float
    """Of the first partial; higher ones come later."""
    vibrato: Vibrato
    decay: float = 0.16
    most: int = 12
    resonances: Resonances = ()


_VOICES = {
    "flute": _Voice(1.6, 0.7, (1300.0, 2600.0), 0.04, Vibrato(4.7, 9.0, 0.5), 0.3, 6),
    "clarinet": _Voice(1.0, 0.16, (1000.0, 2600.0), 0.03, Vibrato(4.2, 4.0, 0.8), 0.22, 9),
    "bowed": _Voice(
        0.95, 0.9, (1200.0, 2600.0), 0.07, Vibrato(5.3, 11.0, 0.45), 0.14, 10,
        ((290.0, 0.4, 0.6), (520.0, 0.4, 0.5), (1400.0, 0.5, 0.5)),
    ),
    "voice": _Voice(
        1.2, 0.9, (1500.0, 2400.0), 0.09, Vibrato(5.0, 14.0, 0.6), 0.18, 8,
        ((430.0, 0.35, 2.4), (820.0, 0.35, 1.8), (2700.0, 0.3, 1.2)),
    ),
}  # fmt: skip


def _held(name: str) -> Callable[[int, float], Partials]:
    voice = _VOICES[name]

    def partials(pitch: int, velocity: float) -> Partials:
        number = np.arange(1.0, min(float(voice.most), 6500.0 / hertz(pitch)) + 1.0)
        frequency = hertz(pitch) * number
        soft, hard = voice.cut_hz
        amplitude = number**-voice.slope * np.where(number % 2.0 == 1.0, 1.0, voice.even)
        amplitude *= softened(frequency, soft + hard * velocity) * resonant(frequency, voice.resonances)
        rise_s = voice.rise_s * (1.15 - 0.5 * velocity) * number**0.4
        return sustained(frequency, amplitude, rise_s, voice.decay, voice.vibrato, name, pitch)

    return partials


WINDS: dict[str, Instrument] = {
    "flute": Instrument(_held("flute"), 5.0, 25.0, release_ms=320.0, knocks=(Knock(0.05, 1500.0, 5000.0, 0.09),)),
    "clarinet": Instrument(_held("clarinet"), 4.5, 20.0, release_ms=260.0, knocks=(Knock(0.03, 1200.0, 4000.0, 0.05),)),
    "bowed": Instrument(_held("bowed"), 5.0, 30.0, release_ms=380.0, knocks=(Knock(0.04, 1800.0, 5200.0, 0.08),)),
    "voice": Instrument(_held("voice"), 5.0, 40.0, release_ms=380.0, knocks=(Knock(0.03, 1500.0, 4500.0, 0.1),)),
}
