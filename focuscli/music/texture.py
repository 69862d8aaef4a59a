"""Textures: beds of shaped noise in a few colours, read in random slices, and drops that never fall twice alike."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.music.curves import smoothstep
from focuscli.music.noise import uniforms
from focuscli.music.randomness import Stream, drift, uniform
from focuscli.music.signals import TONE_RATE, Signal, raised_cosine
from focuscli.music.spectra import bin_hertz, inverse
from focuscli.music.weighting import k_weight

_FRAMES = 131_072
_SLICE = 65_280
"""Frames between two cuts (2.7 s), on the absolute grid."""
_FADE = 16_384
_FIRST_COLOUR = 4
"""So many slices keep to the first colour: a cold start makes one bed."""
_VOICES = 10
_SHADES = 4
"""Steps from one colour to the next: a bed that changed all at once would be heard to."""
_SHADE_SLICES = 9.0
"""How long chance keeps to one direction of colour."""


class Drops(NamedTuple):
    """Short sounds on top of a bed."""

    a_second: float
    """Heard as single drops; each falls somewhere else, by the session's own draw."""
    patter: int
    """Many more that are too dense to be told apart, mixed into the bed."""
    low_hz: float
    high_hz: float
    rising: float
    """How fast the pitch of a drop climbs, in its own pitch a second: bubbles close."""
    seconds: float
    """The longest in which a drop falls by e."""
    level: float


class Texture(NamedTuple):
    """One kind of background."""

    colours: tuple[Callable[[Signal], Signal], ...]
    """Amplitude spectra, from frequencies in Hz; slow chance leads from one to the next."""
    drops: Drops | None = None


def _slope(exponent: float, low: float = 1.0, high: float = 1e6) -> Callable[[Signal], Signal]:
    """f^exponent, held between two corners of one and two poles."""

    def shape(f: Signal) -> Signal:
        curve: Signal = f ** np.float32(exponent) * (f / (f + low)) / (1.0 + (f / high) ** 2)
        return curve

    return shape


def _whistle(centre: float) -> Callable[[Signal], Signal]:
    """Wind round an edge: a broad resonance over a dark rush."""

    def shape(f: Signal) -> Signal:
        edge = np.exp(-((np.log2(f / np.float32(centre)) / np.float32(0.55)) ** 2))
        curve: Signal = f ** np.float32(-0.8) * (1.0 + 2.5 * edge) / (1.0 + (f / 2600.0) ** 2)
        return curve

    return shape


def _hushed(centre: float) -> Callable[[Signal], Signal]:
    """Air through a wide throat: a broad hill on a logarithmic scale that falls off above."""

    def shape(f: Signal) -> Signal:
        hill = np.exp(-((np.log2(f / np.float32(centre)) / np.float32(1.9)) ** 2))
        curve: Signal = f ** np.float32(-0.4) * hill / (1.0 + (f / np.float32(5200.0)) ** 12)
        return curve

    return shape


_RAIN = Drops(5.0, 300, 1100.0, 4200.0, 9.0, 0.006, 1.2)
TEXTURES: dict[str, Texture] = {
    "pink": Texture((_slope(-0.5, high=6000.0), _slope(-0.62, high=5000.0))),
    "brown": Texture((_slope(-0.9, high=1500.0), _slope(-1.0, high=1200.0))),
    "rain": Texture((_slope(-0.2, 800.0, 4200.0), _slope(-0.3, 700.0, 3600.0), _slope(-0.15, 1000.0, 5000.0)), _RAIN),
    "ocean": Texture((_slope(-0.8, high=2000.0), _slope(-0.7, high=3200.0), _slope(-0.9, high=1300.0))),
    "breath": Texture((_hushed(3000.0), _hushed(3800.0), _hushed(2350.0))),
    "wind": Texture((_whistle(320.0), _whistle(430.0), _whistle(260.0), _whistle(560.0))),
    "brook": Texture(
        (_slope(-0.45, 300.0, 3000.0), _slope(-0.35, 400.0, 3600.0)),
        Drops(7.0, 120, 480.0, 1500.0, 5.0, 0.02, 1.3),
    ),
    "air": Texture((_slope(0.0, 2500.0, 8000.0), _slope(-0.15, 1800.0, 7000.0))),
    "room": Texture((_slope(-0.75, high=2500.0), _slope(-0.85, high=2000.0))),
    "vinyl": Texture(
        (_slope(-0.7, high=5000.0), _slope(-0.65, high=5500.0)), Drops(1.2, 26, 1400.0, 5200.0, 0.0, 0.0009, 2.0)
    ),
}


@lru_cache(maxsize=20)
def bed(kind: str, shade: int) -> Signal:
    """A bed that repeats after 5.5 s, mono, shape (frames,); its K-weighted power is one half (two make one).

    Shade 0 is the first colour, `_SHADES` the second, and what lies between is between them at every frequency, in dB.
    """
    texture = TEXTURES[kind]
    frequency = bin_hertz(_FRAMES, TONE_RATE)
    frequency[0] = frequency[1]
    angle = uniforms(len(frequency), "texture", kind, shade) * np.float32(2.0 * math.pi)
    spectrum = np.empty(len(frequency), np.complex64)
    shape = _without_rumble(frequency.astype(np.float32)) * _shaded(texture, shade, frequency.astype(np.float32))
    np.multiply(np.cos(angle), shape, out=spectrum.real)
    np.multiply(np.sin(angle), shape, out=spectrum.imag)
    power = 2.0 * float((shape**2 * k_weight(frequency)).sum()) / _FRAMES**2
    noise = inverse(spectrum, _FRAMES)
    noise *= np.float32(math.sqrt(0.5 / power))
    if texture.drops:
        _patter(noise, kind, texture.drops)
    return noise


def _shaded(texture: Texture, shade: int, f: Signal) -> Signal:
    colour, on_the_way = divmod(shade, _SHADES)
    here = texture.colours[colour](f)
    if not on_the_way:
        return here
    mixed: Signal = here * (texture.colours[colour + 1](f) / here) ** np.float32(on_the_way / _SHADES)
    return mixed


def _without_rumble(f: Signal) -> Signal:
    """Neither rumble nor hiss."""
    square = f * f
    band: Signal = square / (square + np.float32(110.0**2)) / (1.0 + (square / np.float32(10_000.0**2)) ** 4)
    return band


@lru_cache(maxsize=64)
def drop(kind: str, voice: int) -> Signal:
    """One drop, crackle or bubble, shape (frames,): a short chirp that begins and ends at zero."""
    drops = TEXTURES[kind].drops
    assert drops is not None
    draw = Stream("drop", kind, voice)
    seconds = drops.seconds * draw.between(0.35, 1.0)
    hz = drops.low_hz * (drops.high_hz / drops.low_hz) ** draw.uniform()
    frames = int(7.0 * seconds * TONE_RATE)
    t = np.arange(frames) / TONE_RATE
    wave = np.sin(2.0 * math.pi * hz * t * (1.0 + 0.5 * drops.rising * t)) * np.exp(-t / seconds)
    wave *= np.clip((frames - np.arange(frames)) / (0.2 * frames), 0.0, 1.0)
    sound: Signal = wave.astype(np.float32)
    return sound


def _loudness(draw: Stream) -> float:
    """Few are loud: a long tail, cut off."""
    return min(3.0, math.pow(1.0 - draw.uniform(), -0.35))


def _patter(noise: Signal, kind: str, drops: Drops) -> None:
    draw = Stream("patter", kind)
    for _ in range(drops.patter):
        wave = drop(kind, int(draw.uniform() * _VOICES))
        place = int(draw.uniform() * (_FRAMES - len(wave)))
        noise[place : place + len(wave)] += wave * np.float32(0.5 * drops.level * draw.between(0.3, 1.0))


@lru_cache(maxsize=1)
def _rise() -> Signal:
    return np.sqrt(raised_cosine(_FADE))


def lay(out: Signal, start: int, kind: str, gains: Signal, seed: int) -> None:
    """Add a texture to `out`, shape (2, frames), by a gain for each frame; `start` is an absolute frame.

    All at the tones' rate. Slices are cut at absolute moments and read from random places, other ones left and
    right; the old one fades out under the new one at equal power.
    """
    rise = _rise()
    fall = rise[::-1]
    stop = start + out.shape[1]
    for number in range((start - _FADE) // _SLICE, stop // _SLICE + 1):
        first, last = number * _SLICE, (number + 1) * _SLICE + _FADE
        here, until = max(start, first), min(stop, last)
        if until <= here:
            continue
        noise = bed(kind, _shade(kind, number, seed))
        for channel in range(2):
            place = int(uniform(seed, "slice", kind, number, channel) * (_FRAMES - _SLICE - _FADE))
            piece = noise[place + here - first : place + until - first] * gains[here - start : until - start]
            rising = min(until, first + _FADE) - here
            if rising > 0:
                piece[:rising] *= rise[here - first : here - first + rising]
            falling = until - max(here, last - _FADE)
            if falling > 0:
                into = max(here, last - _FADE) - (last - _FADE)
                piece[-falling:] *= fall[into : into + falling]
            out[channel, here - start : until - start] += piece
        _let_fall(out, start, kind, gains, seed, number)


def _shade(kind: str, number: int, seed: int) -> int:
    """Which bed a slice is read from: after the first slices slow chance leads away from the first colour."""
    farthest = _SHADES * (len(TEXTURES[kind].colours) - 1)
    going = smoothstep(float(number), _FIRST_COLOUR, 3.0 * _FIRST_COLOUR)
    return round(going * farthest * drift(number / _SHADE_SLICES, seed, "colour", kind))


class _Fall(NamedTuple):
    """One drop at its absolute frame."""

    frame: int
    voice: int
    sides: Signal
    """How loud it is left and right, shape (2, 1)."""


@lru_cache(maxsize=64)
def _falls(kind: str, drops: Drops, seed: int, number: int) -> tuple[_Fall, ...]:
    """The single drops of one slice."""
    draw = Stream(seed, "drops", kind, number)
    falls = []
    for _ in range(int(drops.a_second * _SLICE / TONE_RATE + draw.uniform())):
        level, angle = drops.level * _loudness(draw), 0.5 * math.pi * draw.uniform()
        frame = number * _SLICE + int(draw.uniform() * _SLICE)
        voice = int(draw.uniform() * _VOICES)
        sides = np.array(((level * math.cos(angle),), (level * math.sin(angle),)), np.float32)
        falls.append(_Fall(frame, voice, sides))
    return tuple(falls)


def _let_fall(out: Signal, start: int, kind: str, gains: Signal, seed: int, number: int) -> None:
    drops = TEXTURES[kind].drops
    for fall in _falls(kind, drops, seed, number) if drops else ():
        wave, begin = drop(kind, fall.voice), fall.frame - start
        here, until = max(0, begin), min(out.shape[1], begin + len(wave))
        if until > here:
            out[:, here:until] += fall.sides * (wave[here - begin : until - begin] * gains[here:until])
