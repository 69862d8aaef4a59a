"""Whatever a listener does, in whatever order: nothing clicks, nothing is lost, nothing is heard twice."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.audio.block import Block
from focuscli.events import CrossfadeStarted, Event, Paused, PlaybackEnded
from focuscli.playback.commands import (
    ChangeVolume,
    Command,
    Pause,
    Previous,
    Quit,
    Reopen,
    Resume,
    SeekBy,
    SeekTo,
    SetMuted,
    SetVolume,
    Skip,
    SleepAfter,
    StayAwake,
    Toggle,
    ToggleMute,
)
from focuscli.playback.player import Player
from focuscli.playback.positions import Position
from tests.fakes.sink import DeepSink
from tests.fakes.source import RATE, FakeFeed, FileFetcher, Recording
from tests.playback.stage import HASTE, HERTZ, LEVEL, continuous, telling, told

LENGTH_S = 12
OWN_STEP = LEVEL * 2 * np.pi * HERTZ / RATE
GAIN_STEP = LEVEL * 0.5 * np.pi / 2_400
"""Of the fastest gain there is: the knob's 50 ms."""


class Evening:
    """One player, and what its listener does at which frame."""

    def __init__(self, folder: Path, recordings: list[Recording], wishes: list[tuple[int, Command]]) -> None:
        self._wishes = sorted(wishes, key=lambda wish: wish[0])
        self.events: list[Event] = []
        fetcher = FileFetcher()
        self.sink = DeepSink(self._heard, lambda: fetcher.wait_gathered(len(recordings) - 1))
        self.sink.returns = True
        feed = FakeFeed.of(folder, *recordings)
        self.player = Player(feed, fetcher, self.sink, self.events.append, patience=HASTE)

    def spend(self) -> Position:
        return self.player.run()

    def _heard(self, frames: int) -> None:
        while self._wishes and self._wishes[0][0] <= frames:
            self.player.send(self._wishes.pop(0)[1])
        if frames > 40 * RATE:
            self.player.send(Quit())


STEADY: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from([Pause(), Resume(), Toggle(), ToggleMute(), SetMuted(False), StayAwake(), Reopen()]),
    st.builds(SetVolume, st.integers(0, 100)),
    st.builds(ChangeVolume, st.integers(-40, 40)),
    st.builds(SleepAfter, st.floats(0.0, 12.0), st.floats(5.0, 10.0)),
)
JUMPS: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from([Skip(), Previous()]),
    st.builds(SeekBy, st.floats(-15.0, 15.0)),
    st.builds(SeekTo, st.floats(0.0, 20.0)),
)
MOMENTS = st.integers(0, 14 * RATE)


def wishes(commands: st.SearchStrategy[Command]) -> st.SearchStrategy[list[tuple[int, Command]]]:
    return st.lists(st.tuples(MOMENTS, commands), max_size=8)


@given(wishes(STEADY))
@settings(max_examples=15, deadline=None)
def test_without_jumps_every_frame_is_heard_once_and_in_order(acts: list[tuple[int, Command]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        evening = Evening(Path(folder), continuous(telling(LENGTH_S), 4, 8), acts)
        evening.spend()
    at, frame = told(evening.sink.sound, LENGTH_S)
    behind = at - np.rint(frame)
    assert np.abs(frame - np.rint(frame)).max(initial=0.0) < 0.4
    stretches = np.flatnonzero(np.diff(behind)) + 1
    pauses = sum(isinstance(event, Paused) for event in evening.events)
    assert (np.diff(behind) >= 0).all(), "heard twice"
    assert len(stretches) <= pauses
    assert (behind[:1] == 0).all()
    check_gains(evening.sink.sound, 1.0)


@given(wishes(st.one_of(STEADY, JUMPS)))
@settings(max_examples=15, deadline=None)
def test_jumps_fade_and_all_else_is_in_order(acts: list[tuple[int, Command]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        evening = Evening(Path(folder), continuous(telling(LENGTH_S), 4, 8), acts)
        evening.spend()
    assert isinstance(evening.events[-1], PlaybackEnded)
    check_gains(evening.sink.sound, 2.3)
    at, frame = told(evening.sink.sound, LENGTH_S)
    in_order = np.abs(np.diff(at) - np.diff(frame)) < 0.5
    jumps = sum(isinstance(command, Skip | Previous | SeekBy | SeekTo) for _, command in acts)
    pauses = sum(isinstance(event, Paused) for event in evening.events)
    assert (~in_order).sum() <= pauses + 0.5 * RATE * jumps
    fades = [event for event in evening.events if isinstance(event, CrossfadeStarted)]
    assert all(fade.duration_s <= 1.0 for fade in fades)


def check_gains(sound: Block, most: float) -> None:
    """No step beyond what the tone and the gains make, and no gain above their law."""
    amplitude = np.hypot(*sound.T)
    steps = np.abs(np.diff(sound, axis=0)).max(axis=1, initial=0.0) if len(sound) else np.zeros(0)
    assert steps.max(initial=0.0) <= most * (OWN_STEP + GAIN_STEP)
    assert amplitude.max(initial=0.0) <= most * LEVEL * 1.001


def test_the_device_holds_a_second_and_a_pause_waits_for_none_of_it(tmp_path: Path) -> None:
    evening = Evening(tmp_path, [Recording(telling(LENGTH_S))], [(2 * RATE, Pause()), (4 * RATE, Resume())])
    evening.spend()
    at, _ = told(evening.sink.sound, LENGTH_S)
    silent_from = at[np.argmax(np.diff(at) > 4_800)]
    assert silent_from == pytest.approx(2 * RATE + DeepSink.MARGIN + 7_200, abs=2_500)
    sounds_from = at[np.argmax(np.diff(at) > 4_800) + 1]
    assert sounds_from == pytest.approx(4 * RATE + DeepSink.MARGIN, abs=4_000)
