"""The sounds of a session together: all bands with their amplitudes in time, all drops, and the power of both."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.music.curves import smoothstep
from focuscli.music.randomness import drift
from focuscli.music.signals import Curve, Signal
from focuscli.music.timeline import Piece
from focuscli.noise.colours import COLOURS
from focuscli.noise.drops import CELL_S, cells_of, energies, let_fall
from focuscli.noise.scene import Band, Scene, Sound
from focuscli.noise.spectrum import hertz, noise, powers, rows_of, times_of
from focuscli.noise.weather import WEATHER
from focuscli.noise.wishes import OF_GOAL, sounds_of
from focuscli.units import SAMPLE_RATE

SOUNDS: dict[str, Sound] = {**COLOURS, **WEATHER}

_JOINING_S = 83.0
_MOST_JOINED = 0.85
_LEARNED_S = 600.0
_MOMENTS = 400


class Mixture:
    """One session's sounds."""

    def __init__(self, piece: Piece) -> None:
        """Draws nothing yet; the levels of the sounds are balanced over ten minutes of their motion."""
        self._piece = piece
        named = sounds_of(piece)
        self._joined = not named
        self._voices = [_voice(Scene(piece, name), SOUNDS[name]) for name in named or OF_GOAL[piece.plain_goal]]
        self._bands: Signal = np.concatenate([_bands(voice.sound) for voice in self._voices])
        self._weighted, self._plain = powers(self._bands)

    def block(self, number: int) -> Signal:
        """A block before its loudness is planned, shape (2, BLOCK)."""
        times = times_of(rows_of(number))
        left, right = self._amplitudes(times)
        out = noise(number, self._piece.seed, left.astype(np.float32), right.astype(np.float32), self._bands)
        cells = cells_of(number)
        middles = (np.array(cells) + 0.5) * CELL_S
        for part, voice in enumerate(self._voices):
            level = self._level(part, middles)
            if voice.sound.drops is not None and level.max() > 0.0:
                let_fall(out, number, voice.scene, voice.sound.drops, level * voice.drops)
        return out

    def power(self, times: Curve) -> tuple[Curve, Curve]:
        """The power of both channels together at some moments, K-weighted as loudness is and plain; (times,) each."""
        left, right = self._amplitudes(times)
        weighted, plain = (
            0.5 * sum(np.einsum("ti,ij,tj->t", side, unit, side) for side in (left, right))
            for unit in (self._weighted, self._plain)
        )
        for part, voice in enumerate(self._voices):
            heard, there = _drops_power(voice.scene, voice.sound, times)
            square = (self._level(part, times) * voice.drops) ** 2
            weighted, plain = weighted + square * heard, plain + square * there
        return weighted, plain

    def _amplitudes(self, times: Curve) -> tuple[Curve, Curve]:
        """Of each band at some moments, left and right, shape (times, bands) each."""
        columns = []
        for part, voice in enumerate(self._voices):
            level = self._level(part, times) * voice.bands
            columns += [_sides(band, voice.scene, times, level) for band in voice.sound.bands]
        left, right = (np.stack([column[side] for column in columns], axis=1) for side in range(2))
        return left, right

    def _level(self, part: int, times: Curve) -> Curve:
        """The amplitude of one sound: all alike where a prompt names them; the second of a goal's joins and leaves."""
        if not self._joined:
            return np.ones(len(times))
        share = _joined(self._piece, times)
        curve: Curve = np.sqrt(share if part else 1.0 - share)
        return curve


class _Voice(NamedTuple):
    """One sound of a session, with the amplitudes that bring its bands and its drops to power 1 together."""

    scene: Scene
    sound: Sound
    bands: float
    drops: float


def _voice(scene: Scene, sound: Sound) -> _Voice:
    """Balanced over what its motion makes of it in ten minutes."""
    times = np.linspace(0.0, _LEARNED_S, _MOMENTS)
    gains = np.stack([band.gain(scene, times) for band in sound.bands], axis=1)
    bands = float(np.einsum("ti,ij,tj->t", gains, powers(_bands(sound))[0], gains).mean())
    if sound.drops is None:
        return _Voice(scene, sound, bands**-0.5, 0.0)
    drops = float(_drops_power(scene, sound, times)[0].mean())
    share = 10.0 ** (sound.drops.share_db / 10.0)
    return _Voice(scene, sound, (bands * (1.0 + share)) ** -0.5, (drops * (1.0 + 1.0 / share)) ** -0.5)


def _bands(sound: Sound) -> Signal:
    """The amplitudes of a sound's bands over frequency, shape (bands, BINS)."""
    shapes: Signal = np.array([band.shape(hertz()) for band in sound.bands], np.float32)
    shapes[:, 0] = 0.0
    return shapes


def _drops_power(scene: Scene, sound: Sound, times: Curve) -> tuple[Curve, Curve]:
    """The mean power of both channels together at amplitude 1, K-weighted and plain."""
    if sound.drops is None:
        return np.zeros(len(times)), np.zeros(len(times))
    heard, there = energies(sound.drops)
    a_frame = sound.drops.rate(scene, times) / SAMPLE_RATE
    return a_frame * heard, a_frame * there


def _sides(band: Band, scene: Scene, times: Curve, level: Curve) -> tuple[Curve, Curve]:
    gain = band.gain(scene, times) * level
    if band.pan is None:
        return gain, gain
    pan = band.pan(scene, times)
    return gain * np.sqrt(1.0 - pan), gain * np.sqrt(1.0 + pan)


def _joined(piece: Piece, times: Curve) -> Curve:
    """The second sound's share of the power: nothing without divergence, most of it now and then with all of it."""
    first, last = int(times[0] // _KNOT_S), int(times[-1] // _KNOT_S) + 1
    knots = range(first, last + 1)
    shares = [_share(piece, knot) for knot in knots]
    curve: Curve = np.interp(times, [knot * _KNOT_S for knot in knots], shares)
    return curve


_KNOT_S = 2.0


@lru_cache(maxsize=4096)
def _share(piece: Piece, knot: int) -> float:
    near = drift(knot * _KNOT_S / _JOINING_S + 100.0, piece.seed, "joining")
    return _MOST_JOINED * piece.divergence * smoothstep(near, 0.2, 0.8)
