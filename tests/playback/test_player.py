"""The player as its listener knows it."""

from pathlib import Path

import numpy as np
import pytest

from focuscli.audio.block import Block
from focuscli.errors import DeviceLost, EngineUnreachable, NotFound
from focuscli.events import (
    CrossfadeStarted,
    DeviceGone,
    DeviceOpened,
    EngineQuiet,
    FirstSound,
    Holding,
    Paused,
    PlaybackEnded,
    Played,
    Resumed,
    SegmentSkipped,
    SegmentStarted,
    VolumeChanged,
)
from focuscli.playback.commands import (
    ChangeVolume,
    Pause,
    Previous,
    Quit,
    Reopen,
    Resume,
    SetVolume,
    Skip,
    Toggle,
    ToggleMute,
)
from focuscli.playback.player import Player
from focuscli.playback.positions import Position
from tests.fakes.sink import MemorySink
from tests.fakes.source import RATE, FileFetcher, Recording, noise
from tests.playback.stage import HASTE, Stage, continuous, largest_step, longest_silence, made


def tone(duration_s: float, hertz: float = 220.0, level: float = 0.2) -> Block:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(duration_s * RATE)) / RATE)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


def test_continuous_music_is_heard_as_it_was_made(tmp_path: Path) -> None:
    music = noise(12, seed=1, level=0.05)
    stage = Stage(made(tmp_path, continuous(music, 4, 8)))
    position = stage.play()
    assert np.array_equal(stage.sink.sound, music)
    assert position == Position(2, 4 * RATE)
    assert stage.sink.calls == ["open", "write", "drain", "close"]
    assert [event.segment_index for event in stage.of(SegmentStarted)] == [0, 1, 2]
    assert [event.correlation for event in stage.of(CrossfadeStarted)] == pytest.approx([1.0, 1.0], abs=1e-6)
    assert stage.events[-1] == PlaybackEnded("finished")


def test_segments_tell_where_they_lie_in_the_session(tmp_path: Path) -> None:
    stage = Stage(made(tmp_path, continuous(noise(12, seed=1, level=0.05), 4, 8)))
    stage.play()
    assert [(event.starts_s, event.ends_s) for event in stage.of(SegmentStarted)] == [(0, 5), (4, 9), (8, 12)]


def test_music_stays_whole_where_the_gain_has_to_change(tmp_path: Path) -> None:
    music = tone(30)
    recordings = continuous(music, 10)
    recordings[0].target_lufs, recordings[1].target_lufs = -30.0, -26.0
    stage = Stage(made(tmp_path, recordings))
    stage.play()
    steady = np.abs(stage.sink.sound).reshape(-1, 4_800, 2).max(axis=(1, 2))
    assert np.abs(np.diff(20 * np.log10(steady))).max() < 0.1
    assert 20 * np.log10(steady[-1] / steady[0]) == pytest.approx(4.0, abs=0.1)


def test_strangers_reach_their_targets(tmp_path: Path) -> None:
    from focuscli.loudness.meter import integrated_loudness

    loud = Recording(noise(6, 1, 0.2), 0, 500, target_lufs=-20.0)
    soft = Recording(noise(6, 2, 0.005), 500, 0, target_lufs=-20.0)
    stage = Stage(made(tmp_path, [loud, soft]))
    stage.play()
    for part in (stage.sink.sound[: 5 * RATE], stage.sink.sound[-5 * RATE :]):
        assert integrated_loudness(part) == pytest.approx(-20.0, abs=0.2)


def test_a_late_segment_is_waited_for_with_music(tmp_path: Path) -> None:
    recordings = [Recording(noise(6, 1), 500, 1000), Recording(noise(6, 2), 1000, 0)]
    stage = Stage(made(tmp_path, recordings, ready=1), at={40 * RATE: lambda stage: stage.feed.tell(2)})
    stage.play()
    assert len(stage.sink.sound) > 40 * RATE
    assert longest_silence(stage.sink.sound) <= 240
    assert len(stage.of(Holding)) >= 5
    assert [event.segment_index for event in stage.of(SegmentStarted)] == [0, 1]
    assert np.array_equal(stage.sink.sound[-4 * RATE :], recordings[1].sound[-4 * RATE :])


def test_holding_stays_at_its_level(tmp_path: Path) -> None:
    stage = Stage(
        made(tmp_path, [Recording(noise(8, 1), 0, 1500), Recording(noise(4, 2), 1500, 0)], ready=1),
        at={25 * RATE: lambda stage: stage.feed.tell(2)},
    )
    stage.play()
    power = np.square(stage.sink.sound[: 24 * RATE].astype(np.float64)).reshape(-1, 9_600, 2).mean(axis=(1, 2))
    assert np.abs(10 * np.log10(power) + 20.0).max() < 0.6


def test_nothing_is_written_before_the_first_segment_is_there(tmp_path: Path) -> None:
    feed = made(tmp_path, [Recording(noise(2, 1))], ready=0)
    feed.errors = [EngineUnreachable("not yet")] * 3
    stage = Stage(feed, await_all=False)
    stage.fetcher._on_fetch = lambda _segment: None
    original = feed.get

    def ready_after_ten() -> object:
        if feed.asked > 10:
            feed.tell(1)
        return original()

    feed.get = ready_after_ten  # type: ignore[method-assign,assignment]
    stage.play()
    assert np.array_equal(stage.sink.sound, noise(2, 1))
    assert len(stage.of(EngineQuiet)) == 3
    first = stage.of(FirstSound)
    assert len(first) == 1


@pytest.mark.parametrize("frame", [48_000, 5 * RATE - 20_000])
def test_it_resumes_where_it_was_left(tmp_path: Path, frame: int) -> None:
    music = noise(12, seed=1, level=0.05)
    stage = Stage(made(tmp_path, continuous(music, 4, 8)), start_at=Position(1, frame))
    stage.play()
    expected = music[4 * RATE + frame :]
    assert len(stage.sink.sound) == len(expected)
    assert np.abs(stage.sink.sound[0]).max() < 0.001
    assert np.abs(stage.sink.sound[7_200:] - expected[7_200:]).max() < 1e-6
    played = stage.of(Played)[0]
    assert played.position_s == pytest.approx(4 + frame / RATE, abs=0.2)


def test_a_pause_is_silence_and_costs_no_music(tmp_path: Path) -> None:
    music = tone(10)
    stage = Stage(
        made(tmp_path, [Recording(music)]),
        at={2 * RATE: lambda stage: stage.player.send(Pause()), 5 * RATE: lambda stage: stage.player.send(Toggle())},
    )
    stage.play()
    assert [type(event) for event in stage.of(Paused, Resumed)] == [Paused, Resumed]
    assert len(stage.sink.sound) > len(music) + 2 * RATE
    assert longest_silence(stage.sink.sound) > 2.5 * RATE
    assert largest_step(stage.sink.sound) <= largest_step(music) * 1.01
    sounding = stage.sink.sound[np.abs(stage.sink.sound).max(axis=1) > 0]
    assert len(sounding) == pytest.approx(len(music), abs=200)


def test_skip_crosses_into_the_next_segment(tmp_path: Path) -> None:
    stage = Stage(
        made(tmp_path, [Recording(noise(20, 1), 0, 1000), Recording(noise(5, 2), 1000, 0)]),
        at={2 * RATE: lambda stage: stage.player.send(Skip())},
    )
    stage.play()
    assert len(stage.sink.sound) == pytest.approx(7 * RATE, abs=4_000)
    fade = stage.of(CrossfadeStarted)[0]
    assert fade.duration_s == pytest.approx(0.5)
    assert longest_silence(stage.sink.sound) <= 1


def test_skip_waits_for_a_segment_that_is_not_there(tmp_path: Path) -> None:
    stage = Stage(
        made(tmp_path, [Recording(noise(20, 1), 0, 1000), Recording(noise(5, 2), 1000, 0)], ready=1),
        at={2 * RATE: lambda stage: stage.player.send(Skip()), 6 * RATE: lambda stage: stage.feed.tell(2)},
    )
    stage.play()
    assert 11 * RATE < len(stage.sink.sound) < 14 * RATE


def test_skip_in_the_last_segment_finishes(tmp_path: Path) -> None:
    stage = Stage(made(tmp_path, [Recording(tone(20))]), at={2 * RATE: lambda stage: stage.player.send(Skip())})
    stage.play()
    assert len(stage.sink.sound) < 3 * RATE
    assert np.abs(stage.sink.sound[-1]).max() < 1e-3
    assert stage.events[-1] == PlaybackEnded("finished")


def test_quit_fades_and_tells_the_place(tmp_path: Path) -> None:
    music = tone(20)
    stage = Stage(made(tmp_path, [Recording(music)]), at={2 * RATE: lambda stage: stage.player.send(Quit())})
    position = stage.play()
    assert position == Position(0, len(stage.sink.sound))
    assert len(stage.sink.sound) < 2.4 * RATE
    assert largest_step(stage.sink.sound) <= largest_step(music) * 1.01
    assert np.abs(stage.sink.sound[-1]).max() < 1e-3
    assert stage.events[-1] == PlaybackEnded("quit")


def test_quit_before_the_first_segment(tmp_path: Path) -> None:
    feed = made(tmp_path, [Recording(tone(2))], ready=0)
    stage = Stage(feed, start_at=Position(0, 1234))
    stage.player.send(Quit())
    assert stage.play() == Position(0, 1234)
    assert stage.sink.frames == 0
    assert stage.events[-1] == PlaybackEnded("quit")


def test_the_knob_turns_without_clicks(tmp_path: Path) -> None:
    music = tone(8)
    stage = Stage(
        made(tmp_path, [Recording(music)]),
        volume=80,
        at={
            1 * RATE: lambda stage: stage.player.send(SetVolume(20)),
            2 * RATE: lambda stage: stage.player.send(ChangeVolume(-50)),
            3 * RATE: lambda stage: stage.player.send(ChangeVolume(200)),
            4 * RATE: lambda stage: stage.player.send(ToggleMute()),
            5 * RATE: lambda stage: stage.player.send(ToggleMute()),
        },
    )
    stage.play()
    assert [(event.volume, event.muted) for event in stage.of(VolumeChanged)] == [
        (80, False),
        (20, False),
        (0, False),
        (100, False),
        (100, True),
        (100, False),
    ]
    assert largest_step(stage.sink.sound) <= largest_step(music) * 1.02
    assert np.array_equal(stage.sink.sound[-RATE:], music[-RATE:])


def test_a_session_ended_elsewhere_fades_out(tmp_path: Path) -> None:
    stage = Stage(made(tmp_path, [Recording(tone(60))]), at={2 * RATE: lambda stage: stage.feed.end()}, await_all=False)
    asked = stage.feed.asked

    def wait_until_asked(frames: int) -> None:
        if frames > 2 * RATE and not stage.at:
            before = stage.feed.asked
            while stage.player._supply.session is not None and not stage.player._supply.session.is_over:
                stage.player._supply._change.acquire()
                stage.player._supply._change.wait(0.01)
                stage.player._supply._change.release()
            assert stage.feed.asked >= max(before, asked)
        Stage._written(stage, frames)

    stage.sink._on_write = wait_until_asked
    stage.play()
    assert len(stage.sink.sound) == pytest.approx(3.6 * RATE, abs=0.2 * RATE)
    assert np.abs(stage.sink.sound[-1]).max() < 1e-3
    assert stage.events[-1] == PlaybackEnded("ended")


def test_a_damaged_segment_is_left_out(tmp_path: Path) -> None:
    feed = made(tmp_path, [Recording(noise(3, seed), 500, 500) for seed in range(3)])
    (tmp_path / "1.wav").write_bytes(b"<html>")
    stage = Stage(feed, await_all=False, at={1: lambda stage: stage.fetcher.wait_gathered(2)})
    (tmp_path / "1.wav").write_bytes(b"<html>")
    stage.play()
    assert [event.segment_index for event in stage.of(SegmentSkipped)] == [1]
    assert [event.segment_index for event in stage.of(SegmentStarted)] == [0, 2]
    assert len(stage.sink.sound) == 5.5 * RATE


def test_a_refused_url_is_asked_for_anew_once(tmp_path: Path) -> None:
    from focuscli.errors import MediaRefused

    refusals = [MediaRefused("expired")]
    feed = made(tmp_path, [Recording(noise(3, 1))])
    stage = Stage(feed)

    def refuse_once(_segment: object) -> None:
        if refusals:
            raise refusals.pop()

    stage.fetcher._on_fetch = refuse_once
    stage.play()
    assert len(stage.sink.sound) == 3 * RATE
    assert not stage.of(SegmentSkipped)


def test_a_lost_device_is_told(tmp_path: Path) -> None:
    events: list[object] = []
    sink = MemorySink(lost_after=RATE)
    player = Player(made(tmp_path, [Recording(tone(5))]), FileFetcher(), sink, events.append, patience=HASTE)
    with pytest.raises(DeviceLost):
        player.run()
    assert sink.calls == ["open", "write", "abort", "close"]
    assert events[-1] == PlaybackEnded("failed", "the device went away")


def test_a_device_that_returns_goes_on_where_it_was_heard_last(tmp_path: Path) -> None:
    music = noise(6, seed=1, level=0.05)
    events: list[object] = []
    sink = MemorySink(lost_after=3 * RATE, latency_frames=12_000, returns_at=1)
    feed = made(tmp_path, continuous(music, 2, 4))
    Player(feed, FileFetcher(), sink, events.append, patience=HASTE).run()
    assert sink.calls == ["open", "write", "close", "open", "write", "drain", "close"]
    assert [type(event) for event in events if isinstance(event, DeviceOpened | DeviceGone)] == [
        DeviceOpened,
        DeviceGone,
        DeviceOpened,
    ]
    assert len(sink.sound) == len(music)
    differs = np.flatnonzero(np.any(sink.sound != music, axis=1))
    assert 2.7 * RATE <= differs[0] <= 2.75 * RATE
    assert differs[-1] - differs[0] < 0.15 * RATE
    assert longest_silence(sink.sound) <= 240
    assert [event.segment_index for event in events if isinstance(event, SegmentStarted)] == [0, 1, 2]


def test_another_output_goes_on_with_the_frame_after_the_last(tmp_path: Path) -> None:
    music = noise(6, seed=1, level=0.05)
    events: list[object] = []
    at = {3 * RATE}

    def wrote(frames: int) -> None:
        if at and frames >= min(at):
            at.clear()
            player.send(Reopen())

    opened: list[int] = []
    sink = MemorySink(wrote, on_open=lambda: opened.append(sink.frames), returns_at=0, latency_frames=12_000)
    player = Player(made(tmp_path, continuous(music, 2, 4)), FileFetcher(), sink, events.append, patience=HASTE)
    player.run()
    assert sink.calls == ["open", "write", "drain", "close", "open", "write", "drain", "close"]
    assert len([event for event in events if isinstance(event, DeviceOpened)]) == 2
    assert not [event for event in events if isinstance(event, DeviceGone)]
    assert len(sink.sound) == len(music)
    differs = np.flatnonzero(np.any(sink.sound != music, axis=1))
    assert differs[-1] - differs[0] <= 0.3 * RATE
    assert len(opened) == 2
    assert np.abs(sink.sound[opened[1] - 240 : opened[1] + 240]).max() < 0.002
    assert [event.segment_index for event in events if isinstance(event, SegmentStarted)] == [0, 1, 2]


def test_where_no_output_opens_any_more_it_is_waited_for(tmp_path: Path) -> None:
    music = noise(3, seed=1, level=0.05)
    events: list[object] = []
    sink = MemorySink(lambda frames: frames == RATE and player.send(Reopen()), returns_at=1)
    player = Player(made(tmp_path, [Recording(music)]), FileFetcher(), sink, events.append, patience=HASTE)
    player.run()
    kinds = [type(event) for event in events if isinstance(event, DeviceOpened | DeviceGone)]
    assert kinds == [DeviceOpened, DeviceGone, DeviceOpened]
    assert len(sink.sound) == len(music)


def test_quitting_while_the_device_is_away(tmp_path: Path) -> None:
    events: list[object] = []
    sink = MemorySink(lost_after=RATE, returns_at=1 << 30)

    def emit(event: object) -> None:
        events.append(event)
        if isinstance(event, DeviceGone):
            player.send(Quit())

    player = Player(made(tmp_path, [Recording(tone(5))]), FileFetcher(), sink, emit, patience=HASTE)
    assert player.run() == Position(0, sink.frames)
    assert events[-1] == PlaybackEnded("quit")


def test_a_session_that_is_gone_is_an_error(tmp_path: Path) -> None:
    feed = made(tmp_path, [Recording(tone(5))], ready=0)
    feed.errors = [NotFound("no such session")]
    stage = Stage(feed)
    with pytest.raises(NotFound):
        stage.play()
    assert stage.events[-1] == PlaybackEnded("failed", "no such session")
    assert stage.sink.calls[-1] == "close"


def test_the_position_counts_what_was_heard(tmp_path: Path) -> None:
    stage = Stage(
        made(tmp_path, [Recording(tone(10))]),
        latency_frames=24_000,
        at={4 * RATE: lambda stage: stage.player.send(Pause()), 6 * RATE: lambda stage: stage.player.send(Resume())},
    )
    stage.play()
    played = stage.of(Played)
    assert played[0].position_s == pytest.approx(0.0, abs=0.12)
    assert played[-2].position_s == pytest.approx(9.5, abs=0.2)
    assert played[-1].position_s == 10.0
    assert 4 <= len(played) / 10 <= 6
    steps = np.diff([event.position_s for event in played])
    assert steps.min() >= 0
    assert stage.of(DeviceOpened) == [DeviceOpened("memory", 0.5)]


@pytest.mark.parametrize("lengths", [(1, 48_000, 1), (1, 1, 1), (480, 20, 96_000)])
def test_tiny_segments_and_long_fades_are_survived(tmp_path: Path, lengths: tuple[int, ...]) -> None:
    recordings = [Recording(noise(1, 9)[:1].repeat(length, axis=0), 3000, 3000) for length in lengths]
    for recording in recordings:
        recording.fade_in_ms = recording.fade_out_ms = 3000
    stage = Stage(made(tmp_path, recordings))
    stage.play()
    assert stage.events[-1] == PlaybackEnded("finished")
    assert 0 < len(stage.sink.sound) <= sum(lengths)


def test_mono_of_another_rate_plays_as_long_as_it_is(tmp_path: Path) -> None:
    slow = Recording(tone(3)[::2][:, :1], 0, 500, rate=24_000)
    stage = Stage(made(tmp_path, [slow, Recording(noise(3, 2), 500, 0)]))
    stage.play()
    assert len(stage.sink.sound) == pytest.approx(5.5 * RATE, abs=2)
    assert np.abs(stage.sink.sound[RATE : 2 * RATE] - tone(3)[RATE : 2 * RATE]).max() < 0.01


def test_previous_goes_back_to_the_beginning_or_into_the_segment_before(tmp_path: Path) -> None:
    recordings = [Recording(tone(8, 220.0), 0, 500), Recording(tone(20, 330.0), 500, 0)]
    stage = Stage(
        made(tmp_path, recordings),
        at={
            9 * RATE: lambda stage: stage.player.send(Previous()),
            12 * RATE: lambda stage: stage.player.send(Skip()),
            20 * RATE: lambda stage: stage.player.send(Previous()),
        },
    )
    stage.play()
    begun = [(event.from_index, event.to_index) for event in stage.of(CrossfadeStarted)]
    assert begun == [(0, 1), (1, 0), (0, 1), (1, 1)]
    assert [event.segment_index for event in stage.of(SegmentStarted)] == [0, 1, 0, 1, 1]
    assert len(stage.sink.sound) == pytest.approx(40 * RATE, abs=0.3 * RATE)
    assert longest_silence(stage.sink.sound) <= 240


def test_a_skip_in_the_middle_of_a_crossfade_leaves_both_at_once(tmp_path: Path) -> None:
    recordings = [Recording(noise(10, 1), 0, 6000), Recording(noise(20, 2), 6000, 1000), Recording(noise(5, 3), 1000)]
    stage = Stage(made(tmp_path, recordings), at={6 * RATE: lambda stage: stage.player.send(Skip())})
    stage.play()
    assert [event.to_index for event in stage.of(CrossfadeStarted)] == [1, 2]
    assert len(stage.sink.sound) == pytest.approx(11 * RATE, abs=0.3 * RATE)
