"""The twelve signs of a toy, and the middle half of real music.

Of 51 tracks of real music (see `real_minutes`) 90 % are free of at least ten signs and 98 % of nine; a grid of sines is
of three, a loop of eight seconds of two, a metronome of one.
"""

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.limits import Limit, judge
from focuscli.model import Goal

_SIGNS = (
    Limit("sign", "1 static timbre: motion", "motion_oct", low=0.5),
    Limit("sign", "1 static timbre: spread", "spread_db", 3.0, 10.0),
    Limit("sign", "2 sterile: flatness", "flatness", 3e-5, 0.03),
    Limit("sign", "3 balance: tilt", "tilt_db_oct", -5.2, -1.2),
    Limit("sign", "3 balance: air", "air_db", -42.0, -16.0),
    Limit("sign", "4 every note equally loud: 1 s level", "sd_1s_db", low=1.2),
    Limit("sign", "4 every note equally loud: onsets", "onset_sd_db", low=1.9),
    Limit("sign", "5 no long breath: LRA", "lra_lu", low=1.6),
    Limit("sign", "5 no long breath: 10 s", "sd_10s_lu", low=0.6),
    Limit("sign", "6 loudness random or frozen", "exponent", 0.8, 2.6),
    Limit("sign", "7 no form: strongest boundary", "boundary", low=0.18),
    Limit("sign", "7 no form: boundaries a minute", "boundaries_min", 1.0, 9.0),
    Limit("sign", "8 a loop: copy rate", "copy_rate", high=0.05),
    Limit("sign", "8 a loop: nearest block", "nearest", high=0.86),
    Limit("sign", "9 dry: fast decay", "decay_db_s", high=320.0),
    Limit("sign", "9 dry: gaps", "gaps", high=0.02),
    Limit("sign", "10 mono or fake-wide: correlation", "corr", high=0.93),
    Limit("sign", "10 mono or fake-wide: loss", "mono_loss_db", low=-3.3),
    Limit("sign", "11 machine timing: grid", "grid_sd_ms", low=2.5),
    Limit("sign", "12 poor harmony: entropy", "entropy_bits", low=3.15),
    Limit("sign", "12 lurching harmony: step", "harmonic_step", high=0.22),
    Limit("sign", "12 poor harmony: key", "key_clarity", low=0.45),
)
_FOR_SLEEP = {
    "2 sterile: flatness": Limit("sign", "2 sterile: flatness", "flatness", high=0.03),
    "3 balance: tilt": None,
    "3 balance: air": Limit("sign", "3 balance: air", "air_db", high=-38.0),
    "4 every note equally loud: 1 s level": Limit("sign", "4 no life: 1 s level", "sd_1s_db", low=0.8),
    "4 every note equally loud: onsets": None,
}


def sign_limits(goal: Goal, figures: Figures) -> list[Limit]:
    """What keeps a recording free of the signs; timing counts only where there is a pulse, sleep has its own."""
    limits: list[Limit] = []
    for limit in _SIGNS:
        chosen = _FOR_SLEEP.get(limit.row, limit) if goal is Goal.SLEEP else limit
        if chosen is not None and (chosen.figure != "grid_sd_ms" or figures.get("pulse", 0.0) >= 0.6):
            limits.append(chosen)
    return limits


def free_of(goal: Goal, figures: Figures) -> int:
    """Of how many of the twelve signs a recording is free."""
    missed = {verdict.limit.row.split()[0] for verdict in judge(figures, sign_limits(goal, figures)) if not verdict.ok}
    return 12 - len(missed)


Deciles = tuple[float, float, float]

CALM: dict[str, Deciles] = {
    "motion_oct": (0.53, 0.69, 1.06),
    "decay_db_s": (80.0, 96.0, 120.0),
    "onset_sd_db": (2.1, 2.8, 4.4),
    "sd_1s_db": (2.7, 3.8, 6.2),
    "lra_lu": (4.8, 8.7, 15.6),
    "entropy_bits": (3.32, 3.41, 3.48),
    "key_clarity": (0.64, 0.78, 0.87),
    "pulse": (0.11, 0.18, 0.27),
}
"""10, 50 and 90 % of tracks of real music with a pulse clarity under 0.35."""
BEAT: dict[str, Deciles] = {
    "motion_oct": (0.70, 1.0, 1.5),
    "decay_db_s": (138.0, 173.0, 280.0),
    "onset_sd_db": (4.1, 4.7, 5.3),
    "sd_1s_db": (1.4, 2.5, 4.3),
    "lra_lu": (2.4, 4.7, 7.6),
    "entropy_bits": (3.28, 3.48, 3.54),
    "key_clarity": (0.54, 0.74, 0.87),
    "pulse": (0.64, 0.70, 0.78),
}
"""The same of tracks with a pulse clarity of at least 0.6."""


def real_limits(goal: Goal) -> list[Limit]:
    """The middle half of real music, 25 to 75 %, straight lines between the deciles; none for sleep."""
    if goal is Goal.SLEEP:
        return []
    limits = []
    for figure, (low, middle, high) in (CALM if goal is Goal.RELAX else BEAT).items():
        quarter, three_quarters = low + 0.375 * (middle - low), middle + 0.625 * (high - middle)
        limits.append(Limit("real", figure, figure, quarter, three_quarters))
    return limits
