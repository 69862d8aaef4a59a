"""Slow motion of the sound: curves over absolute time for the pad, the textures, modulation and the fades.

Python's part is evaluated at knots on an absolute grid and joined by straight lines, so that every process
finds the same curve whatever it is asked for first.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from focuscli.music.arc import moment, tail_s
from focuscli.music.character import character_of, seed_of
from focuscli.music.curves import smoothstep
from focuscli.music.form import energy
from focuscli.music.palette import level_at
from focuscli.music.randomness import drift, fractal_drifts, uniform
from focuscli.music.signals import Curve
from focuscli.music.tempo import MODULATION_HZ, phrases, phrases_between
from focuscli.music.timeline import Piece
from focuscli.units import SAMPLE_RATE, amplitude

KNOT_S = 2.0
_OPENING_S = 0.008
_TIDE_S, _DRY = 16.0, 1.2
"""Seconds between ebb and flow; what the room adds to the voices, a dry drone has to have of itself."""
_MIDWAY = 0.5
"""The gain of the pad's bright half about which its filter opens and closes."""

_FLUTTER_S = 1.3
"""The slowest of three octaves in which a breath or a bow wavers."""
_MASKED = {8.0: 1.18, 10.0: 1.2}
"""By sixteenths of a second to the beat, of the goal's own tempi; measured (am16)."""
_WEIGHT = 0.14
"""Where in a bar its weight lies: kick, bass and chord of the first beat together, as the ear sums them."""


def _through_knots(times: Curve, value: Callable[[float], float]) -> Curve:
    first, last = math.floor(float(times[0]) / KNOT_S), math.ceil(float(times[-1]) / KNOT_S)
    knots = range(first, last + 1)
    curve: Curve = np.interp(times, [knot * KNOT_S for knot in knots], [value(knot * KNOT_S) for knot in knots])
    return curve


@lru_cache(maxsize=4096)
def _pad_knot(piece: Piece, t: float) -> float:
    character = character_of(piece)
    own = drift(t / 37.0, seed_of(piece), "pad presence")
    entry = smoothstep(t, -0.4, 2.5)
    level = amplitude(character.levels.pad + level_at(piece, "pad", t))
    return level * entry * (0.55 + 0.45 * energy(piece, t) + 0.35 * own)


@lru_cache(maxsize=4096)
def _tide_knot(piece: Piece, t: float) -> float:
    """The share of the pad's power that is not the voices'."""
    ebb, flow = character_of(piece).tide
    ahead = ebb + (flow - ebb) * smoothstep(drift(t / _TIDE_S, seed_of(piece), "tide"), 0.1, 0.9)
    return 1.0 / (1.0 + math.pow(10.0, -0.1 * ahead))


def pad_gain(piece: Piece, times: Curve, brightness: Curve) -> Curve:
    """The amplitude of the dark table, without a drone that has one to itself; `brightness` is `pad_brightness`."""
    character, gain = character_of(piece), _through_knots(times, lambda t: _pad_knot(piece, t))
    if character.pad_yields:
        gain = gain * (1.0 + brightness * brightness) ** (-0.5 * character.pad_yields)
    if character.tide == (0.0, 0.0):
        return gain
    left: Curve = gain * np.sqrt(1.0 - _through_knots(times, lambda t: _tide_knot(piece, t)))
    return left


def drone_gain(piece: Piece, times: Curve) -> Curve:
    """The amplitude of the table of a drone."""
    share = _through_knots(times, lambda t: _tide_knot(piece, t))
    gain: Curve = _through_knots(times, lambda t: _pad_knot(piece, t)) * np.sqrt(share) * _DRY
    return gain


@lru_cache(maxsize=4096)
def _expression_knot(piece: Piece, t: float) -> float:
    character = character_of(piece)
    depth = character.dynamics_lu * math.exp2(level_at(piece, "dynamics", t))
    own = drift(t / character.dynamics_s, seed_of(piece), "expression") - 0.5
    return depth * (0.6 * (energy(piece, t) - 0.5) + 0.9 * own)


def expression(piece: Piece, times: Curve) -> Curve:
    """The amplitude of the whole before its loudness is planned: phrases that grow and fall, a slow swell."""
    character = character_of(piece)
    turns = times / character.swell_s + uniform(seed_of(piece), "swell") if character.swell_s else _bars(piece, times)
    swell_db = 0.5 * character.swell_lu * np.sin(2.0 * math.pi * turns)
    level_db = _through_knots(times, lambda t: _expression_knot(piece, t)) + swell_db
    if character.flutter_lu:
        flutter = fractal_drifts(times / _FLUTTER_S, seed_of(piece), "flutter", octaves=3)
        level_db = level_db + character.flutter_lu * flutter
    gain: Curve = 10.0 ** (level_db / 20.0)
    return gain


def _bars(piece: Piece, times: Curve) -> Curve:
    """Turns that are a quarter where a bar weighs most."""
    frames = times * SAMPLE_RATE
    heard = phrases_between(piece, max(0, int(frames[0])), int(frames[-1]) + 1)
    begins = np.array([phrase.start for phrase in heard])
    lengths = np.array([phrase.bar for phrase in heard])
    place = np.maximum(0, np.searchsorted(begins, frames, "right") - 1)
    turns: Curve = (frames - begins[place]) / lengths[place] + 0.25 - _WEIGHT
    return turns


@lru_cache(maxsize=4096)
def _bright_knot(piece: Piece, t: float) -> float:
    arc = moment(piece.plain_goal, t, piece.duration_s).brightness
    filtered = amplitude(level_at(piece, "bright", t))
    return character_of(piece).brightness * arc * filtered * (0.3 + energy(piece, t))


def pad_brightness(piece: Piece, times: Curve) -> Curve:
    """The amplitude of the bright table against the dark one: a filter that opens and closes, never in step."""
    seed = seed_of(piece)
    first, second = (2.0 * math.pi * uniform(seed, "filter", number) for number in range(2))
    opening = 0.5 + 0.28 * np.sin(2.0 * math.pi * times / 17.3 + first)
    opening += 0.22 * np.sin(2.0 * math.pi * times / 29.9 + second)
    reach = character_of(piece).sweep * _through_knots(
        times, lambda t: moment(piece.plain_goal, t, piece.duration_s).brightness
    )
    gain = _MIDWAY * ((0.1 + 1.5 * opening**2.2) / _MIDWAY) ** reach
    bright: Curve = _through_knots(times, lambda t: _bright_knot(piece, t)) * gain
    return bright


@lru_cache(maxsize=4096)
def _texture_knot(piece: Piece, t: float, place: int, count: int) -> float:
    share = drift(t / 23.0, seed_of(piece), "texture")
    own = 1.0 if count == 1 else share if place else 1.0 - share
    arc = moment(piece.plain_goal, t, piece.duration_s)
    level = amplitude(level_at(piece, "other texture" if place else "texture", t))
    return level * (0.3 + 0.7 * own) * smoothstep(t, -0.5, 6.0) * min(1.0, 1.1 * arc.brightness) * arc.texture


def texture_gain(piece: Piece, times: Curve, place: int, count: int) -> Curve:
    """The amplitude of one of the textures: they take turns, waves and gusts come and go; sleep's ends early."""
    character, seed = character_of(piece), seed_of(piece)
    kind = character.textures[place]
    gain = amplitude(character.levels.texture) * _through_knots(times, lambda t: _texture_knot(piece, t, place, count))
    if character.bed_follows:
        gain = gain * _through_knots(times, lambda t: _pad_knot(piece, t)) / amplitude(character.levels.pad)
    if kind == "ocean":
        gain = gain * (0.55 + 0.45 * np.sin(2.0 * math.pi * times / 9.7 + 1.3 * np.sin(times / 6.5)))
    if kind == "breath":
        gain = gain * _through_knots(times, lambda t: 0.15 + 1.3 * drift(t / 5.9, seed, "breaths"))
    if kind == "wind":
        gain = gain * _through_knots(times, lambda t: 0.25 + 1.1 * drift(t / 5.3, seed, "gusts"))
    return gain


@lru_cache(maxsize=4096)
def _room_knot(piece: Piece, t: float) -> float:
    return amplitude(character_of(piece).levels.room + level_at(piece, "room", t))


def room_level(piece: Piece, times: Curve) -> Curve:
    """The amplitude of what is sent into the room."""
    return _through_knots(times, lambda t: _room_knot(piece, t))


def modulation_depth(piece: Piece, times: Curve) -> Curve:
    """How deep the 16 Hz dips are, 0…1: the goal's own depth or the one that was asked for, under the goal's arc.

    Deeper where sixteenths have overtones so near to 16 Hz that less is heard of the same dips.
    """
    depth = character_of(piece).modulation * _MASKED.get(phrases(piece)[0].beat * MODULATION_HZ / SAMPLE_RATE, 1.0)
    return _through_knots(times, lambda t: depth * moment(piece.plain_goal, t, piece.duration_s).modulation)


def edges(piece: Piece, times: Curve) -> Curve:
    """The first and the last fade, an amplitude: a few milliseconds from silence; then, under the closing chord,
    linear in dB and on to true silence.
    """
    left = piece.duration_s - times
    tail = tail_s(piece.plain_goal, piece.duration_s)
    opening = np.clip(times / _OPENING_S, 0.0, 1.0)
    fade: Curve = (
        opening * 10.0 ** (-2.0 * np.clip(1.0 - left / tail, 0.0, 1.0)) * np.clip((left - 0.1) / 1.5, 0.0, 1.0)
    )
    return fade
