"""The pitched instruments: for each, how pitch and velocity become partials, and how a note begins and ends."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.music.modal import Partials
from focuscli.music.noise import uniforms
from focuscli.music.signals import Curve


class Instrument(NamedTuple):
    """What the bank needs to know to play a note."""

    partials: Callable[[int, float], Partials]
    """From MIDI number and velocity (0…1)."""
    seconds: float
    """How long an undamped note is kept."""
    attack_ms: float
    release_ms: float = 180.0
    knock: float = 0.0
    """Noise of the hammer or the plectrum against the tone."""
    knock_hz: float = 2500.0


def hertz(pitch: float) -> float:
    """The frequency of a MIDI number, A4 = 440 Hz."""
    return 440.0 * math.exp2((pitch - 69.0) / 12.0)


def _spread(frequency: Curve, amplitude: Curve, decay: Curve, name: str, pitch: int, width: float) -> Partials:
    """Partials with phases of their own and, between left and right, phase differences up to ±width (rad)."""
    count = len(frequency)
    draws = uniforms(2 * count, "phase", name, pitch).astype(np.float64)
    phase = 2.0 * math.pi * draws[:count]
    apart = width * (2.0 * draws[count:] - 1.0) * np.clip((frequency - 110.0) / 300.0, 0.0, 1.0)
    return Partials(
        frequency,
        decay,
        amplitude * np.exp(1j * (phase - apart)),
        amplitude * np.exp(1j * (phase + apart)),
    )


def _string(pitch: int, stiffness: float) -> tuple[Curve, Curve]:
    """Numbers and frequencies of a stiff string's partials (Fletcher 1964)."""
    number = np.arange(1.0, min(28, int(10_000.0 / hertz(pitch)) + 2) + 1.0)
    return number, hertz(pitch) * number * np.sqrt(1.0 + stiffness * number * number)


def _felt(pitch: int, velocity: float) -> Partials:
    """Felted piano: two strings a beat apart, a quick prompt sound and a slow aftersound (Weinreich 1977)."""
    number, frequency = _string(pitch, 1.2e-4 * 2.0 ** ((pitch - 60) / 10.0))
    cut = (800.0 + 3600.0 * velocity) * (0.6 + 0.4 * hertz(pitch) / 262.0)
    hammer = np.abs(np.sin(math.pi * number * 0.12)) / number**0.8 / np.sqrt(1.0 + (frequency / cut) ** 4)
    slow = 0.6 * 2.0 ** ((pitch - 60) / 18.0) * (1.0 + 0.1 * number + 0.012 * number * number)
    detune = 2.0 ** (0.6 / 1200.0)
    return _spread(
        np.concatenate((frequency / detune, frequency * detune, frequency)),
        np.concatenate((0.42 * hammer, 0.42 * hammer, 0.95 * hammer)),
        np.concatenate((0.45 * slow, 0.5 * slow, 3.4 * slow)),
        "felt", pitch, 0.5,
    )  # fmt: skip


def _harp(pitch: int, velocity: float) -> Partials:
    """A plucked gut string: a comb from the place of the pluck, and a second, slightly sharp polarisation."""
    number, frequency = _string(pitch, 6e-5)
    cut = 1700.0 + 5200.0 * velocity
    pluck = np.abs(np.sin(math.pi * number * 0.21)) / number**1.05 / np.sqrt(1.0 + (frequency / cut) ** 4)
    decay = 1.2 * (1.0 + 0.24 * number + 0.02 * number * number) * 2.0 ** ((pitch - 60) / 24.0)
    return _spread(
        np.concatenate((frequency, frequency[:9] * 1.0011)),
        np.concatenate((pluck, 0.5 * pluck[:9])),
        np.concatenate((decay, 0.8 * decay[:9])),
        "harp", pitch, 0.6,
    )  # fmt: skip


def _bars(
    name: str,
    ratios: tuple[float, ...],
    amplitudes: tuple[float, ...],
    decays: tuple[float, ...],
    brightening: float,
) -> Callable[[int, float], Partials]:
    """A struck bar, tine or bowl: a few inharmonic partials, the upper ones stronger with velocity."""

    def partials(pitch: int, velocity: float) -> Partials:
        beat_hz = 0.8
        ratio, amplitude, decay = (np.array(row) for row in (ratios, amplitudes, decays))
        upper = np.where(ratio > 1.5, 0.3 + brightening * velocity, 1.0)
        frequency = ratio * hertz(pitch)
        higher = 2.0 ** ((pitch - 69) / 26.0)
        return _spread(
            np.concatenate((frequency, frequency[:2] + beat_hz)),
            np.concatenate((amplitude * upper, 0.45 * (amplitude * upper)[:2])),
            np.concatenate((decay, 1.05 * decay[:2])) * higher,
            name, pitch, 0.7,
        )  # fmt: skip

    return partials


def _epiano(pitch: int, velocity: float) -> Partials:
    """A tine piano by frequency modulation (Chowning 1973) with an index that decays, written as partials.

    J_m(I exp(-t/T)) = Σ_k (-1)^k / (k! (m+k)!) (I/2)^(m+2k) exp(-(m+2k) t/T): each sideband of a decaying index
    is a sum of decaying partials, so FM is modal synthesis too.
    """
    higher = 2.0 ** (-(pitch - 60) / 24.0)
    decay = 1.0 / (1.5 * higher)
    index = (0.7 + 1.9 * velocity) * min(1.25, higher)
    table: dict[tuple[float, float], float] = {}
    for order in range(-5, 9):
        _sideband(table, order, 0.8, index, 0.4 * higher, decay, 4)
        _sideband(table, order, 0.5, 0.16 + 0.12 * velocity, 2.2 * higher, 1.1 * decay, 2)
    tine = 0.22 * (0.3 + velocity)
    for ratio, amplitude, rate in ((15.0, tine, decay + 6.5), (13.0, tine, decay + 6.5), (6.27, 0.1, 22.0)):
        table[ratio, rate] = table.get((ratio, rate), 0.0) + amplitude
    rows = np.array([(ratio, rate, amplitude) for (ratio, rate), amplitude in table.items()])
    frequency, wave = rows[:, 0] * hertz(pitch), -1j * rows[:, 2]
    detune = 2.0 ** (1.3 / 1200.0)
    near, far = np.ones(len(rows)), np.full(len(rows), 0.3)
    return Partials(
        np.concatenate((frequency / detune, frequency * detune)),
        np.concatenate((rows[:, 1], rows[:, 1])),
        np.concatenate((wave, wave)) * np.concatenate((near, far)),
        np.concatenate((wave, wave)) * np.concatenate((far, near)),
    )


def _sideband(
    table: dict[tuple[float, float], float],
    order: int, amplitude: float, index: float, time_s: float, decay: float, terms: int,
) -> None:  # fmt: skip
    """Add one sideband of a 1:1 pair; below zero it folds back with its sign turned."""
    ratio = 1 + order
    if ratio == 0:
        return
    sign = (-1.0 if order < 0 and order % 2 else 1.0) * (-1.0 if ratio < 0 else 1.0)
    m = abs(order)
    for k in range(terms):
        value = (-1.0) ** k / (math.factorial(k) * math.factorial(m + k)) * (index / 2.0) ** (m + 2 * k)
        if amplitude * value > 2e-4 or amplitude * value < -2e-4:
            key = (float(abs(ratio)), round(decay + (m + 2 * k) / time_s, 3))
            table[key] = table.get(key, 0.0) + sign * amplitude * value


def _flute(pitch: int, velocity: float) -> Partials:
    """A blown pipe: few harmonics and a vibrato, which is a pair of sidebands around each."""
    number = np.arange(1.0, 8.0)
    carrier = np.array([1.0, 0.34, 0.2, 0.08, 0.05, 0.02, 0.012]) * (0.25 + velocity) ** (0.25 * (number - 1.0))
    frequency = hertz(pitch) * number
    depth = 0.11 * np.sqrt(number)
    vibrato_hz = 4.7
    return _spread(
        np.concatenate((frequency, frequency - vibrato_hz, frequency + vibrato_hz)),
        np.concatenate((carrier, depth * carrier, depth * carrier)),
        np.concatenate((0.55 + 0.15 * number, 0.3 + 0.15 * number, 0.3 + 0.15 * number)),
        "flute", pitch, 0.35,
    )  # fmt: skip


def _bass(pitch: int, velocity: float) -> Partials:
    """A round plucked bass in mono, its overtones there to be heard on small speakers."""
    number = np.arange(1.0, 9.0)
    amplitude = np.array([1.0, 0.6, 0.34, 0.2, 0.11, 0.07, 0.04, 0.025])
    amplitude[1:] *= 0.5 + 0.9 * velocity
    decay = np.array([0.55, 1.0, 1.8, 3.0, 4.5, 6.0, 8.0, 10.0])
    wave = amplitude * -1j
    return Partials(hertz(pitch) * number, decay, wave, wave)


INSTRUMENTS: dict[str, Instrument] = {
    "felt": Instrument(_felt, 5.0, 5.0, knock=0.09, knock_hz=1400.0),
    "epiano": Instrument(_epiano, 4.0, 2.5, knock=0.05, knock_hz=3600.0),
    "harp": Instrument(_harp, 3.5, 1.5, knock=0.06, knock_hz=4200.0),
    "vibes": Instrument(
        _bars("vibes", (1.0, 3.98, 9.6), (1.0, 0.42, 0.16), (0.8, 2.6, 9.0), 1.0), 4.5, 2.5, knock=0.02
    ),
    "marimba": Instrument(
        _bars("marimba", (1.0, 3.93, 9.2), (1.0, 0.45, 0.2), (3.2, 9.0, 22.0), 1.2), 1.6, 1.5, knock=0.08
    ),
    "kalimba": Instrument(
        _bars("kalimba", (1.0, 2.0, 5.4, 8.9), (1.0, 0.12, 0.22, 0.1), (2.2, 4.0, 9.0, 20.0), 1.2),
        2.6, 1.5, knock=0.05, knock_hz=3200.0,
    ),
    "glass": Instrument(
        _bars("glass", (1.0, 2.0, 3.01, 5.1), (1.0, 0.2, 0.08, 0.025), (0.55, 0.9, 1.8, 3.0), 0.8), 6.0, 20.0
    ),
    "flute": Instrument(_flute, 5.0, 90.0, release_ms=320.0),
    "bass": Instrument(_bass, 4.2, 8.0, release_ms=110.0, knock=0.02, knock_hz=900.0),
}  # fmt: skip


@lru_cache(maxsize=2048)
def partials_of(name: str, pitch: int, velocity: float) -> Partials:
    """The audible partials of a note."""
    return INSTRUMENTS[name].partials(pitch, velocity).audible()
