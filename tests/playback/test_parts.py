"""The small parts: ring, ramp, gain curve, memory of places."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.playback.heard import Heard
from focuscli.playback.level import GainCurve, gain_towards
from focuscli.playback.positions import REMEMBERED_SESSIONS, Position, Remembered
from focuscli.playback.ring import Ring
from focuscli.playback.timeline import Turn
from focuscli.playback.volume import Ramp, factor
from focuscli.units import Lufs


@given(capacity=st.integers(1, 50), steps=st.lists(st.tuples(st.booleans(), st.integers(0, 70)), max_size=60))
@settings(deadline=None)
def test_the_ring_gives_back_what_was_put_in_order(capacity: int, steps: list[tuple[bool, int]]) -> None:
    ring = Ring(capacity)
    put = taken = 0
    for is_put, count in steps:
        if is_put:
            numbers = np.repeat(np.arange(put, put + count, dtype=np.float32)[:, None], 2, axis=1)
            stored = ring.put(numbers)
            assert stored == min(count, capacity - (put - taken))
            put += stored
        else:
            out = np.full((count, 2), -1.0, np.float32)
            got = ring.take(out)
            assert got == min(count, put - taken)
            assert np.array_equal(out[:got, 0], np.arange(taken, taken + got))
            assert (out[got:] == -1.0).all()
            taken += got
        assert ring.filled == put - taken


@given(moves=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 5_000), st.integers(0, 4_000)), max_size=8))
@settings(deadline=None, max_examples=50)
def test_a_ramp_never_jumps(moves: list[tuple[float, int, int]]) -> None:
    ramp, at = Ramp(1.0), 0
    for value, frames, run in moves:
        before = ramp.at(at)
        ramp.move(value, frames, at)
        curve = ramp.apply(np.ones((run, 1), np.float32), at)[:, 0]
        at += run
        steps = np.abs(np.diff(np.concatenate([[before], curve])))
        assert (steps <= math.pi / 2 / frames + 1e-6).all()


@given(value=st.floats(0, 1), frames=st.integers(0, 3_000), at=st.integers(0, 500), cut=st.integers(1, 3_999))
@settings(deadline=None, max_examples=50)
def test_a_ramp_is_the_same_however_often_it_is_asked(value: float, frames: int, at: int, cut: int) -> None:
    ramp, ones = Ramp(0.3), np.ones((4_000, 2), np.float32)
    ramp.move(value, frames, at)
    whole = ramp.apply(ones, at)
    assert np.array_equal(ramp.apply(ones[cut:], at + cut), whole[cut:])
    assert np.array_equal(ramp.apply(ones, at), whole)


def test_a_ramp_at_rest_at_one_touches_nothing() -> None:
    block = np.ones((10, 2), np.float32)
    assert Ramp(1.0).apply(block, 0) is block


def test_the_knob_is_cubic() -> None:
    assert factor(100, muted=False) == 1.0
    assert factor(50, muted=False) == pytest.approx(0.125)
    assert factor(0, muted=False) == factor(100, muted=True) == 0.0


@pytest.mark.parametrize(
    ("target", "measured", "gain"),
    [
        (-14.0, -14.05, 0.0),
        (-14.0, -14.3, 0.3),
        (-14.0, -13.0, -1.0),
        (-14.0, -17.0, 3.0),
        (-14.0, -9.0, -5.0),
        (-14.0, -60.0, 30.0),
        (-14.0, -math.inf, 0.0),
    ],
)
def test_a_segment_is_brought_to_its_target(target: float, measured: float, gain: float) -> None:
    assert gain_towards(target, Lufs(measured), mastered=False) == pytest.approx(gain)


def test_a_mastered_segment_keeps_its_level_unless_it_is_far_off() -> None:
    assert gain_towards(-14.0, Lufs(-17.0), mastered=True) == 0.0
    assert gain_towards(-14.0, Lufs(-20.0), mastered=True) == pytest.approx(6.0)


@given(start=st.floats(-20, 20), end=st.floats(-20, 20), cut=st.integers(1, 99_999))
@settings(deadline=None, max_examples=50)
def test_a_gain_glides_alike_in_any_blocks(start: float, end: float, cut: int) -> None:
    curve = GainCurve.constant(end).entered_with(start, 20_000, 60_000)
    ones = np.ones((100_000, 1), np.float32)
    whole = curve.apply(ones, 0)
    parts = np.concatenate([curve.apply(ones[:cut], 0), curve.apply(ones[cut:], cut)])
    assert np.abs(whole - parts).max() <= 1e-5 * whole.max()
    assert 20 * np.log10(whole[0, 0]) == pytest.approx(start, abs=1e-3)
    assert 20 * np.log10(whole[-1, 0]) == pytest.approx(end, abs=1e-3)
    assert np.abs(np.diff(np.log10(whole[:, 0]))).max() < 1e-4


def test_what_is_heard_lags_behind_what_is_written() -> None:
    heard = Heard(Position(0, 100))
    heard.turned(Turn(0, Position(0, 100), ()))
    heard.turned(Turn(50, Position(1, 7), ()))
    heard.wrote(60, is_music=True)
    heard.advance(40)
    assert heard.position == Position(0, 120)
    heard.wrote(100, is_music=False)
    heard.advance(100)
    assert heard.position == Position(1, 17)
    heard.advance(0)
    assert heard.position == Position(1, 17)


def test_memory_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "state" / "player.json"
    memory = Remembered(volume=40, muted=True, device="USB").left("mfocus_1", Position(3, 4711))
    memory.save(file)
    assert Remembered.load(file) == memory
    assert Remembered.load(file).at("mfocus_1") == Position(3, 4711)
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [None, "", "[]", "{", '{"volume": "loud"}', '{"positions": 3}', "null"])
def test_memory_that_cannot_be_read_is_the_default(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "player.json"
    if content is not None:
        file.write_text(content)
    assert Remembered.load(file) == Remembered()


def test_memory_keeps_the_newest_sessions() -> None:
    memory = Remembered()
    for number in range(REMEMBERED_SESSIONS + 5):
        memory = memory.left(f"mfocus_{number}", Position(number, 0))
    assert len(memory.positions) == REMEMBERED_SESSIONS
    assert memory.at("mfocus_0") is None
    assert memory.left("mfocus_54", None).at("mfocus_54") is None
