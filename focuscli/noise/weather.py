"""Weather and places: rain, rain on tin, sea, wind, a stream and a fire, each from bands of noise and drops."""

import numpy as np

from focuscli.music.randomness import uniform
from focuscli.music.signals import Curve
from focuscli.noise.colours import hill, slope
from focuscli.noise.drops import in_fire, in_water, on_ground, on_tin
from focuscli.noise.scene import Band, Drops, Gain, Scene, Sound, decibels


def _level(low_db: float, high_db: float, seconds: float, what: str, depth: float = 1.0) -> Gain:
    """A level for low and one for high intensity, which roams slowly."""

    def gain(scene: Scene, times: Curve) -> Curve:
        return decibels(scene.between(low_db, high_db) + depth * scene.roaming(times, seconds, what))

    return gain


def _bright(gain: Gain) -> Gain:
    """A gain under the session's arc of brightness."""
    return lambda scene, times: gain(scene, times) * scene.brightness(times)


def _alive(gain: Gain, depth_db: float, seconds: float, what: str) -> Gain:
    """A gain that trembles as well."""
    return lambda scene, times: gain(scene, times) * decibels(depth_db * scene.wander(times, seconds, what))


def _wide(seconds: float, what: str, depth: float) -> Gain:
    """Slowly from side to side."""
    return lambda scene, times: np.clip(depth * scene.wander(times, seconds, what), -0.8, 0.8)


# rain

_SHOWER = _alive(_level(-3.0, 2.5, 43.0, "shower", 1.3), 0.9, 3.7, "squall")


def _rain_rate(low: float, high: float) -> Gain:
    return lambda scene, times: scene.between(low, high) * decibels(1.8 * scene.roaming(times, 43.0, "shower"))


_RAIN_BANDS = (
    Band(lambda f: 0.75 * hill(330.0, 1.7)(f), _level(-7.0, 1.0, 37.0, "far")),
    Band(lambda f: 0.55 * hill(1500.0, 1.5)(f), _SHOWER, _wide(31.0, "rain", 0.25)),
    Band(lambda f: 0.25 * hill(5200.0, 1.1)(f), _bright(_SHOWER), _wide(23.0, "spray", 0.3)),
)
_RAIN = Sound(_RAIN_BANDS, Drops(_rain_rate(15.0, 130.0), on_ground, -2.5))
_TIN = Sound(
    (*_RAIN_BANDS[:2], Band(lambda f: 0.3 * hill(3100.0, 0.9)(f), _bright(_SHOWER))),
    Drops(_rain_rate(26.0, 90.0), on_tin, -2.0),
)


# sea

_PERIOD_S = 9.5
"""From one wave to the next on a calm day; they come as they like."""
_LEFT_S, _RIGHT_S = 26.0, 8.0
"""A wave is heard so long after it breaks, and so long before."""


def _breaking(what: str, rise_s: float, fall_s: float, delay_s: float, power: float) -> Gain:
    """Waves, one after the other: each swells, breaks and runs out, with a strength and a pace of its own.

    In each band, named by `what`, it comes a little earlier or later, steeper or flatter, and torn by turbulence.
    """

    def gain(scene: Scene, times: Curve) -> Curve:
        seed, period = scene.piece.seed, _PERIOD_S * scene.between(1.25, 0.8)
        total = np.full(len(times), 0.02)
        for number in range(int((times[0] - _LEFT_S) // period), int((times[-1] + _RIGHT_S) // period) + 1):
            when, strength, pace = (
                uniform(seed, scene.name, "wave", number, of) for of in ("when", "strength", "pace")
            )
            late, steep, long = (uniform(seed, scene.name, what, number, of) for of in ("late", "steep", "long"))
            breaks = (number + 0.75 * (when - 0.5)) * period + delay_s + 1.6 * (late - 0.5)
            since = (times - breaks) / (0.7 + 0.7 * pace)
            rise, fall = rise_s * 2.2 ** (steep - 0.5), fall_s * 2.6 ** (long - 0.5)
            shape = np.where(since < 0.0, np.exp(-((since / rise) ** 2)), np.exp(-np.maximum(since, 0.0) / fall))
            total += (0.25 + 0.75 * strength) ** power * shape
        sets = 1.2 * scene.wander(times, 67.0, "sets") + 0.8 * scene.roaming(times, 89.0, "swell")
        torn = 1.6 * scene.wander(times, 1.4, what) + 0.9 * scene.wander(times, 0.6, f"{what} spray")
        curve: Curve = total * decibels(sets + torn) * scene.between(0.8, 1.2)
        return curve

    return gain


def _along_the_beach(scene: Scene, times: Curve) -> Curve:
    return np.clip(0.5 * scene.wander(times, 7.0, "beach"), -0.7, 0.7)


_SEA = Sound(
    (
        Band(lambda f: 0.26 * slope(-0.4)(f) * hill(420.0, 2.2)(f), _level(-2.0, 2.0, 61.0, "far surf", 0.6)),
        Band(lambda f: 0.7 * hill(140.0, 1.0)(f), _breaking("thud", 1.9, 1.7, 0.0, 1.6)),
        Band(
            lambda f: 0.85 * slope(-0.5)(f) * hill(620.0, 1.6)(f),
            _breaking("body", 1.3, 2.2, 0.3, 1.3),
            _along_the_beach,
        ),
        Band(lambda f: 0.42 * hill(2300.0, 1.2)(f), _bright(_breaking("crash", 0.6, 2.6, 0.7, 1.4)), _along_the_beach),
        Band(
            lambda f: 0.2 * hill(6300.0, 0.9)(f),
            _bright(_breaking("foam", 0.9, 3.9, 2.1, 1.2)),
            _wide(5.0, "foam", 0.5),
        ),
    )
)


# wind

_EDGES_HZ = (170.0, 240.0, 340.0, 480.0, 680.0, 960.0)


def _gust(scene: Scene, times: Curve) -> Curve:
    """How hard it blows: about 1, 0.2 in a lull, 3 in a squall."""
    depth = scene.between(0.7, 1.05) * (1.0 + 0.35 * scene.piece.divergence)
    slow, quick = scene.wander(times, 29.0, "weather", 2), scene.wander(times, 8.3, "gust", 5)
    curve: Curve = np.exp(depth * (0.55 * slow + 0.75 * quick) + scene.between(-0.25, 0.2))
    return curve


def _whistle(hz: float) -> Gain:
    """Wind round an edge: it sings higher the harder it blows (Strouhal), so bands take turns."""

    def gain(scene: Scene, times: Curve) -> Curve:
        blows = _gust(scene, times)
        centre = np.log2(330.0) + 0.75 * np.log2(blows) + 0.2 * scene.wander(times, 13.0, "edge")
        near: Curve = np.exp(-(((np.log2(hz) - centre) / 0.5) ** 2))
        return near * blows**1.1

    return gain


_WIND = Sound(
    (
        Band(lambda f: 0.5 * hill(210.0, 1.5)(f), lambda scene, times: _gust(scene, times) ** 0.8),
        *(
            Band(lambda f, hz=hz: 0.8 * hill(hz, 0.28)(f), _whistle(hz), _wide(11.0, f"edge {hz}", 0.45))  # type: ignore[misc]
            for hz in _EDGES_HZ
        ),
        Band(
            lambda f: 0.16 * hill(3400.0, 1.2)(f),
            _bright(lambda scene, times: _gust(scene, times) ** 1.5 * decibels(scene.wander(times, 1.7, "leaves"))),
            _wide(9.0, "leaves", 0.4),
        ),
    )
)


# stream and fire


def _bubbling(scene: Scene, times: Curve) -> Curve:
    curve: Curve = scene.between(16.0, 46.0) * decibels(3.0 * scene.wander(times, 4.1, "bubbling", 4))
    return curve


_STREAM = Sound(
    (
        Band(lambda f: 0.5 * hill(240.0, 1.4)(f), _alive(_level(-3.0, 3.0, 53.0, "depth"), 1.9, 1.9, "gurgle")),
        Band(
            lambda f: 0.5 * hill(1100.0, 1.2)(f),
            _alive(_level(-1.0, 1.0, 47.0, "run"), 1.6, 1.3, "run"),
            _wide(7.0, "run", 0.3),
        ),
        Band(
            lambda f: 0.26 * hill(3900.0, 1.2)(f),
            _bright(_alive(_level(-2.0, 2.0, 41.0, "splash"), 2.2, 0.9, "splash")),
            _wide(5.0, "splash", 0.4),
        ),
    ),
    Drops(_bubbling, in_water, -6.0),
)


def _crackling(scene: Scene, times: Curve) -> Curve:
    """Crackles come in flocks."""
    flock = np.maximum(0.0, scene.wander(times, 3.3, "flock", 4) + 0.25) ** 2
    curve: Curve = scene.between(7.0, 20.0) * (0.25 + 3.0 * flock)
    return curve


_FIRE = Sound(
    (
        Band(lambda f: 0.6 * hill(110.0, 0.9)(f), _alive(_level(-1.0, 2.0, 37.0, "roar"), 2.6, 0.8, "flames"), None),
        Band(
            lambda f: 0.4 * slope(-0.5)(f) * hill(650.0, 1.6)(f),
            _alive(_level(-2.0, 2.0, 31.0, "draw"), 1.8, 0.6, "draw"),
        ),
        Band(
            lambda f: 0.12 * hill(4600.0, 1.2)(f),
            _bright(_alive(_level(-2.0, 1.0, 29.0, "sizzle"), 2.0, 1.1, "sizzle")),
            _wide(6.0, "sizzle", 0.4),
        ),
    ),
    Drops(_crackling, in_fire, -8.0),
)

WEATHER: dict[str, Sound] = {
    "rain": _RAIN,
    "tin": _TIN,
    "sea": _SEA,
    "wind": _WIND,
    "stream": _STREAM,
    "fire": _FIRE,
}
