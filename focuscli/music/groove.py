"""The groove: the beats of each style with their variations, and where and how strongly a sixteenth falls."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.music.randomness import Stream, fractal_drifts

ENSEMBLE_SD_MS = 4.0
"""Everyone leans together, by 1/f errors (Hennig et al. 2011); more than about 8 ms sounds careless."""
PLAYER_SD_MS = 1.6
GHOST = 0.3
"""Strikes below this strength are ghosts, which do not come in every bar."""

_SLOTS_PER_BEAT = 4

Strikes = tuple[tuple[int, float], ...]
"""(Sixteenth, strength)."""


def strikes(line: str) -> Strikes:
    """A bar written as sixteen characters: a digit is a strength in tenths, a dot a rest."""
    return tuple((slot, int(mark) / 10.0) for slot, mark in enumerate(line) if mark != ".")


class Beat(NamedTuple):
    """A bar of drums."""

    kick: Strikes = ()
    snare: Strikes = ()
    hat: Strikes = ()
    shaker: Strikes = ()
    snare_sound: str = "snare"


def _beat(kick: str = "", snare: str = "", hat: str = "", shaker: str = "", snare_sound: str = "snare") -> Beat:
    return Beat(strikes(kick), strikes(snare), strikes(hat), strikes(shaker), snare_sound)


BEATS: dict[str, tuple[Beat, ...]] = {
    "tick": (
        _beat("", "............2...", "....3.......3...", "2...2...2...2...", "rim"),
        _beat("", "....2...........", "..2...3...2...3.", "3.......2.......", "rim"),
        _beat("", "..........2.....", "2...3...2...3...", "..2...2...2...2.", "rim"),
        _beat("", "......2.....2...", "....3.....2.3...", "2.2.3.2.2.2.3.2.", "rim"),
    ),
    "soft": (
        _beat("9......4..7.....", "....6.......7...", "5.4.5.4.5.4.5.4.", "3...3...3...3..."),
        _beat("9.....4...7.....", "....6.......7..2", "5.4.5.4.5.4.5.4.", "2.2.3.2.2.2.3.2."),
        _beat("9.........7...4.", "....6....1..7...", "5.4.5.4.5.4.5.4.", "..3...3...3...3."),
        _beat("9..4....7.......", "....6..1....7...", "5.4.5.4.5.4.5.4.", "3.......3......."),
        _beat("9.......7..4....", "....6.......7...", "4.5.4.5.4.5.4.5.", "2.3.2.3.2.3.2.3."),
        _beat("9.........6.....", "........7......1", "5...4.4.5...4.4.", "2.2.3.2.2.2.3.2."),
        _beat("9.......7.....4.", "....6.......6...", "4.4.5.4.4.4.5.44", "3...2...3...2...", "rim"),
        _beat("9.....4.7.......", "....6..2....7.1.", "3.5...5.3.5..35.", "2.2.2.2.2.2.2.2."),
    ),
    "four": (
        _beat("8...7...8...7...", "....4.......5...", "..6...6...6...6.", "2.3.2.3.2.3.2.3.", "rim"),
        _beat("8...7...8...7...", "............5...", "3.5.3.6.3.5.3.6.", "..3...3...3...3.", "rim"),
        _beat("8...8...8...8...", "....4.......5..2", "..6...6...6...6.", "3121312131213121", "rim"),
        _beat("8...7...8...7.3.", "......3.....4...", "3.6.3.6.3.6.3.6.", "2..22..22..22.2.", "rim"),
        _beat("8...7...8...7...", "....5.......5...", "..5...5...5...5.", "2.2.3.2.2.2.3.2.", "brush"),
    ),
    "pulse": (
        _beat("4...............", "", "", "....3.......3..."),
        _beat("4.......2..2....", "", "", "....2.......3..."),
        _beat("4.......3.......", "", "", "....3.....2.3..."),
        _beat("4.....2.........", "", "", "..3...2...3...2."),
    ),
    "brush": (
        _beat("4.........3.....", "....3.......4...", "..2...2...2...2.", "3.2.3.2.3.2.3.2.", "brush"),
        _beat("4...............", "....3......24...", "....3.......3...", "2.3.2.3.2.3.2.3.", "brush"),
        _beat("4.......3.......", "....4..2....4...", "..3...2...3...2.", "3.2.3.2.3.2.3.2.", "brush"),
        _beat("4......2..3.....", "..2.3.....2.4...", "2.....2...2.....", "2.2.3.2.2.2.3.2.", "brush"),
    ),
    "light": (
        _beat("9.......7..4....", "....6.......6...", "5.4.5.4.5.4.5.4.", "3...3...3...3..."),
        _beat("9.....5.6.......", "....6.......6.2.", "..5...5...5.4.5.", "2.3.2.3.2.3.2.3."),
        _beat("9...8...9...8...", "....5.......6...", "..6...6...6...6.", "2.2.3.2.2.2.3.2."),
        _beat("9.....6...6.....", "....6..1....6..2", "5.4.5.4.5.4.5.44", "..3...3...3...3."),
        _beat("9..4....8.......", "....6.......6...", "5...5.3.5...5.3.", "..3...3...3...3."),
    ),
    "full": (
        _beat("9...9...9...9...", "....6.......6...", "..6...6...6...6.", "3212321232123212"),
        _beat("9...9...9...9.3.", "....6.......6...", "4.6.4.6.4.6.4.6.", "..3...3...3...3."),
        _beat("9.....6.6...8...", "....6..2....6...", "5.5.5.5.5.5.5.5.", "2.3.2.3.2.3.2.3."),
        _beat("9...9...9.3.9...", "....5....1..6...", "..6...6...6...6.", "3121312131213121"),
        _beat("9...9...9...9..4", "....6.....2.6..2", "..6...6...6..36.", "2.3.2.3.2.3.2.3."),
        _beat("9..6..6.9...8...", "....6.......6..2", "4.6.4.6.4.6.446.", "3212321232123212"),
        _beat("9.....7..7..8...", "....7.......7...", "5.4.5.4.5.4.5.44", "..3...3...3...3."),
        _beat("9...8..6..8.9...", "....6.......6...", "..6...6...6.4.6.", "3212321232123212"),
        _beat("9..7..8...8.7...", "....6..2....6.2.", "5.4.6.4.5.4.6.4.", "..3...3...3...3."),
        _beat("9...9...8...9.5.", "....6.......6..3", "..6...6...6.4.6.", "2.3.2.3.2.3.2.3."),
    ),
}  # fmt: skip
"""A focusing groove is plain; medium syncopation, which moves most (Witek et al. 2014), is for energize alone."""

FILLS: tuple[Strikes, ...] = tuple(
    strikes(line)
    for line in ("...........4.556", "............5.67", "........4.4.5567", "..........34..67", "......3..4..5.67")
)


@lru_cache(maxsize=128)
def beats_of(style: str, seed: int, renewal: int, section: int) -> tuple[Beat, Beat, Beat, Beat]:
    """The beats of a phrase's bars: one in force, answered by a variation, and a turn before the next phrase."""
    beat = Stream(seed, "groove", renewal).choice(BEATS[style])
    draw = Stream(seed, "beats", renewal, section)
    answer = _varied(beat, draw)
    return beat, answer, _varied(_varied(beat, draw), draw), _turned(_varied(beat, draw), draw)


def _varied(beat: Beat, draw: Stream) -> Beat:
    """One kick off the half bar more or less, one ghost of the snare, or a beat without the hat."""
    what = draw.choice(("kick", "snare", "hat", "kick and snare", "kick and hat"))
    kick, snare, hat = beat.kick, beat.snare, beat.hat
    if "kick" in what and kick:
        weak = [strike for strike in kick if strike[0] % 8]
        if weak and draw.chance(0.5):
            gone = draw.choice(weak)
            kick = tuple(strike for strike in kick if strike != gone)
        else:
            kick = _with(kick, draw.choice((3, 7, 10, 11, 14)), 0.5)
    if "snare" in what and snare:
        snare = _with(snare, draw.choice((7, 9, 15)), 0.18)
    if "hat" in what and hat:
        silent = draw.choice((0, 1, 2, 3))
        hat = tuple((slot, strength * 1.05) for slot, strength in hat if slot // _SLOTS_PER_BEAT != silent)
    return beat._replace(kick=kick, snare=snare, hat=hat)


def _turned(beat: Beat, draw: Stream) -> Beat:
    """What leads over a barline: the hat pauses or hurries, a ghost or a kick comes before the one."""
    kick, snare, hat = beat.kick, beat.snare, beat.hat
    if draw.chance(0.5):
        hat = tuple(strike for strike in hat if strike[0] < 12) if draw.chance(0.5) else _with(hat, 15)
    if snare and draw.chance(0.6):
        snare = _with(snare, draw.choice((14, 15)), 0.24)
    elif kick:
        kick = _with(kick, 14)
    return beat._replace(kick=kick, snare=snare, hat=hat)


def _with(line: Strikes, slot: int, strength: float = 0.36) -> Strikes:
    taken = any(other == slot for other, _ in line)
    return line if taken or not line else tuple(sorted((*line, (slot, strength))))


class Feel(NamedTuple):
    """How a phrase is played, by sixteenth: lateness of the whole ensemble and a factor on velocity."""

    late_ms: list[float]
    accents: list[float]


_METRE = np.array([1.08, 0.92, 0.97, 0.92, 1.0, 0.92, 0.97, 0.92] * 2)
_ARC_BARS = 8


@lru_cache(maxsize=256)
def feel_of(seed: int, first_bar: int, bars: int) -> Feel:
    """Slow, correlated lateness; an arc over eight bars, the metre and 1/f wandering for velocity."""
    place = first_bar + np.arange(bars * _SLOTS_PER_BEAT) / _SLOTS_PER_BEAT
    lean = ENSEMBLE_SD_MS * 1.6 * fractal_drifts(place / 2.0, seed, "lean")
    wandering = 1.0 + 0.14 * fractal_drifts(place, seed, "accent")
    x = place % _ARC_BARS / _ARC_BARS
    arc = 0.93 + 0.56 * x * (1.0 - x)
    accents = np.repeat(arc * wandering, _SLOTS_PER_BEAT) * np.tile(_METRE, bars)
    return Feel(np.repeat(lean, _SLOTS_PER_BEAT).tolist(), accents.tolist())


def swung(slot: int, swing: float) -> float:
    """Where a sixteenth falls, in sixteenths: every second one comes late by the swing (0.5 = straight)."""
    return slot + (2.0 * (swing - 0.5) if slot % 2 == 1 else 0.0)
