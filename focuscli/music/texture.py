"""Textures: beds of shaped noise, rain and crackle, read in random slices so that no loop is heard."""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from focuscli.music.noise import uniforms
from focuscli.music.randomness import Stream, uniform
from focuscli.music.signals import TONE_RATE, Signal, raised_cosine
from focuscli.music.spectra import bin_hertz, inverse
from focuscli.music.weighting import k_weight

_FRAMES = 131_072
_SLICE = 65_280
"""Frames between two cuts (2.7 s), on the absolute grid."""
_FADE = 8192


@lru_cache(maxsize=8)
def bed(kind: str) -> Signal:
    """A bed that repeats after 5.5 s, mono, shape (frames,); its K-weighted power is one half (two make one)."""
    frequency = bin_hertz(_FRAMES, TONE_RATE)
    frequency[0] = frequency[1]
    angle = uniforms(len(frequency), "texture", kind) * np.float32(2.0 * math.pi)
    spectrum = np.empty(len(frequency), np.complex64)
    shape = _shape(kind, frequency.astype(np.float32))
    np.multiply(np.cos(angle), shape, out=spectrum.real)
    np.multiply(np.sin(angle), shape, out=spectrum.imag)
    power = 2.0 * float((shape**2 * k_weight(frequency)).sum()) / _FRAMES**2
    noise = inverse(spectrum, _FRAMES)
    noise *= np.float32(math.sqrt(0.5 / power))
    if kind in {"rain", "vinyl"}:
        noise += _drops(kind)
    return noise


def _shape(kind: str, f: Signal) -> Signal:
    """The amplitude spectrum of a kind, without rumble and without hiss."""
    square = f * f
    band: Signal = square / (square + np.float32(110.0**2)) / (1.0 + (square / np.float32(11_000.0**2)) ** 4)
    band *= _SHAPES[kind](f)
    return band


_SHAPES: dict[str, Callable[[Signal], Signal]] = {
    "pink": lambda f: f ** np.float32(-0.5),
    "brown": lambda f: f ** np.float32(-0.9) / (1.0 + (f / 1500.0) ** 2),
    "rain": lambda f: f ** np.float32(0.85) / (f + 900.0) / (1.0 + (f / 7000.0) ** 2),
    "ocean": lambda f: f ** np.float32(-0.8) / (1.0 + (f / 2500.0) ** 2),
    "air": lambda f: f / (f + 2500.0) / (1.0 + (f / 9000.0) ** 2),
    "vinyl": lambda f: 0.6 * f ** np.float32(-0.7) + 0.004 * f / (f + 1800.0),
}


def _drops(kind: str) -> Signal:
    """Drops of rain or crackles of a record: short chirps and ticks at random moments of the bed."""
    rain = kind == "rain"
    length = 1800 if rain else 120
    t = np.arange(length) / TONE_RATE
    drops = np.zeros(_FRAMES, np.float32)
    draw = Stream("drops", kind)
    voices = []
    for voice in range(8):
        tone = 2.0 * math.pi * ((900.0 + 330.0 * voice + 22_000.0 * t) if rain else 1500.0 + 500.0 * voice) * t
        fall = 0.0015 + 0.0007 * voice if rain else 0.0003 + 0.0002 * voice
        voices.append((np.exp(-t / fall) * np.sin(tone)).astype(np.float32))
    for _ in range(330 if rain else 34):
        place = int(draw.uniform() * (_FRAMES - length))
        loudness = min(5.0, (1.0 - draw.uniform()) ** -0.38) * (0.9 if rain else 1.6)
        drops[place : place + length] += voices[int(draw.uniform() * 8)] * np.float32(loudness)
    return drops


@lru_cache(maxsize=1)
def _rise() -> Signal:
    return np.sqrt(raised_cosine(_FADE))


def lay(out: Signal, start: int, kind: str, gains: Signal, seed: int) -> None:
    """Add a texture to `out`, shape (2, frames), by a gain for each frame; `start` is an absolute frame.

    All at the tones' rate. Slices are cut at absolute moments and read from random places, other ones left and
    right; the old one fades out under the new one at equal power.
    """
    noise, rise = bed(kind), _rise()
    fall = rise[::-1]
    stop = start + out.shape[1]
    for number in range((start - _FADE) // _SLICE, stop // _SLICE + 1):
        first, last = number * _SLICE, (number + 1) * _SLICE + _FADE
        here, until = max(start, first), min(stop, last)
        if until <= here:
            continue
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
