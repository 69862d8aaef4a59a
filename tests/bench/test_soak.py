"""Five minutes of an evening whose listener never rests, as fast as the machine can."""

import random

from focuscli.bench.soak import MARK_MB, SwiftSink, memory_mb, soaked
from tests.fakes.source import noise


def test_five_minutes_leave_the_place_exact_and_no_thread_behind() -> None:
    *hours, whole = soaked(1 / 12, random.Random(2))
    assert whole["ok"]
    assert hours[-1]["position_off_frames"] == 0
    assert 0.0 <= whole["grown_mb"] <= MARK_MB


def test_the_device_of_the_soak_hears_what_was_written_last() -> None:
    sink, first, other = SwiftSink(), noise(1, 1), noise(1, 2)
    sink.write(first)
    sink.take_back(24_000)
    sink.write(other[:24_000])
    sink.drain()
    assert (sink.last[:24_000] == first[:24_000]).all()
    assert (sink.last[24_000:] == other[:24_000]).all()
    assert memory_mb() > 1.0
