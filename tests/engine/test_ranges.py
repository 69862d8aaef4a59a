"""The Range header after RFC 9110, section 14: one range is served, nonsense is ignored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.engine.ranges import Part, Unsatisfiable, Whole, parse_range

SIZE = 1000
WHOLE, NOTHING = Whole(), Unsatisfiable()

RANGES = [
    (None, WHOLE),
    ("", WHOLE),
    ("bytes=0-0", Part(0, 1)),
    ("bytes=0-499", Part(0, 500)),
    ("bytes=500-999", Part(500, 1000)),
    ("bytes=500-", Part(500, 1000)),
    ("bytes=0-", Part(0, 1000)),
    ("bytes=999-", Part(999, 1000)),
    ("bytes=0-5000", Part(0, 1000)),
    ("bytes=-1", Part(999, 1000)),
    ("bytes=-500", Part(500, 1000)),
    ("bytes=-1000", Part(0, 1000)),
    ("bytes=-5000", Part(0, 1000)),
    ("BYTES=0-1", Part(0, 2)),
    ("bytes= 0-1 ", Part(0, 2)),
    ("bytes=00-01", Part(0, 2)),
    ("bytes=1000-", NOTHING),
    ("bytes=1000-2000", NOTHING),
    ("bytes=999999999999999999-", NOTHING),
    ("bytes=-0", NOTHING),
    ("bytes=2-1", WHOLE),
    ("bytes=-", WHOLE),
    ("bytes=", WHOLE),
    ("bytes", WHOLE),
    ("bytes=a-b", WHOLE),
    ("bytes=1", WHOLE),
    ("bytes=+1-2", WHOLE),
    ("bytes=1 - 2", WHOLE),
    ("bytes=1-2,4-5", WHOLE),
    ("bytes=0-0," * 1000 + "0-0", WHOLE),
    ("bytes=" + "9" * 19 + "-", WHOLE),
    ("bytes=１-２", WHOLE),
    ("items=0-1", WHOLE),
    ("0-1", WHOLE),
    ("bytes=0-1\n", WHOLE),
]


@pytest.mark.parametrize(("header", "expected"), RANGES, ids=lambda value: repr(value)[:40])
def test_ranges(header: str | None, expected: object) -> None:
    assert parse_range(header, SIZE) == expected


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 1500))
def test_a_part_is_never_empty_and_never_outside(first: int, last: int, size: int) -> None:
    for header in (f"bytes={first}-{last}", f"bytes={first}-", f"bytes=-{last}"):
        wanted = parse_range(header, size)
        if isinstance(wanted, Part):
            assert 0 <= wanted.start < wanted.stop <= size
