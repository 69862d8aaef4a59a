"""The session arc: how level, tempo, density and colour move from a session's first to its last second.

Shapes after the findings collected for each purpose: a pulse that is full by minute three and a breath now
and then (focus), a tempo that falls by 12-17 % in eight minutes (relax, after Bernardi 2006 and the design of
"Weightless"), stages that grow darker and sparser and a fade of at least eight minutes (sleep, after Dickson
and Schubert 2020 and Kirk and Timmers 2024), a build and a cool-down (energize, after Karageorghis 2011).
"""

from functools import lru_cache
from typing import NamedTuple

from focuscli.model import Goal
from focuscli.music.curves import ramp, smoothstep

SLEEP_FLOOR_LU = -30.0
_DROWSY_FROM, _DROWSY_MS = 0.33, 510.0
"""From this share of a sleeper's session on nothing rises faster."""
_COOLED = 0.84
"""The factor on the tempo that a session for moving ends with; less than a hundredth of it a phrase."""
BREATH_EVERY_S = 1320.0
BREATH_S = 26.0


class Moment(NamedTuple):
    """What the arc asks for at one instant; factors are relative to the goal's own parameters."""

    level: float = 0.0
    """LU relative to the plateau."""
    tempo: float = 1.0
    density: float = 1.0
    brightness: float = 1.0
    melody: float = 1.0
    pulse: float = 1.0
    modulation: float = 1.0
    texture: float = 1.0
    attack_ms: float = 0.0
    """No note rises faster."""
    register: float = 0.0
    """Semitones that pad and keys move by."""


def tail_s(goal: Goal, duration_s: float) -> float:
    """How long the closing chord rings: the last seconds of a session, which end in silence."""
    return min(14.0 if goal is Goal.SLEEP else 9.0, 0.15 * duration_s)


@lru_cache(maxsize=4096)
def moment(goal: Goal, t: float, duration_s: float) -> Moment:
    """The arc at t seconds of a session of so many seconds; `goal` is one of the four plain goals."""
    if goal is Goal.SLEEP:
        return _sleep(t, duration_s)
    if goal is Goal.RELAX:
        return _relax(t, duration_s)
    if goal is Goal.ENERGIZE:
        return _energize(t, duration_s)
    return _focus(t, duration_s)


def turning_points(goal: Goal, duration_s: float) -> tuple[float, ...]:
    """Where the arc goes over from one of its stages into the next, in seconds; `goal` is one of the four plain goals.

    Focus arrives, stays and thins out; relax slows down, rests and leaves; sleep settles, drowses and fades; energize
    builds up, moves and cools down.
    """
    if goal is Goal.SLEEP:
        fade_s = max(0.3 * duration_s, min(480.0, 0.5 * duration_s))
        return 0.1 * duration_s, 0.35 * duration_s, duration_s - fade_s
    if goal is Goal.RELAX:
        return min(480.0, 0.6 * duration_s), duration_s - min(90.0, 0.2 * duration_s)
    if goal is Goal.ENERGIZE:
        return min(720.0, 0.5 * duration_s), duration_s - min(165.0, 0.2 * duration_s)
    return min(180.0, 0.25 * duration_s), duration_s - min(120.0, 0.2 * duration_s)


def _emerge(t: float, over_s: float, depth: float) -> float:
    return depth * (1.0 - smoothstep(t, 0.0, over_s))


def _focus(t: float, duration_s: float) -> Moment:
    arrival, thins_from = turning_points(Goal.FOCUS, duration_s)
    thin = smoothstep(t, thins_from, duration_s - 12.0)
    breath = _breath(t, duration_s)
    return Moment(
        level=_emerge(t, 12.0, -5.0),
        density=(0.75 + 0.25 * ramp(t, 0.0, arrival)) * (1.0 - 0.45 * thin),
        brightness=(0.8 + 0.2 * ramp(t, 0.0, arrival)) * (1.0 - 0.35 * thin),
        melody=1.0 - 0.4 * thin,
        pulse=(0.25 + 0.75 * ramp(t, 6.0, arrival)) * (1.0 - thin) * (1.0 - breath),
        modulation=(0.4 + 0.6 * ramp(t, 0.0, arrival)) * (1.0 - 0.5 * breath) * (1.0 - 0.5 * thin),
    )


def _breath(t: float, duration_s: float) -> float:
    """1 inside the short rest that comes every 22 minutes, never in the last five."""
    if t < BREATH_EVERY_S - BREATH_S or duration_s - t < 300.0:
        return 0.0
    since = (t + BREATH_S) % BREATH_EVERY_S
    return smoothstep(since, 0.0, 4.0) * (1.0 - smoothstep(since, BREATH_S - 4.0, BREATH_S))


def _relax(t: float, duration_s: float) -> Moment:
    calm_at, leaves_from = turning_points(Goal.RELAX, duration_s)
    calm = ramp(t, 0.0, calm_at)
    end = smoothstep(t, leaves_from, duration_s - 8.0)
    return Moment(
        level=_emerge(t, 10.0, -6.0),
        tempo=1.0 - 0.145 * calm,
        density=(1.0 - 0.2 * calm) * (1.0 - 0.4 * end),
        brightness=(1.0 - 0.12 * calm) * (1.0 - 0.3 * end),
        melody=1.0 - 0.2 * calm,
        pulse=smoothstep(t, 12.0, 60.0) * (1.0 - 0.3 * calm) * (1.0 - end),
    )


def _sleep(t: float, duration_s: float) -> Moment:
    x = t / duration_s
    *_, fades_from = turning_points(Goal.SLEEP, duration_s)
    fade = ramp(t, fades_from, duration_s)
    settled = -1.5 * ramp(x, 0.1, 0.35) - 4.5 * smoothstep(x, 0.35, 0.5)
    return Moment(
        level=_emerge(t, 8.0, -6.0) + settled + (SLEEP_FLOOR_LU - settled) * fade,
        tempo=1.0 - 0.15 * ramp(x, 0.1, 0.35),
        density=1.0 - 0.5 * ramp(x, 0.1, 0.35) - 0.3 * ramp(x, 0.35, 0.7),
        brightness=1.0 - 0.5 * ramp(x, 0.1, 0.4) - 0.3 * ramp(x, 0.4, 0.8),
        melody=1.0 - smoothstep(x, 0.12, 0.35),
        pulse=0.0,
        texture=1.0 - ramp(x, 0.15, 0.35),
        attack_ms=_DROWSY_MS if x >= _DROWSY_FROM else 0.0,
        register=-5.0 * ramp(x, 0.08, 0.45),
    )


def _energize(t: float, duration_s: float) -> Moment:
    built_at, cools_from = turning_points(Goal.ENERGIZE, duration_s)
    build = ramp(t, 0.0, built_at)
    cool = smoothstep(t, cools_from, duration_s - 10.0)
    return Moment(
        level=_emerge(t, 6.0, -4.0),
        tempo=(1.0 + 0.05 * build) * _COOLED ** ramp(t, duration_s - min(180.0, 0.22 * duration_s), duration_s - 5.0),
        density=(0.85 + 0.15 * build) * (1.0 - 0.45 * cool),
        brightness=(0.9 + 0.1 * build) * (1.0 - 0.45 * cool),
        melody=1.0 - 0.3 * cool,
        pulse=(0.35 + 0.65 * ramp(t, 2.0, min(40.0, 0.2 * duration_s))) * (1.0 - 0.75 * cool),
    )
