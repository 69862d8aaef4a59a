"""A limit on one figure, and the verdict on it."""

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from focuscli.bench.music.levels import Figures


class Limit(NamedTuple):
    """What one figure may be, both ends included."""

    sheet: str
    """Which list asks for it: table, floor, sign, real (the middle half of real music) or score."""
    row: str
    figure: str
    low: float = -inf
    high: float = inf


class Verdict(NamedTuple):
    """One limit, the value that was found, and whether it fits."""

    limit: Limit
    value: float

    @property
    def ok(self) -> bool:
        """Whether the value lies within."""
        return self.limit.low <= self.value <= self.limit.high

    @property
    def off(self) -> float:
        """How far outside, in units of the nearest end (or of one where that is 0)."""
        limit = self.limit
        if self.ok:
            return 0.0
        end = limit.low if self.value < limit.low else limit.high
        return abs(self.value - end) / max(abs(end), 1e-9 if end else 1.0)

    def sentence(self) -> str:
        """As a line of a report."""
        limit = self.limit
        if limit.low == -inf:
            wanted = f"at most {limit.high:.3g}"
        elif limit.high == inf:
            wanted = f"at least {limit.low:.3g}"
        else:
            wanted = f"{limit.low:.3g}…{limit.high:.3g}"
        return f"{limit.sheet:5} {limit.row}: {self.value:.3g}, not {wanted}"


def judge(figures: Figures, limits: Iterable[Limit]) -> list[Verdict]:
    """The verdict on every limit whose figure was measured."""
    return [Verdict(limit, figures[limit.figure]) for limit in limits if limit.figure in figures]
