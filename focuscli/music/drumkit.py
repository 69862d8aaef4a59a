"""The drums as sounds: a swept sine, shaped noises and short tones, each in a few variants."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from focuscli.music.instruments import hertz
from focuscli.music.noise import normals
from focuscli.music.randomness import Stream
from focuscli.music.signals import Signal
from focuscli.music.spectra import bin_hertz, forward, inverse
from focuscli.units import SAMPLE_RATE


class Drum(NamedTuple):
    """How a strike is made and how long it lasts."""

    strike: Callable[[int, int, int], Signal]
    """From frames, variant and tuning to shape (2, frames)."""
    seconds: float


def _times(frames: int, rate: int = SAMPLE_RATE) -> Signal:
    return np.arange(frames, dtype=np.float32) / np.float32(rate)


def _decay(frames: int, seconds: float, rate: int = SAMPLE_RATE) -> Signal:
    decay: Signal = np.exp(_times(frames, rate) * np.float32(-1.0 / seconds))
    return decay


def shaped_noise(
    frames: int, low: float, high: float, seconds: float, *keys: str | int, rate: int = SAMPLE_RATE
) -> Signal:
    """Stereo noise between two frequencies that decays, unit peak; shape (2, frames)."""
    spectrum = forward(normals(2 * frames, *keys).reshape(2, frames))
    frequency = np.maximum(1.0, bin_hertz(frames, rate))
    shape = 1.0 / np.sqrt((1.0 + (low / frequency) ** 6) * (1.0 + (frequency / high) ** 6))
    noise: Signal = inverse(spectrum * shape.astype(np.float32), frames) * _decay(frames, seconds, rate)
    noise /= np.abs(noise).max()
    return noise


def _kick(frames: int, variant: int, tuning: int) -> Signal:
    t = _times(frames).astype(np.float64)
    ground = hertz(tuning) if tuning else 50.0
    sweep = ground * t + 85.0 * 0.02 * -np.expm1(-t / 0.02) + 90.0 * 0.005 * -np.expm1(-t / 0.005)
    body = np.tanh(1.5 * np.sin(2.0 * math.pi * sweep) * np.exp(-t / 0.11)).astype(np.float32)
    click = shaped_noise(frames, 300.0, 3500.0, 0.004, "kick", variant)
    strike: Signal = np.stack((body, body)) + np.float32(0.16) * click.mean(axis=0)
    return strike


def _snare(frames: int, variant: int, _tuning: int) -> Signal:
    draw = Stream("snare", variant)
    tone = np.sin(2.0 * np.float32(math.pi * draw.between(182.0, 192.0)) * _times(frames))
    body = np.float32(0.4) * tone * _decay(frames, 0.05)
    rattle = shaped_noise(frames, 1100.0, 10_500.0, draw.between(0.05, 0.065), "snare", variant)
    strike: Signal = np.float32(0.6) * rattle + body
    return strike


def _brush(frames: int, variant: int, _tuning: int) -> Signal:
    sweep = shaped_noise(frames, 900.0, 8_000.0, 0.09, "brush", variant)
    rise = np.clip(_times(frames) / np.float32(0.02), 0.0, 1.0)
    strike: Signal = sweep * rise
    return strike


def _rim(frames: int, variant: int, _tuning: int) -> Signal:
    tone = np.sin(2.0 * np.float32(math.pi * (1650.0 + 30.0 * variant)) * _times(frames))
    knock = np.float32(0.45) * shaped_noise(frames, 1200.0, 6000.0, 0.009, "rim", variant)
    strike: Signal = knock + np.float32(0.4) * tone * _decay(frames, 0.012)
    return strike


def _hat(frames: int, variant: int, _tuning: int) -> Signal:
    draw = Stream("hat", variant)
    return shaped_noise(frames, draw.between(6300.0, 7300.0), 17_000.0, draw.between(0.02, 0.032), "hat", variant)


def _shaker(frames: int, variant: int, _tuning: int) -> Signal:
    grains = shaped_noise(frames, 4600.0, 14_000.0, 0.032, "shaker", variant)
    rise = np.clip(_times(frames) / np.float32(0.016), 0.0, 1.0)
    strike: Signal = grains * rise * rise
    return strike


DRUMS: dict[str, Drum] = {
    "kick": Drum(_kick, 0.6),
    "snare": Drum(_snare, 0.4),
    "brush": Drum(_brush, 0.45),
    "rim": Drum(_rim, 0.15),
    "hat": Drum(_hat, 0.2),
    "shaker": Drum(_shaker, 0.24),
}
