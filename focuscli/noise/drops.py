"""Drops, bubbles and crackles: each falls at its own moment, place and distance, drawn by the absolute half second."""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focuscli.music.noise import shaped_noise, uniforms
from focuscli.music.randomness import Stream
from focuscli.music.reverb import BLOCK
from focuscli.music.signals import Curve, Signal
from focuscli.music.spectra import bin_hertz, forward
from focuscli.music.weighting import k_weight
from focuscli.noise.scene import Drops, Scene
from focuscli.units import SAMPLE_RATE

VOICES = 48
CELL_S = 0.5
_CELL = round(CELL_S * SAMPLE_RATE)
_STRETCH = 64
"""Cells whose rates are found together, on the absolute grid."""
_NEAREST = 7.0
"""How many times as loud as the farthest a drop can be: they fall on a plane around the listener."""
_LONGEST = 8192
"""No voice has more frames."""


def let_fall(out: Signal, block: int, scene: Scene, drops: Drops, gains: Curve) -> None:
    """Add the drops of a block to `out`, shape (2, BLOCK); `gains` are amplitudes for each cell of `cells_of`."""
    start = block * BLOCK
    for cell, gain in zip(cells_of(block), gains, strict=True):
        frames, voices, sides = _falls(scene, drops, cell)
        heard = sides * np.float32(gain)
        for number, frame in enumerate(frames):
            wave, begin = _voice(drops, voices[number]), frame - start
            here, until = max(0, begin), min(BLOCK, begin + len(wave))
            if until > here:
                out[:, here:until] += heard[number] * wave[here - begin : until - begin]


def cells_of(block: int) -> range:
    """The half seconds whose drops can be heard in a block."""
    first = (block * BLOCK - _LONGEST) // _CELL
    return range(max(0, first), -(-(block + 1) * BLOCK // _CELL))


@lru_cache(maxsize=64)
def _falls(scene: Scene, drops: Drops, cell: int) -> tuple[list[int], list[int], Signal]:
    """Frames, voices and amplitudes, shape (drops, 2, 1), of the drops of one half second."""
    rate = _rates(scene, drops, cell // _STRETCH)[cell % _STRETCH]
    draw = Stream(scene.piece.seed, scene.name, "drops", cell)
    count = max(0, round(rate * CELL_S + math.sqrt(rate * CELL_S) * draw.normal()))  # Poisson, near enough
    when, far, which, where = uniforms(4 * count, scene.piece.seed, scene.name, "fall", cell).reshape(4, count)
    level, voices = _of_distance(far, which)
    angle = 0.5 * math.pi * (0.08 + 0.84 * where)
    frames = cell * _CELL + (when * _CELL).astype(int)
    sides = (level * np.stack((np.cos(angle), np.sin(angle)))).T[:, :, None].astype(np.float32)
    return frames.tolist(), voices.tolist(), sides


@lru_cache(maxsize=8)
def _rates(scene: Scene, drops: Drops, stretch: int) -> list[float]:
    """How many drops a second fall in each cell of a stretch."""
    middles = (np.arange(_STRETCH, dtype=np.float64) + stretch * _STRETCH + 0.5) * CELL_S
    rates: list[float] = drops.rate(scene, middles).tolist()
    return rates


@lru_cache(maxsize=512)
def _voice(drops: Drops, number: int) -> Signal:
    return drops.wave(number)


@lru_cache(maxsize=16)
def energies(drops: Drops) -> tuple[float, float]:
    """The mean energy of a drop in both channels together, K-weighted and plain, in frames at amplitude 1."""
    far, which = np.meshgrid((np.arange(4096) + 0.5) / 4096, (np.arange(8) + 0.5) / 8)
    level, voices = _of_distance(far, which)
    weights = np.bincount(voices.ravel(), (level**2).ravel(), VOICES) / level.size
    weighted = plain = 0.0
    for number in range(VOICES):
        power = np.abs(forward(_padded(_voice(drops, number)))).astype(np.float64) ** 2
        plain += weights[number] * 2.0 * float(power.sum())
        weighted += weights[number] * 2.0 * float((power * k_weight(bin_hertz(_LONGEST))).sum())
    return weighted / _LONGEST, plain / _LONGEST


def _padded(wave: Signal) -> Signal:
    return np.pad(wave, (0, _LONGEST - len(wave)))


def _of_distance(far: NDArray[Any], which: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Level and voice of drops: evenly over a plane, loud by their nearness, and dull from afar."""
    level = np.minimum(_NEAREST, 1.0 / np.sqrt(np.maximum(far, 1e-6)))
    voices = np.minimum(VOICES - 1, (0.6 * np.sqrt(far) + 0.4 * which) * VOICES).astype(np.intp)
    return level, voices


def on_ground(number: int) -> Signal:
    """Rain on leaves, stone and puddles: a tick, and for one in three the bubble that it closes over."""
    draw = Stream("on ground", number)
    far = number / VOICES
    tick = shaped_noise(1024, 900.0, 9000.0 - 5500.0 * far, draw.between(0.0006, 0.0016 + 0.002 * far), "tick", number)
    wave = tick[0]
    if number % 3 == 0:
        wave = wave + 0.7 * _ping(1024, draw.between(1600.0, 5200.0), 14.0, draw.between(0.0015, 0.004))
    return _ended(wave)


def on_tin(number: int) -> Signal:
    """Rain on a metal roof: a tick that rings on in a few modes of the sheet."""
    draw = Stream("on tin", number)
    wave = 1.3 * shaped_noise(3072, 1200.0, 9000.0, 0.0008, "tin", number)[0]
    lowest = draw.between(420.0, 900.0)
    for ratio in (1.0, 1.83, 2.71, 4.1, 5.9):
        hz = lowest * ratio * draw.between(0.94, 1.06)
        wave = wave + draw.between(0.1, 0.5) * _ping(3072, hz, 0.0, draw.between(0.006, 0.02) / math.sqrt(ratio))
    return _ended(wave)


def in_water(number: int) -> Signal:
    """A bubble in a stream: its pitch rises as it reaches the surface (van den Doel 2005)."""
    draw = Stream("in water", number)
    hz = 380.0 * 5.0 ** draw.uniform()
    wave = _ping(7200, hz, draw.between(2.0, 9.0), draw.between(4.0, 11.0) / hz)
    attack = round(1.5 / hz * SAMPLE_RATE)
    wave[:attack] *= np.linspace(0.0, 1.0, attack, dtype=np.float32)
    return _ended(wave)


def in_fire(number: int) -> Signal:
    """A crackle of burning wood; one in six is a pop with some body."""
    draw = Stream("in fire", number)
    wave = shaped_noise(2048, draw.between(500.0, 1800.0), 11_000.0, 0.0003 * 8.0 ** draw.uniform(), "crackle", number)[
        0
    ]
    if number % 6 == 0:
        wave = wave + 0.8 * _ping(2048, draw.between(240.0, 700.0), 0.0, draw.between(0.003, 0.007))
    return _ended(wave)


def _ping(frames: int, hz: float, rising: float, seconds: float) -> Signal:
    """A damped sine from zero whose pitch climbs by `rising` times itself a second."""
    t: NDArray[np.float64] = np.arange(frames) / SAMPLE_RATE
    wave: Signal = (np.sin(2.0 * math.pi * hz * t * (1.0 + 0.5 * rising * t)) * np.exp(-t / seconds)).astype(np.float32)
    return wave


def _ended(wave: Signal) -> Signal:
    """With its last fifth faded to zero."""
    fade = len(wave) // 5
    wave[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return wave
