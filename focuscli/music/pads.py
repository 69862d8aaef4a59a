"""The pad: one table a chord, made from a spectrum whose phases all chords share.

X[k] = A_chord[k] · exp(j φ[k]) with one fixed random φ, read at the absolute frame modulo the table's length:
a tone that two chords have in common keeps its phase through a linear crossfade. Partials are a line with
narrow skirts (after PADsynth, Nasca 2006). Sidebands m bins away make the timbre move within a table, at no
cost when it is played. A dark and a bright table of other lengths make a moving filter of two multiplications,
and together repeat only after many minutes. The bright one is at the tones' rate,
the dark one at half of it.
"""

import math
from collections import OrderedDict
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.music.noise import uniforms
from focuscli.music.signals import TONE_RATE, Curve, Signal, Spectrum
from focuscli.music.spectra import bin_hertz, inverse
from focuscli.music.timbres import TIMBRES, WIDE_HZ, Timbre, mean_gain, swing
from focuscli.music.tones import hertz
from focuscli.music.weighting import k_weight

CROSSOVER_HZ = 420.0
_WIDTH = 0.82
"""How far apart left and right are from a timbre's `wide_hz` on, as a share of π."""
_MONO_HZ, _RAMP = 85.0, 0.23
"""They are alike up to this share of `wide_hz`, and always below the first."""
_LOWEST_DOUBLED = 50
"""No shimmer above a lower voice than this: it would cover the middle."""
_DRONE_BELOW, _DRONE = 46, 1.45
"""A voice this low carries the chord alone: its amplitude against the others."""
_LINE, _DRONE_LINE = 0.8, 1.0
"""How much of a voice's lowest partials is a line, and of a drone's: a bell would throb where it sounds alone."""
_SWAY = 0.5
"""How far the motion is ahead on the left and behind on the right, in rad, above 600 Hz."""
_BOUND_TABLES = 28
UPPER_HZ = 2000.0
_REFERENCE = (-9, -2, 3, 7)
_FARTHEST, _HALVINGS = 1.5, 14


class Layer(NamedTuple):
    """One of the two tables a chord has."""

    frames: int
    rate: int
    highest_hz: float
    is_bright: bool


DARK = Layer(65_536, TONE_RATE // 2, 2600.0, False)
BRIGHT = Layer(110_592, TONE_RATE, 9500.0, True)
"""2^16 and 2^12·27 frames: their sum repeats after 27 rounds of the first."""


class Pads:
    """The tables of the chords that were played last."""

    def __init__(self, bound: int = _BOUND_TABLES) -> None:
        self._tables: OrderedDict[tuple[tuple[int, ...], Timbre], tuple[Signal, Signal]] = OrderedDict()
        self._bound = bound

    def tables(self, pitches: tuple[int, ...], timbre: Timbre) -> tuple[Signal, Signal]:
        """The dark and the bright table of a chord, each (2, frames) with unit loudness."""
        key = (pitches, timbre)
        if key not in self._tables:
            self._tables[key] = (table(pitches, timbre, DARK), table(pitches, timbre, BRIGHT))
            if len(self._tables) > self._bound:
                self._tables.popitem(last=False)
        self._tables.move_to_end(key)
        return self._tables[key]


def table(pitches: tuple[int, ...], timbre: Timbre, layer: Layer, turned: bool = False) -> Signal:
    """One period of a chord, shape (2, frames), K-weighted power of both channels together one.

    `turned` by a quarter of a cycle, its power adds to that of another table whatever partials they share.
    """
    phases = phases_of(layer, timbre.wide_hz)
    still = phases * _amplitudes(pitches, timbre, layer)
    if turned:
        still *= np.complex64(1j)
    spectrum = np.zeros((2, layer.frames // 2 + 1), np.complex64)
    moving = spectrum[:, : phases.shape[1]]
    moving[:] = still
    cycles = timbre.motion.cycles
    later = _swing(timbre, layer)
    sideband = still * later
    moving[:, cycles:] += sideband[:, :-cycles]
    np.conjugate(later, out=sideband)
    sideband *= still
    moving[:, :-cycles] += sideband[:, cycles:]
    power = 0.5 * float(((moving.real**2 + moving.imag**2) @ _weights(layer)).sum())
    moving *= np.float32(0.5 * layer.frames / math.sqrt(power))
    return inverse(spectrum, layer.frames)


@lru_cache(maxsize=8)
def _swing(timbre: Timbre, layer: Layer) -> Spectrum:
    """Half the depth of the motion at each bin, and its lateness as a phase; shape (2, bins).

    g(t) = 1 + d cos(2π m t / T - ψ) is a carrier with sidebands ½ d exp(∓jψ); left and right are a little apart.
    """
    bins = _bins(layer)
    coarse = np.geomspace(30.0, layer.highest_hz, 160)
    place = np.log2(np.maximum(30.0, np.arange(bins) * (layer.rate / layer.frames)))
    depth = np.interp(place, np.log2(coarse), 0.5 * swing(timbre, coarse)).astype(np.float32)
    angle = (-2.0 * math.pi * timbre.motion.turns * (place - math.log2(timbre.motion.from_hz))).astype(np.float32)
    apart = np.float32(_SWAY) * np.clip(place - math.log2(300.0), 0.0, 1.0).astype(np.float32)
    late = np.empty((2, bins), np.complex64)
    for channel, side in enumerate((apart, -apart)):
        np.cos(angle + side, out=late[channel].real)
        np.sin(angle + side, out=late[channel].imag)
    late *= depth
    return late


_DRONE_TIMBRE = TIMBRES["deep"]._replace(slope=1.5, dark_hz=300.0, wide_hz=140.0)


@lru_cache(maxsize=12)
def drone_table(pitch: int) -> Signal:
    """One period of a drone, dark and the same in all sessions: shape (2, frames of `DARK`), unit loudness."""
    return table((pitch,), _DRONE_TIMBRE, DARK, turned=True)


def prepare() -> None:
    """Draw the phases that all chords share."""
    for layer in (DARK, BRIGHT):
        phases_of(layer, WIDE_HZ)
        _weights(layer)


def _bins(layer: Layer) -> int:
    return int(layer.highest_hz * layer.frames / layer.rate)


@lru_cache(maxsize=4)
def phases_of(layer: Layer, wide_hz: float) -> Spectrum:
    """exp(j φ) for left and right, shape (2, bins)."""
    bins = _bins(layer)
    frequency = np.arange(bins, dtype=np.float32) * np.float32(layer.rate / layer.frames)
    draws = uniforms(2 * bins, "pad phases", layer.frames)
    turn = np.float32(2.0 * math.pi)
    mono_hz = max(_MONO_HZ, _RAMP * wide_hz)
    left = turn * draws[:bins]
    apart = np.float32(_WIDTH) * np.clip((frequency - mono_hz) / (wide_hz - mono_hz), 0.0, 1.0).astype(np.float32)
    right = left + np.float32(math.pi) * apart * (2.0 * draws[bins:] - 1.0).astype(np.float32)
    phases = np.empty((2, bins), np.complex64)
    for channel, angle in enumerate((left, right)):
        np.cos(angle, out=phases[channel].real)
        np.sin(angle, out=phases[channel].imag)
    return phases


@lru_cache(maxsize=2)
def _weights(layer: Layer) -> Signal:
    return k_weight(bin_hertz(layer.frames, layer.rate)[: _bins(layer)]).astype(np.float32)


def _amplitudes(pitches: tuple[int, ...], timbre: Timbre, layer: Layer) -> Signal:
    """How high each bin is, shape (bins,): every partial of every voice a line and a narrow bell around it."""
    number, pitch, fundamental, height = _partials(pitches, timbre, layer)
    per_hz = layer.frames / layer.rate
    spread = 2.0 ** (timbre.width_cents / 1200.0) - 1.0
    width = np.maximum(1.0, 0.5 * spread * fundamental * number**0.85 * per_hz)
    line = np.where(pitch < _DRONE_BELOW, _DRONE_LINE, _LINE) - 0.06 * number
    line = np.zeros(len(number)) if layer.is_bright else np.maximum(0.15, line)
    return _drawn(fundamental * number * per_hz, height, width, line, _bins(layer))


def _partials(pitches: tuple[int, ...], timbre: Timbre, layer: Layer) -> tuple[Curve, Curve, Curve, Curve]:
    """Of every partial of a chord its number, its voice's pitch and that one's frequency, and its amplitude."""
    choir = [(pitch, 1.0 if pitch >= _DRONE_BELOW else _DRONE) for pitch in pitches]
    if timbre.octave and layer.is_bright:
        choir += [(pitch + 12, timbre.octave) for pitch in pitches if pitch >= _LOWEST_DOUBLED]
    highest = 0.95 * layer.highest_hz
    numbers = [np.arange(1.0, min(float(timbre.most), highest / hertz(pitch)) + 1.0) for pitch, _ in choir]
    number = np.concatenate(numbers)
    pitch, share = np.repeat(np.array(choir), [len(own) for own in numbers], axis=0).T
    fundamental = 440.0 * np.exp2((pitch - 69.0) / 12.0)
    return number, pitch, fundamental, share * _heights(number, pitch, fundamental, timbre, layer)


@lru_cache(maxsize=64)
def evened(timbre: Timbre, centre: int, upper_db: float) -> Timbre:
    """The sound with its filter where the bright table has so much of its power above `UPPER_HZ`, in dB of the whole.

    An instrument is chosen for how it moves and speaks; how bright the music is, its character says. The filter goes
    no farther than `_FARTHEST` octaves from the sound's own; the chord it is set by lies around `centre`.
    """
    chord = tuple(centre + step for step in _REFERENCE)
    low, high = -_FARTHEST, _FARTHEST
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _upper_db(_turned(timbre, middle), chord) < upper_db else (low, middle)
    return _turned(timbre, low)


def _turned(timbre: Timbre, octaves: float) -> Timbre:
    return timbre._replace(cut_hz=timbre.cut_hz * 2.0**octaves)


def _upper_db(timbre: Timbre, chord: tuple[int, ...]) -> float:
    number, _, fundamental, height = _partials(chord, timbre, BRIGHT)
    frequency = number * fundamental
    power = height * height * k_weight(frequency)
    return float(10.0 * np.log10((1e-9 + power[frequency > UPPER_HZ].sum()) / power.sum()))


def _heights(number: Curve, pitch: Curve, fundamental: Curve, timbre: Timbre, layer: Layer) -> Curve:
    """The amplitudes of partials in a layer, each by its number, its voice's pitch and that one's frequency."""
    frequency = fundamental * number
    cut_hz = timbre.cut_hz if layer.is_bright else min(timbre.dark_hz, timbre.cut_hz)
    heights = number**-timbre.slope * np.where(number % 2 == 1, 1.0, timbre.even)
    heights /= np.sqrt(1.0 + (frequency / cut_hz) ** 4)
    vowels = mean_gain(timbre, frequency)
    heights *= vowels if layer.is_bright else np.sqrt(vowels)
    if layer.is_bright:  # a partial must not sound in both tables: their lines would beat slowly
        fourth = (frequency / CROSSOVER_HZ) ** 4
        heights *= fourth / (1.0 + fourth)
    heights *= cleared(pitch, frequency)
    weighted: Curve = heights * 10.0 ** (-0.0125 * np.abs(pitch - 57.0))
    return weighted


def cleared(pitch: Curve, frequency: Curve) -> Curve:
    """What leaves the low middle to the bass: a factor on the partials of voices that are none."""
    factor: Curve = np.where(pitch >= 48.0, frequency / np.hypot(frequency, 170.0), 1.0)
    return factor


def _drawn(place: Curve, height: Curve, width: Curve, line: Curve, bins: int) -> Signal:
    """Lines and bells in a row of bins.

    A bell is three boxes convolved, a quadratic B-spline that stays within 1 % of the Gaussian of its standard
    deviation: four impulses of alternating sign, summed up three times, draw all of them at once. They are summed in
    whole numbers, which is seven times as fast as in floating point and leaves nothing behind a bell.
    """
    box = np.rint(2.0 * width).astype(np.int64)
    first = np.rint(place - 1.5 * box).astype(np.int64) + 2
    middle = np.rint(place).astype(np.int64)
    inside = (height > 1e-4) & (first >= 1) & (first + 3 * box < bins)
    box, first, middle = box[inside], first[inside], middle[inside]
    height, width, line = height[inside], width[inside], line[inside]
    step = _BELL * height * (1.0 - line) * np.sqrt(width) / box.astype(np.float64) ** 3
    edges = first + box * np.arange(4)[:, None]
    impulses = np.zeros(bins, np.int64)
    np.add.at(impulses, edges, np.rint(step * _FINE).astype(np.int64) * np.array(((1,), (-3,), (3,), (-1,))))
    for _ in range(3):
        np.cumsum(impulses, out=impulses)
    row: Signal = impulses.astype(np.float32)
    row *= np.float32(1.0 / _FINE)
    np.add.at(row, middle, (1.6 * height * line).astype(np.float32))
    return row


_FINE = 2.0**50
"""Steps in a unit of height: a bell's least impulse has thousands of them, and all bells together fit 63 bits."""
_BELL = math.sqrt(2.0 * math.pi)
"""A Gaussian's sum in standard deviations."""
