"""Shapes between two moments: the straight and the smooth way from zero to one."""


def ramp(position: float, start: float, stop: float) -> float:
    """0 before start, 1 after stop, a straight line between."""
    if stop <= start:
        return 1.0 if position >= stop else 0.0
    return min(1.0, max(0.0, (position - start) / (stop - start)))


def smoothstep(position: float, start: float, stop: float) -> float:
    """Like `ramp`, with a level start and a level end."""
    x = ramp(position, start, stop)
    return x * x * (3.0 - 2.0 * x)
