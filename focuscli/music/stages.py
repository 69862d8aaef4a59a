"""The stages of a session's arc, by name: what a listener is told of it."""

from dataclasses import dataclass
from itertools import pairwise

from focuscli.model import Goal
from focuscli.music.arc import turning_points

_NAMES: dict[Goal, tuple[tuple[str, str], ...]] = {
    Goal.FOCUS: (
        ("arriving", "density, brightness and pulse rise until they are full"),
        ("working", "steady, with a breath every 22 minutes"),
        ("leaving", "sparser and darker, and the pulse goes"),
    ),
    Goal.RELAX: (
        ("slowing", "the tempo falls, and with it density and brightness"),
        ("resting", "slow and steady"),
        ("leaving", "sparser and darker"),
    ),
    Goal.SLEEP: (
        ("evening", "melody and pulse of the beginning"),
        ("settling", "slower, darker, sparser, and the melody goes"),
        ("drowsing", "quieter, and nothing rises fast any more"),
        ("fading", "down to silence"),
    ),
    Goal.ENERGIZE: (
        ("building", "tempo, density and brightness rise"),
        ("moving", "full"),
        ("cooling", "slower, sparser and darker"),
    ),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a session, in seconds of it, and what it does."""

    name: str
    does: str
    starts_s: float
    ends_s: float


def stages(goal: Goal, duration_s: float) -> tuple[Stage, ...]:
    """The stages of a session of so many seconds, without a gap; none for a prompt, whose arc it chooses itself."""
    if goal not in _NAMES:
        return ()
    bounds = (0.0, *turning_points(goal, duration_s), duration_s)
    return tuple(
        Stage(name, does, starts_s, ends_s)
        for (name, does), (starts_s, ends_s) in zip(_NAMES[goal], pairwise(bounds), strict=True)
    )
