"""The pads' timbres: slope, filter, two vowels to move between, an octave's shimmer, and how it all wanders."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.music.randomness import Key, Stream
from focuscli.music.signals import Curve
from focuscli.music.tones import Resonances, resonant

WIDE_HZ, DARK_HZ = 650.0, 560.0


class Motion(NamedTuple):
    """A wave over the spectrum: the gain at a frequency goes up and down and, higher up, later."""

    cycles: int
    """In one round of a table (about five seconds)."""
    depth: float
    """0…1 of the gain above `from_hz`, an octave wide at its beginning."""
    from_hz: float
    turns: float
    """By how many turns an octave higher is later: 0 moves a filter, 0.5 a travelling formant, 3 a shimmer."""


class Timbre(NamedTuple):
    """How a pad sounds."""

    slope: float
    """The h-th partial has amplitude h^-slope."""
    even: float
    """Amplitude of even partials against odd ones."""
    cut_hz: float
    width_cents: float
    motion: Motion
    vowel: Resonances = ()
    """Resonances that stay where they are while the pitch moves."""
    other_vowel: Resonances = ()
    """Where the first vowel goes to and comes back from, once in `motion.cycles`; the same number of formants."""
    octave: float = 0.0
    """A second choir an octave higher, in the bright table only."""
    most: int = 40
    """Partials of a voice."""
    dark_hz: float = DARK_HZ
    """Where the dark table's filter cuts, if not `cut_hz` does before."""
    wide_hz: float = WIDE_HZ
    """From here on left and right are as far apart as they get."""


_TIDE, _SLOW = Motion(1, 0.75, 500.0, 0.45), Motion(1, 0.6, 600.0, 0.0)
_TWINKLE = Motion(2, 0.9, 900.0, 2.7)

_AH: Resonances = ((700.0, 0.45, 3.0), (1150.0, 0.35, 2.2), (2600.0, 0.35, 1.8))
_OH: Resonances = ((450.0, 0.45, 3.0), (800.0, 0.35, 2.2), (2500.0, 0.35, 0.9))
_OO: Resonances = ((320.0, 0.45, 2.6), (700.0, 0.4, 1.4), (2300.0, 0.35, 0.4))
_EE: Resonances = ((340.0, 0.45, 2.2), (2100.0, 0.35, 2.6), (2900.0, 0.35, 1.8))

TIMBRES: dict[str, Timbre] = {
    "strings": Timbre(1.0, 0.95, 3400.0, 19.0, _TIDE),
    "warm": Timbre(1.35, 0.6, 1800.0, 14.0, _SLOW),
    "choir": Timbre(1.05, 0.9, 3000.0, 23.0, Motion(1, 0.5, 500.0, 0.0), _AH, _OH),
    "glass": Timbre(1.1, 0.35, 4200.0, 9.0, _TWINKLE, ((2100.0, 0.8, 1.2),)),
    "ooh": Timbre(1.15, 0.9, 2400.0, 21.0, Motion(1, 0.3, 500.0, 0.0), _OO, _AH),
    "vowels": Timbre(0.95, 0.9, 3200.0, 16.0, Motion(2, 0.3, 600.0, 0.2), _OH, _EE),
    "shimmer": Timbre(1.2, 0.8, 3600.0, 17.0, _TWINKLE, octave=0.7),
    "tide": Timbre(0.9, 1.0, 3600.0, 15.0, Motion(1, 0.95, 350.0, 0.7)),
    "reed": Timbre(0.8, 0.25, 2200.0, 11.0, Motion(2, 0.6, 500.0, 0.3), ((900.0, 0.6, 1.2),)),
    "horns": Timbre(0.85, 0.95, 1300.0, 13.0, Motion(1, 0.85, 450.0, 0.08), ((480.0, 0.5, 1.3),)),
    "organ": Timbre(0.7, 0.85, 2600.0, 7.0, Motion(3, 0.45, 450.0, 1.3), most=12),
    "deep": Timbre(1.15, 0.65, 1600.0, 12.0, Motion(1, 0.4, 600.0, 0.3)),
    "hush": Timbre(1.05, 0.9, 1700.0, 22.0, Motion(1, 0.5, 400.0, 0.4)),
    "haze": Timbre(1.1, 0.8, 2800.0, 46.0, Motion(1, 0.7, 500.0, 1.1), octave=0.3),
}


@lru_cache(maxsize=64)
def timbre_of(names: tuple[str, ...], renewal: int, *keys: Key) -> Timbre:
    """The pad's sound after a renewal: one of the names, played a little differently each time.

    A session begins with one of the first three, and a sleeper's returns to it.
    """
    draw = Stream(*keys, "timbre", renewal)
    timbre = TIMBRES[draw.choice(names if renewal else names[:3])]
    return timbre._replace(
        slope=timbre.slope * draw.between(0.94, 1.08),
        cut_hz=timbre.cut_hz * draw.between(0.8, 1.25),
        width_cents=timbre.width_cents * draw.between(0.8, 1.25),
    )


def stirred(timbre: Timbre, *keys: Key) -> Timbre:
    """The same sound, moving in a way of its own: a table comes round every five seconds, a long chord holds it often
    enough to be known by, and the next one should not come as the same."""
    draw, motion = Stream(*keys, "stir"), timbre.motion
    return timbre._replace(
        motion=motion._replace(
            depth=motion.depth * draw.between(0.8, 1.2),
            from_hz=motion.from_hz * draw.between(0.6, 1.3),
            turns=draw.between(-0.9, 0.9),
        )
    )


def strayed(timbre: Timbre, octaves: float, *keys: Key) -> Timbre:
    """The sound as another player has it, its filters up to so many octaves lower and a fraction as many higher."""
    draw = Stream(*keys, "stray")
    dark, bright = (2.0 ** (octaves * draw.between(*reach)) for reach in ((-0.55, 0.15), (-0.5, 0.05)))
    slope = timbre.slope * 2.0 ** (octaves * draw.between(-0.3, 0.12))
    return timbre._replace(dark_hz=timbre.dark_hz * dark, cut_hz=timbre.cut_hz * bright, slope=slope)


def mean_gain(timbre: Timbre, frequency: Curve) -> Curve:
    """What the vowels do to each frequency, averaged over the motion."""
    gain = resonant(frequency, timbre.vowel)
    if timbre.other_vowel:
        gain = 0.5 * (gain + resonant(frequency, timbre.other_vowel))
    return gain


def swing(timbre: Timbre, frequency: Curve) -> Curve:
    """How far each frequency's gain goes up and down about its mean, -1…1: the filter's depth and the vowels'."""
    motion = timbre.motion
    depth: Curve = motion.depth * np.clip(np.log2(frequency / motion.from_hz), 0.0, 1.0)
    if timbre.other_vowel:
        here, there = resonant(frequency, timbre.vowel), resonant(frequency, timbre.other_vowel)
        depth = depth + (there - here) / (there + here)
    bounded: Curve = np.clip(depth, -0.95, 0.95)
    return bounded
