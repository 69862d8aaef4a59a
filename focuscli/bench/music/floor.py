"""The floor: eleven things that every segment must keep, whatever its goal."""

from focuscli.bench.music.limits import Limit
from focuscli.bench.music.table import LARGEST_STEP_LU
from focuscli.model import Goal, Intensity


def floor_limits(goal: Goal, intensity: Intensity) -> list[Limit]:
    """The limits in the order of the list; where the table has a row of its own, the table judges (air)."""
    step = LARGEST_STEP_LU[goal, intensity]
    drums = goal in {Goal.FOCUS, Goal.ENERGIZE} or (goal is Goal.RELAX and intensity is not Intensity.LOW)
    limits = [
        Limit("floor", "1 true peak dBTP", "dbtp", high=-1.0),
        Limit("floor", "1 clipped samples", "clipped", high=0.0),
        Limit("floor", "1 DC dB", "dc_db", high=-60.0),
        Limit("floor", "2 loudness against the target LU", "lufs_off", -0.5, 0.5),
        Limit("floor", "3 steps in a stem", "stem_steps", high=0.0),
        Limit("floor", "4 roughness", "roughness", 0.03, 0.22 if goal is Goal.ENERGIZE else 0.18),
        Limit("floor", "5 tilt dB/oct", "tilt_db_oct", -5.0, -1.5),
        Limit("floor", "6 single partial above 2.5 kHz dB", "high_partial_db", high=-30.0),
        Limit("floor", "7 key clarity", "key_clarity", low=0.56),
        Limit("floor", "7 harmonic step", "harmonic_step", high=0.20),
        Limit("floor", "8 loudness step LU", "step_lu", high=step),
        Limit("floor", "9 L/R correlation", "corr", -0.05, 0.85),
        Limit("floor", "9 correlation below 120 Hz", "corr_low", low=0.4),
        Limit("floor", "9 mono loss dB", "mono_loss_db", low=-3.0),
        Limit("floor", "10 gaps", "gaps", high=0.01),
        Limit("floor", "11 loudness over the seam LU", "seam_lu", high=1.5),
        Limit("floor", "12 bytes that differ", "bytes_differing", high=0.0),
    ]
    return limits if drums else [*limits, Limit("floor", "3 impulses a minute", "impulses", high=1.0)]
