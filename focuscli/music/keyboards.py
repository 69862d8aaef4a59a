"""Keyboards: felted and grand piano by strings, tine and reed piano by frequency modulation."""

import math

import numpy as np

from focuscli.music.modal import Partials
from focuscli.music.tones import Instrument, Knock, hertz, softened, spread, string

_SOFTER_UP = 0.3
"""How much steeper partials fall with each octave above middle C: short, stiff strings have few that are strong."""


def _piano(name: str, pitch: int, cut_hz: float, prompt: float) -> Partials:
    """Two strings a beat apart; a quick, bright prompt sound and a slow, dark aftersound (Weinreich 1977)."""
    number, frequency = string(pitch, 1.2e-4 * 2.0 ** ((pitch - 60) / 10.0))
    cut_hz *= min(1.0, 0.6 + 0.4 * hertz(pitch) / 262.0)
    slope = 0.8 + _SOFTER_UP * max(0.0, (pitch - 60) / 12.0)
    hammer = np.abs(np.sin(math.pi * number * 0.12)) / number**slope
    after, first = hammer * softened(frequency, cut_hz), hammer * softened(frequency, 1.8 * cut_hz)
    slow = 0.6 * 2.0 ** ((pitch - 60) / 18.0) * (1.0 + 0.1 * number + 0.012 * number * number)
    detune = 2.0 ** (0.6 / 1200.0)
    return spread(
        np.concatenate((frequency / detune, frequency * detune, frequency)),
        np.concatenate((0.42 * after, 0.42 * after, prompt * first)),
        np.concatenate((0.45 * slow, 0.5 * slow, 3.6 * slow + 0.5 * number)),
        name, pitch, 0.5, 0.6,
    )  # fmt: skip


def _felt(pitch: int, velocity: float) -> Partials:
    return _piano("felt", pitch, 750.0 + 3200.0 * velocity, 1.0)


def _grand(pitch: int, velocity: float) -> Partials:
    return _piano("grand", pitch, 1500.0 + 5200.0 * velocity, 1.3)


Rows = dict[tuple[float, float], float]
"""Amplitudes by ratio of frequency and decay."""


def _sideband(
    rows: Rows, order: int, modulator: float, amplitude: float, index: float, time_s: float, decay: float, terms: int
) -> None:
    """Add one sideband of a carrier and its modulator; below zero it folds back with its sign turned.

    J_m(I exp(-t/T)) = Σ_k (-1)^k / (k! (m+k)!) (I/2)^(m+2k) exp(-(m+2k) t/T): each sideband of a decaying index
    is a sum of decaying partials, so FM (Chowning 1973) is modal synthesis too.
    """
    ratio = 1.0 + order * modulator
    if ratio == 0.0:
        return
    sign = (-1.0 if order < 0 and order % 2 else 1.0) * (-1.0 if ratio < 0.0 else 1.0)
    m = abs(order)
    for k in range(terms):
        value = (-1.0) ** k / (math.factorial(k) * math.factorial(m + k)) * (index / 2.0) ** (m + 2 * k)
        if abs(amplitude * value) > 2e-4:
            key = (abs(ratio), round(decay + (m + 2 * k) / time_s, 3))
            rows[key] = rows.get(key, 0.0) + sign * amplitude * value


def _two_rooms(pitch: int, rows: Rows, cents: float) -> Partials:
    """The same tone twice, a little apart in pitch and in place."""
    table = np.array([(ratio, rate, amplitude) for (ratio, rate), amplitude in rows.items()])
    frequency, wave = table[:, 0] * hertz(pitch), -1j * table[:, 2]
    detune = 2.0 ** (cents / 1200.0)
    near, far = np.ones(len(table)), np.full(len(table), 0.3)
    return Partials(
        np.concatenate((frequency / detune, frequency * detune)),
        np.concatenate((table[:, 1], table[:, 1])),
        np.concatenate((wave, wave)) * np.concatenate((near, far)),
        np.concatenate((wave, wave)) * np.concatenate((far, near)),
    )


def _epiano(pitch: int, velocity: float) -> Partials:
    """A tine piano: a bark that grows with velocity, and a tine that rings for a moment."""
    higher = 2.0 ** (-(pitch - 60) / 24.0)
    decay = 1.0 / (1.5 * higher)
    rows: Rows = {}
    for order in range(-5, 9):
        _sideband(rows, order, 1.0, 0.8, (0.7 + 1.9 * velocity) * min(1.25, higher), 0.4 * higher, decay, 4)
        _sideband(rows, order, 1.0, 0.5, 0.16 + 0.12 * velocity, 2.2 * higher, 1.1 * decay, 2)
    tine = 0.3 * (0.25 + velocity)
    for ratio, amplitude, rate in ((15.0, tine, decay + 8.0), (13.0, tine, decay + 9.0), (6.27, 0.14, 22.0)):
        rows[ratio, rate] = rows.get((ratio, rate), 0.0) + amplitude
    return _two_rooms(pitch, rows, 1.3)


def _wurli(pitch: int, velocity: float) -> Partials:
    """A reed piano: odd partials that bark early and leave a hollow tone."""
    higher = 2.0 ** (-(pitch - 60) / 24.0)
    decay = 1.0 / (1.1 * higher)
    rows: Rows = {}
    for order in range(-4, 6):
        _sideband(rows, order, 2.0, 0.8, (0.5 + 1.7 * velocity) * min(1.2, higher), 0.28 * higher, decay, 3)
        _sideband(rows, order, 1.0, 0.4, 0.5 + 0.6 * velocity, 0.7 * higher, 1.2 * decay, 3)
    rows[7.1, 26.0] = 0.12 + 0.2 * velocity
    return _two_rooms(pitch, rows, 2.0)


KEYBOARDS: dict[str, Instrument] = {
    "felt": Instrument(
        _felt, 5.0, 2.5, knocks=(Knock(0.2, 300.0, 1500.0, 0.008), Knock(0.05, 120.0, 380.0, 0.03))
    ),
    "grand": Instrument(
        _grand, 5.0, 1.5, knocks=(Knock(0.24, 900.0, 4200.0, 0.005), Knock(0.06, 120.0, 420.0, 0.03))
    ),
    "epiano": Instrument(_epiano, 4.0, 1.5, knocks=(Knock(0.14, 1100.0, 4200.0, 0.004),)),
    "wurli": Instrument(
        _wurli, 3.4, 1.5, knocks=(Knock(0.2, 700.0, 3600.0, 0.005), Knock(0.06, 130.0, 400.0, 0.02))
    ),
}  # fmt: skip
