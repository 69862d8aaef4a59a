"""The colours of noise: white, pink and brown, by their slopes of 0, -3 and -6 dB an octave, and air through a vent."""

from collections.abc import Callable

import numpy as np

from focuscli.music.signals import Curve
from focuscli.noise.scene import Band, Gain, Scene, Sound, decibels

_SPLIT_HZ = 2200.0
_RUMBLE_HZ = 32.0
_HISS_HZ = 17_000.0


def audible(f: Curve) -> Curve:
    """Neither rumble below hearing nor hiss above it."""
    band: Curve = 1.0 / (1.0 + (_RUMBLE_HZ / f) ** 4) / (1.0 + (f / _HISS_HZ) ** 12)
    return band


def slope(exponent: float) -> Callable[[Curve], Curve]:
    """f^exponent, 1 at a kilohertz."""
    return lambda f: (f / 1000.0) ** exponent * audible(f)


def below(shape: Callable[[Curve], Curve], hz: float) -> Callable[[Curve], Curve]:
    """The lower part of a shape; with `above` of the same frequency it is the shape again."""
    return lambda f: shape(f) / (1.0 + (f / hz) ** 2)


def above(shape: Callable[[Curve], Curve], hz: float) -> Callable[[Curve], Curve]:
    """The upper part of a shape."""
    return lambda f: shape(f) * (1.0 - 1.0 / (1.0 + (f / hz) ** 2))


def hill(hz: float, octaves: float) -> Callable[[Curve], Curve]:
    """A hill on the scale of pitch."""
    return lambda f: np.exp(-((np.log2(f / hz) / octaves) ** 2)) * audible(f)


def _steady(scene: Scene, times: Curve) -> Curve:
    return decibels(0.25 * scene.roaming(times, 71.0, "body"))


def _treble(scene: Scene, times: Curve) -> Curve:
    tone = scene.between(-2.4, 2.0) + 0.7 * scene.roaming(times, 53.0, "treble")
    return decibels(tone) * scene.brightness(times)


def _colour(exponent: float) -> Sound:
    shape = slope(exponent)
    return Sound((Band(below(shape, _SPLIT_HZ), _steady), Band(above(shape, _SPLIT_HZ), _treble)))


def _flutter(scene: Scene, times: Curve) -> Curve:
    """A fan is never quite even: the air leans on its blades."""
    return decibels(0.8 * scene.wander(times, 1.1, "flutter") + 0.5 * scene.roaming(times, 61.0, "fan"))


def _draught(scene: Scene, times: Curve) -> Curve:
    tone = scene.between(-5.0, 3.0) + 0.6 * scene.wander(times, 0.9, "draught") + scene.roaming(times, 47.0, "vent")
    return decibels(tone) * scene.brightness(times)


_VENT: tuple[tuple[Callable[[Curve], Curve], Gain], ...] = (
    (lambda f: slope(-0.85)(f) / (1.0 + (f / 420.0) ** 2), _flutter),
    (lambda f: 0.5 * hill(560.0, 1.3)(f), _flutter),
    (lambda f: 0.22 * hill(2100.0, 1.25)(f), _draught),
)

COLOURS: dict[str, Sound] = {
    "white": _colour(0.0),
    "pink": _colour(-0.5),
    "brown": _colour(-1.0),
    "air": Sound(tuple(Band(shape, gain) for shape, gain in _VENT)),
}
