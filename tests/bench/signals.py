"""Sounds whose figures are known beforehand."""

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 48_000


def seconds(duration_s: float) -> NDArray[np.float64]:
    return np.arange(round(duration_s * RATE)) / RATE


def stereo(wave: NDArray[np.float64]) -> Sound:
    return np.stack([wave, wave], axis=1).astype(np.float32)


def noise(duration_s: float, seed: int = 0, level: float = 0.1) -> Sound:
    wave = level * np.random.default_rng(seed).standard_normal((round(duration_s * RATE), 2))
    return wave.astype(np.float32)


def tones(duration_s: float, hertz: list[float], level: float = 0.1) -> Sound:
    t = seconds(duration_s)
    return stereo(level * sum(np.sin(2 * np.pi * f * t + k) for k, f in enumerate(hertz)))


def metronome(duration_s: float, every_s: float, jitter_ms: float = 0.0) -> Sound:
    wave = np.zeros(round(duration_s * RATE))
    generator = np.random.default_rng(3)
    t = seconds(0.15)
    tick = np.sin(2 * np.pi * 1200 * t) * np.exp(-t / 0.012) * np.minimum(1.0, t / 0.001)
    for beat in np.arange(0.1, duration_s - 0.2, every_s):
        start = round((beat + generator.normal() * jitter_ms / 1000) * RATE)
        wave[start : start + len(tick)] += 0.5 * tick
    return stereo(wave) + noise(duration_s, 1, 1e-4)


def tune(duration_s: float, seed: int = 0) -> Sound:
    """Tones of random pitch and length that fade."""
    generator = np.random.default_rng(seed)
    wave, at = np.zeros(round((duration_s + 2.0) * RATE)), 0.0
    t = seconds(1.5)
    while at < duration_s:
        hertz = 110.0 * 2.0 ** (generator.integers(0, 36) / 12.0)
        note = sum(np.sin(2 * np.pi * k * hertz * t) / k**1.5 for k in range(1, 8)) * np.exp(-3.0 * t)
        start = round(at * RATE)
        wave[start : start + len(note)] += 0.1 * note * np.minimum(1.0, t / 0.005)
        at += float(generator.choice([0.2, 0.3, 0.5, 0.8]))
    return stereo(wave[: round(duration_s * RATE)])
