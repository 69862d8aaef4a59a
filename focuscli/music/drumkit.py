"""The drums as sounds: kits of one builder a role, each strike in three variants, softly and hard."""

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from focuscli.music.kits import KITS, Hat, Kick, Kit, Rim, Shaker, Snare
from focuscli.music.noise import shaped_noise
from focuscli.music.randomness import Stream
from focuscli.music.signals import Signal
from focuscli.music.tones import hertz
from focuscli.units import SAMPLE_RATE

ROLES = ("kick", "snare", "brush", "rim", "hat", "shaker")
ROUND_ROBINS = 3
STRENGTHS = 2


class Drum(NamedTuple):
    """How a strike is made and how long it lasts."""

    strike: Callable[[int, int, int], Signal]
    """From frames, variant (see `variant_of`) and tuning to shape (2, frames)."""
    seconds: float


def variant_of(round_robin: int, velocity: float) -> int:
    """One number for the round robin and for how hard the drum is struck."""
    return min(STRENGTHS - 1, max(0, int(velocity * STRENGTHS))) * ROUND_ROBINS + round_robin % ROUND_ROBINS


class _Stroke:
    """The draws of one variant, and how bright its strength makes it."""

    def __init__(self, role: str, kit: str, variant: int) -> None:
        strength, robin = divmod(variant, ROUND_ROBINS)
        self.keys = (role, kit, robin)
        self.draw = Stream(*self.keys)
        self.opening = (0.68, 1.12)[min(strength, STRENGTHS - 1)]

    def near(self, value: float, share: float = 0.05) -> float:
        """The value, a little higher or lower in each variant."""
        return value * self.draw.between(1.0 - share, 1.0 + share)


def _times(frames: int) -> Signal:
    return np.arange(frames, dtype=np.float32) / np.float32(SAMPLE_RATE)


def _tone(frames: int, hz: float, seconds: float) -> Signal:
    t = _times(frames)
    tone: Signal = np.sin(np.float32(2.0 * math.pi * hz) * t) * np.exp(t * np.float32(-1.0 / seconds))
    return tone


def _kick(kick: Kick, kit: str, frames: int, variant: int, tuning: int) -> Signal:
    """A membrane whose pitch falls as its tension does, and the beater."""
    stroke = _Stroke("kick", kit, variant)
    t = _times(frames)
    ground = hertz(tuning) if tuning else 50.0
    cycles = np.float32(ground) * t
    for hz, seconds in ((kick.sweep_hz, kick.sweep_s), (kick.snap_hz, 0.004)):
        cycles += np.float32(hz * seconds) * (np.float32(1.0) - np.exp(t * np.float32(-1.0 / seconds)))
    body = np.sin(np.float32(2.0 * math.pi) * cycles) * np.exp(t * np.float32(-1.0 / stroke.near(kick.seconds, 0.04)))
    body = np.tanh(np.float32(kick.drive) * body) / np.float32(math.tanh(kick.drive))
    beater = shaped_noise(frames, 250.0, kick.beater_hz * stroke.opening, 0.004, *stroke.keys).mean(axis=0)
    strike: Signal = np.tile(body + np.float32(kick.beater) * beater, (2, 1))
    return strike


def _snare(snare: Snare, kit: str, frames: int, variant: int, _tuning: int) -> Signal:
    """Two modes of the skin, the wires, and for a clap a few hands before the last."""
    stroke = _Stroke("snare", kit, variant)
    shell = stroke.near(snare.shell_hz, 0.03)
    body = _tone(frames, shell, snare.shell_s) + np.float32(0.5) * _tone(frames, 1.59 * shell, 0.6 * snare.shell_s)
    seconds = stroke.near(snare.wires_s, 0.1)
    wires = shaped_noise(frames, snare.low_hz, snare.high_hz * stroke.opening, seconds, *stroke.keys)
    for hand in range(snare.hands):
        late = int((0.009 * (hand + 1) + 0.003 * stroke.draw.uniform()) * SAMPLE_RATE)
        wires[:, late:] += np.float32(0.7) * wires[:, :-late].copy()
    stick = shaped_noise(frames, 1500.0, 9000.0 * stroke.opening, 0.0025, *stroke.keys, "stick")
    strike: Signal = np.float32(snare.wires) * wires + np.float32(snare.stick) * stick
    strike += np.float32(snare.shell) * body
    return strike


def _brush(_kit: Kit, kit: str, frames: int, variant: int, _tuning: int) -> Signal:
    """Wires that slap and then are drawn over the skin."""
    stroke = _Stroke("brush", kit, variant)
    sweep = shaped_noise(frames, 900.0, 7000.0 * stroke.opening, stroke.near(0.085, 0.15), *stroke.keys)
    sweep *= np.clip(_times(frames) / np.float32(0.018), 0.0, 1.0)
    slap = shaped_noise(frames, 1400.0, 6500.0 * stroke.opening, 0.005, *stroke.keys, "slap")
    strike: Signal = sweep + np.float32(0.5) * slap
    return strike


def _rim(rim: Rim, kit: str, frames: int, variant: int, _tuning: int) -> Signal:
    stroke = _Stroke("rim", kit, variant)
    knock = shaped_noise(frames, 0.7 * rim.hz, 3.4 * rim.hz * stroke.opening, rim.seconds, *stroke.keys)
    tone = _tone(frames, stroke.near(rim.hz, 0.02), rim.seconds) + _tone(frames, 1.47 * rim.hz, 0.7 * rim.seconds)
    strike: Signal = np.float32(0.45) * knock + np.float32(0.3) * tone
    return strike


_METAL = (1.0, 1.342, 1.231, 1.654, 1.927, 2.551, 2.18, 2.83)
"""Ratios of a cymbal's strongest partials, far from harmonic."""


def _hat(hat: Hat, kit: str, frames: int, variant: int, _tuning: int) -> Signal:
    """Noise and clusters of inharmonic partials, as dense plates have."""
    stroke = _Stroke("hat", kit, variant)
    seconds = stroke.near(hat.seconds, 0.2) * (0.8 + 0.2 * stroke.opening)
    noise = shaped_noise(frames, stroke.near(hat.low_hz, 0.07), hat.high_hz * stroke.opening, seconds, *stroke.keys)
    if hat.metal:
        clang = np.zeros(frames, np.float32)
        for number, ratio in enumerate(_METAL):
            clang += _tone(frames, stroke.near(0.85 * hat.low_hz * ratio, 0.02), seconds * (0.9 - 0.06 * number))
        noise += np.float32(hat.metal / len(_METAL)) * clang
    return noise


def _shaker(shaker: Shaker, kit: str, frames: int, variant: int, _tuning: int) -> Signal:
    """Grains that are thrown forward, and a little later hit the wall."""
    stroke = _Stroke("shaker", kit, variant)
    grains = shaped_noise(frames, shaker.low_hz, shaker.high_hz * stroke.opening, 0.03, *stroke.keys)
    rise = np.clip(_times(frames) / np.float32(stroke.near(0.014, 0.3)), 0.0, 1.0)
    strike: Signal = grains * rise * rise
    return strike


def _drums_of(name: str, kit: Kit) -> dict[str, Drum]:
    return {
        f"{name} kick": Drum(partial(_kick, kit.kick, name), round(0.3 + 2.6 * kit.kick.seconds, 1)),
        f"{name} snare": Drum(partial(_snare, kit.snare, name), 0.3),
        f"{name} brush": Drum(partial(_brush, kit, name), 0.36),
        f"{name} rim": Drum(partial(_rim, kit.rim, name), 0.15),
        f"{name} hat": Drum(partial(_hat, kit.hat, name), 0.2),
        f"{name} shaker": Drum(partial(_shaker, kit.shaker, name), 0.24),
    }


DRUMS: dict[str, Drum] = {drum: made for name, kit in KITS.items() for drum, made in _drums_of(name, kit).items()}
"""By kit and role: "felt kick"."""
