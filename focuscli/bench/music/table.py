"""The parameter table: what each goal and intensity promises, as limits on figures of the sound and of the score.

Words are made figures as follows. Register: the 5th and 95th percentile of all pitches that are not drums.
Percussion: strikes a second, 0 for «none». Syncopation (share of tonal onsets on weak sixteenths with nothing on
the next stronger place): low up to 0.3, low to medium up to 0.4, medium 0.05 to 0.5. Melody: notes a second of the
lead, 0 for «none». Noise bed: level of the texture's stem against the mix, «none» at most -24 dB. Modes: the share
of bars in an allowed one. Swells: peak to peak of the loudness band-passed to the row's periods, with half an
LU of grace; for `energize` the period of a bar. am16 of `focus` at low intensity may lie a decibel under 0, as
real music's does. Tempo is the session's first, before the arc bends it.
"""

from math import inf

from focuscli.bench.music.limits import Limit
from focuscli.model import Goal, Intensity

Range = tuple[float, float]

_ORDER = tuple(
    (goal, intensity)
    for goal in (Goal.SLEEP, Goal.RELAX, Goal.FOCUS, Goal.ENERGIZE)
    for intensity in (Intensity.LOW, Intensity.MEDIUM, Intensity.HIGH)
)

_A1, _C2, _E1 = 33.0, 36.0, 28.0

_NONE: Range = (0.0, 0.0)
_SOME: Range = (0.02, inf)
_ANY: Range = (-inf, inf)

_ROWS: dict[str, tuple[str, tuple[Range, ...]]] = {
    "tempo bpm": (
        "tempo_bpm",
        ((40, 48), (48, 56), (54, 62), (52, 60), (60, 68), (66, 76),
         (73.8, 80), (87.2, 96), (106.6, 120), (104, 112), (118, 126), (132, 140)),
    ),
    "score onsets /s": (
        "onsets_s",
        ((0.1, 0.3), (0.2, 0.5), (0.3, 0.8), (0.3, 0.8), (0.6, 1.5), (1, 2.2),
         (1, 2.5), (2, 4), (3, 6), (3, 5), (4, 7), (6, 9)),
    ),
    "register, low end": (
        "register_low",
        ((_A1, inf),) * 3 + ((_C2, inf),) * 6 + ((_E1, inf),) * 3,
    ),
    "register, high end": (
        "register_high",
        tuple((-inf, float(top)) for top in (57, 60, 64, 72, 76, 79, 72, 76, 79, 79, 84, 84)),
    ),
    "power centroid Hz": (
        "centroid_hz",
        ((110, 190), (130, 220), (150, 260), (180, 300), (220, 380), (260, 450),
         (220, 380), (250, 450), (300, 550), (200, 450), (220, 550), (250, 700)),
    ),
    "air dB": (
        "air_db",
        ((-inf, -45), (-inf, -42), (-inf, -38), (-42, -34), (-38, -30), (-34, -27),
         (-34, -28), (-31, -25), (-28, -22), (-26, -21), (-24, -19), (-23, -18)),
    ),
    "shortest attack ms": (
        "attack_ms",
        tuple((float(least), inf) for least in (400, 250, 150, 120, 60, 30, 20, 8, 5, 5, 3, 2)),
    ),
    "LRA LU": (
        "lra_lu",
        ((2, 4), (2, 5), (3, 6), (4, 8), (4, 9), (4, 9), (2, 4), (2, 5), (3, 6), (3, 6), (3, 7), (4, 8)),
    ),
    "16 Hz gain dip": (
        "dip",
        (_NONE,) * 6 + ((0, 0.1), (0.18, 0.22), (0.35, 0.5), _NONE, (0, 0.1), (0.0, 0.1)),
    ),
    "am16 dB": (
        "am16_db",
        ((-inf, 1),) * 3 + ((-inf, 1.5),) * 3 + ((-1, 1.5), (4, 6), (8, 12)) + ((-inf, 2),) * 3,
    ),
    "slow swell LU": (
        "swell_lu",
        ((1.5, 4.5),) * 3 + ((2.5, 6.5), (2.5, 6.5), (2.5, 4.5)) + ((0.7, 2.5),) * 3
        + ((0.7, 3.5), (1.5, 4.5), (1.5, 4.5)),
    ),
    "percussion /s": (
        "drums_s",
        (_NONE,) * 4 + (_SOME, _SOME, (0, 3.0)) + (_SOME,) * 5,
    ),
    "pulse clarity": (
        "pulse",
        ((-inf, 0.2), (-inf, 0.25), (-inf, 0.3), (-inf, 0.3), (0.2, 0.5), (0.3, 0.6),
         (0.4, 0.6), (0.6, 0.75), (0.65, 0.8), (0.6, 0.75), (0.65, 0.8), (0.7, 0.85)),
    ),
    "syncopation": (
        "syncopation",
        (_ANY,) * 3 + ((0, 0.3),) * 5 + ((0, 0.4),) + ((0.05, 0.5),) * 3,
    ),
    "share of allowed modes": ("mode_share", ((1, 1),) * 12),
    "chord change s": (
        "chord_s",
        ((16, 32), (12, 24), (8, 16), (8, 16), (8, 12), (6, 10), (8, 16), (4, 8), (4, 8), (4, 8), (3.5, 4.5), (2, 4)),
    ),
    "melody notes /s": ("lead_s", (_NONE, _NONE, _ANY) + (_SOME,) * 9),
    "shortest note s": ("shortest_note_s", ((4, inf), (4, inf)) + (_ANY,) * 10),
    "noise bed dB": (
        "texture_db",
        ((-inf, -18), (-inf, -18), (-inf, -15)) + ((-inf, -18),) * 3 + ((-inf, -12),) * 3
        + ((-inf, -24), (-inf, -24), (-inf, -18)),
    ),
}  # fmt: skip

LARGEST_STEP_LU: dict[tuple[Goal, Intensity], float] = dict(
    zip(_ORDER, (2, 3, 3, 5, 6, 6, 3, 4, 4, 5, 6, 7), strict=True)
)
"""The 99th percentile of the 3 s loudness step; the floor asks for it as well."""

_MAJOR = ("ionian", "lydian")
_MODES = (
    (*_MAJOR,), (*_MAJOR,), (*_MAJOR, "mixolydian"),
    *((*_MAJOR, "mixolydian", "dorian"),) * 3,
    ("dorian", "ionian"), ("dorian", "ionian", "mixolydian"), ("dorian", "ionian", "mixolydian", "aeolian"),
    ("ionian", "mixolydian"), ("ionian", "mixolydian", "dorian"), ("dorian", "aeolian"),
)  # fmt: skip
MODES: dict[tuple[Goal, Intensity], tuple[str, ...]] = dict(zip(_ORDER, _MODES, strict=True))
"""Which modes a goal and an intensity may use."""


def table_limits(goal: Goal, intensity: Intensity) -> list[Limit]:
    """The column of one goal and intensity."""
    place = _ORDER.index((goal, intensity))
    limits = [Limit("table", row, figure, *ranges[place]) for row, (figure, ranges) in _ROWS.items()]
    step = Limit("table", "3 s loudness step LU (99 %)", "step_lu", high=LARGEST_STEP_LU[goal, intensity])
    return [limit for limit in (*limits, step) if (limit.low, limit.high) != _ANY]


def swell_periods(goal: Goal, bar_s: float) -> Range:
    """Between which periods (s) a goal's slow swell lies."""
    if goal is Goal.ENERGIZE:
        return 0.85 * bar_s, 1.15 * bar_s
    return {Goal.SLEEP: (6.0, 10.0), Goal.RELAX: (8.0, 12.0)}.get(goal, (15.0, 30.0))
