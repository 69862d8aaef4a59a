"""Bars: the session with what is ready ahead, a segment's progress, a level with its peak, the volume."""

from focuscli.view.lines import Line
from focuscli.view.look import DIM, Look
from focuscli.view.meter import Meter
from focuscli.view.snapshot import Snapshot


def session_bar(snapshot: Snapshot, width: int, look: Look, color: str) -> Line:
    """What has played, where the sound is, what is ready ahead, and what is only planned."""
    whole_s = max(snapshot.target_s or 0.0, 1.0)
    played = round(min(1.0, snapshot.position_s / whole_s) * (width - 1))
    ready = round(min(1.0, (snapshot.position_s + snapshot.ready_ahead_s) / whole_s) * width)
    ahead = max(0, ready - played - 1)
    return (
        (look.played * played, color),
        (look.head, f"bold {color}"),
        (look.ready * ahead, color),
        (look.planned * (width - played - 1 - ahead), DIM),
    )


def progress_bar(fraction: float, width: int, look: Look, color: str) -> Line:
    """A part of a whole."""
    done = round(fraction * width)
    return ((look.played * done, color), (look.planned * (width - done), DIM))


def level_bar(meter: Meter, width: int, look: Look, color: str) -> Line:
    """A level, and the peak that it has reached of late."""
    lit = round(meter.fraction * width)
    peak = min(width, max(1, round(meter.peak_fraction * width))) - 1
    bar: Line = ((look.level * lit, color),)
    if peak < lit or meter.peak_fraction <= 0.0:
        return (*bar, (" " * (width - lit), ""))
    return (*bar, (" " * (peak - lit), ""), (look.peak, color), (" " * (width - peak - 1), ""))
