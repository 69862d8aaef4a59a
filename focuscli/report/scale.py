"""Scales that people can read: moments and round steps."""

import math

_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 1200, 3600, 7200)


def moment_text(at_s: float) -> str:
    """A place in a session: 4:05, or 1:04:05 from an hour on."""
    minutes, rest = divmod(round(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def time_marks(total_s: float, most: int = 10) -> list[float]:
    """Round moments from 0 to the end, no more than `most` and one."""
    step = next((step for step in _STEPS_S if total_s / step <= most), _STEPS_S[-1])
    return [number * step for number in range(int(total_s / step) + 1)]


def loudness_range(values: list[float]) -> tuple[float, float]:
    """Multiples of 6 LUFS that hold all that is heard but its quietest tenth, 18 to 48 LU apart."""
    heard = sorted(value for value in values if value > -70.0) or [-24.0]
    high = 6.0 * math.ceil(heard[-1] / 6.0)
    low = 6.0 * math.floor((heard[len(heard) // 10] - 3.0) / 6.0)
    return min(max(low, high - 48.0), high - 18.0), high
