"""Falling asleep, being kept awake, and rising at the beginning."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.audio.block import Block
from focuscli.events import PlaybackEnded, SleepTimerSet
from focuscli.playback.commands import SetVolume, SleepAfter, StayAwake
from focuscli.playback.positions import Position
from focuscli.playback.sleep import RESTORED_FRAMES, SleepTimer, Slope
from tests.fakes.source import RATE, Recording
from tests.playback.stage import Stage, made


def steady(seconds: float) -> Block:
    """A square wave of 1 kHz: as loud at every frame."""
    high = np.arange(round(seconds * RATE)) // 24 % 2 == 0
    return np.repeat(np.where(high, 0.25, -0.25)[:, None], 2, axis=1).astype(np.float32)


def level_db(sound: Block, at_s: float) -> float:
    return 20 * float(np.log10(max(1e-9, abs(sound[round(at_s * RATE), 0]) / 0.25)))


def test_it_falls_evenly_in_decibels_and_leaves(tmp_path: Path) -> None:
    stage = Stage(made(tmp_path, [Recording(steady(60))]))
    stage.player.send(SleepAfter(30.0, 20.0))
    position = stage.play()
    sound = stage.sink.sound
    assert len(sound) == pytest.approx(30 * RATE, abs=4_000)
    assert level_db(sound, 9.9) == 0.0
    for second in (12, 15, 20):
        assert level_db(sound, second) == pytest.approx(-3.0 * (second - 10), abs=0.4)
    assert np.abs(sound[30 * RATE - 1 :]).max() < 1e-6
    assert np.abs(np.diff(np.abs(sound[:, 0]))).max() < 1e-4
    assert stage.events[-1] == PlaybackEnded("asleep")
    assert stage.of(SleepTimerSet) == [SleepTimerSet(30.0, 20.0)]
    assert position.frame == pytest.approx(10 * RATE, abs=4_000)


def test_it_resumes_where_the_fall_began(tmp_path: Path) -> None:
    stage = Stage(made(tmp_path, [Recording(steady(60))]), start_at=Position(0, 5 * RATE))
    stage.player.send(SleepAfter(12.0, 10.0))
    assert stage.play() == Position(0, pytest.approx(7 * RATE, abs=4_000))


def test_calling_it_off_restores_the_level_at_once(tmp_path: Path) -> None:
    stage = Stage(
        made(tmp_path, [Recording(steady(40))]),
        at={15 * RATE: lambda stage: stage.player.send(StayAwake())},
    )
    stage.player.send(SleepAfter(20.0, 10.0))
    stage.play()
    assert stage.events[-1] == PlaybackEnded("finished")
    assert level_db(stage.sink.sound, 14.9) == pytest.approx(-29.4, abs=0.4)
    assert level_db(stage.sink.sound, 15.3) == 0.0
    assert stage.of(SleepTimerSet)[-1] == SleepTimerSet(None)


def test_the_knob_and_the_fall_do_not_know_each_other(tmp_path: Path) -> None:
    stage = Stage(
        made(tmp_path, [Recording(steady(40))]),
        at={14 * RATE: lambda stage: stage.player.send(SetVolume(50))},
    )
    stage.player.send(SleepAfter(20.0, 10.0))
    stage.play()
    assert level_db(stage.sink.sound, 15) == pytest.approx(-30.0 - 18.06, abs=0.3)


@pytest.mark.parametrize(
    ("after_s", "fade_s", "takes_s"), [(60, 1, 5), (900, 1_000, 300), (3, 30, 3), (0, 30, 0.15), (60, 60, 60)]
)
def test_a_fall_takes_5_to_300_seconds_or_all_there_is_but_is_no_cut(
    after_s: float, fade_s: float, takes_s: float
) -> None:
    assert SleepTimer().set(after_s, fade_s) == takes_s


@given(after=st.floats(0.0, 2.0), block=st.integers(1, 20_000))
@settings(max_examples=30, deadline=None)
def test_the_fall_is_the_same_in_any_blocks(after: float, block: int) -> None:
    sound = steady(2.2)
    falls = []
    for size in (block, len(sound)):
        timer = SleepTimer()
        timer.set(after, 5.0)
        falls.append(np.concatenate([timer.apply(sound[at : at + size], at) for at in range(0, len(sound), size)]))
        assert timer.falls_at == 0
    assert np.abs(falls[0] - falls[1]).max() < 1e-6


def test_setting_it_anew_while_it_falls_begins_again() -> None:
    timer = SleepTimer()
    timer.set(5.0, 5.0)
    timer.set(60.0, 5.0, at=4 * RATE)
    assert np.array_equal(timer.apply(steady(1), 4 * RATE)[RESTORED_FRAMES:], steady(1)[RESTORED_FRAMES:])
    assert timer.falls_at == 59 * RATE


def test_a_session_can_rise_from_silence() -> None:
    timer = SleepTimer(rise_frames=10 * RATE)
    sound = timer.apply(steady(12), 0)
    assert abs(sound[0, 0]) < 1e-4
    assert level_db(sound, 5) == pytest.approx(-30.0, abs=0.3)
    assert np.array_equal(sound[10 * RATE :], steady(2))


def test_a_slope_at_full_level_touches_nothing() -> None:
    block = steady(0.1)
    assert Slope().apply(block, 0) is block
