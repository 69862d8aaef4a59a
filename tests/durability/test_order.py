"""For every segment: content, name, folder and commit reach the disk in this order, and only then is it named."""

from pathlib import Path

import pytest

from focuscli.bench.order import CannotTrace, completed, in_order, moments, traced


def test_segments_reach_the_disk_in_order(tmp_path: Path) -> None:
    try:
        calls, digests = traced(tmp_path)
    except CannotTrace as exc:
        pytest.skip(str(exc))
    assert len(digests) == 12
    assert dict.fromkeys(digests, True) == {
        key: in_order(moments(calls, key, digest)) for key, digest in digests.items()
    }


GOOD = [
    "7 fsync(5</d/objects/s/.00000.1.flac.7.tmp>) = 0",
    '7 rename("/d/objects/s/.00000.1.flac.7.tmp", "/d/objects/s/00000.1.flac") = 0',
    "7 fsync(5</d/objects/s>) = 0",
    "8 fdatasync(4</d/engine.db-wal>) = 0",
    '8 sendto(9<TCP:[1]>, "HTTP/1.1 200 ... abc.flac", 99, 0, NULL, 0) = 99',
]


def verdict(lines: list[str]) -> bool:
    return in_order(moments(list(completed(lines)), "s/00000.", "abc"))


def test_the_order_is_read_from_the_calls() -> None:
    assert verdict(GOOD)
    for left_out in range(len(GOOD)):
        assert not verdict(GOOD[:left_out] + GOOD[left_out + 1 :])
    for place in range(len(GOOD) - 1):
        assert not verdict([*GOOD[:place], GOOD[place + 1], GOOD[place], *GOOD[place + 2 :]])


def test_a_sync_counts_when_it_returns() -> None:
    begun, returned = "8 fdatasync(4</d/engine.db-wal> <unfinished ...>", "8 <... fdatasync resumed>) = 0"
    assert verdict([*GOOD[:3], begun, returned, GOOD[4]])
    assert not verdict([*GOOD[:3], begun, GOOD[4], returned])
