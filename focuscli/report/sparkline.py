"""A row of figures as a row of letters."""

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-~=+*#"


def sparkline(values: Sequence[float | None], width: int, low: float, high: float, *, ascii: bool) -> str:  # noqa: A002
    """The mean of the values under each of up to `width` letters, between `low` and `high`; a blank for none."""
    ramp = _ASCII if ascii else _BLOCKS
    count = min(width, len(values))
    letters = []
    for number in range(count):
        part = values[number * len(values) // count : (number + 1) * len(values) // count]
        known = [value for value in part if value is not None]
        if not known:
            letters.append(" ")
            continue
        share = (sum(known) / len(known) - low) / (high - low)
        letters.append(ramp[min(len(ramp) - 1, max(0, int(share * len(ramp))))])
    return "".join(letters)
