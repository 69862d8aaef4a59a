"""A session into a file is the session as it was made."""

import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from focuscli.audio.dither import FULL_SCALE, to_int16
from focuscli.errors import NotFound
from focuscli.events import Event, Holding, PlaybackEnded, SegmentStarted
from focuscli.model import SessionStatus
from focuscli.playback.export import export
from focuscli.playback.sinks.file import FileSink
from tests.fakes.sink import MemorySink
from tests.fakes.source import RATE, FileFetcher, Recording, noise
from tests.playback.stage import HASTE, continuous, made


def test_sixteen_bit_segments_join_to_the_bit(tmp_path: Path) -> None:
    exact = to_int16(noise(20, 1, 0.05), 0)
    recordings = continuous(exact / np.float32(FULL_SCALE), 6, 14.25, coding="PCM_16")
    for recording in recordings:
        recording.ending = "flac"
    export(made(tmp_path, recordings), FileFetcher(), FileSink(tmp_path / "out.flac"), [].append, patience=HASTE)
    written, _ = soundfile.read(tmp_path / "out.flac", dtype="int16")
    assert np.array_equal(written, exact)


def test_segments_that_are_not_ready_are_waited_for(tmp_path: Path) -> None:
    music = noise(12, 1, 0.05)
    feed = made(tmp_path, continuous(music, 4, 8), ready=1)
    sink = MemorySink()
    events: list[Event] = []
    tellers = iter([lambda: feed.tell(2), lambda: feed.tell(3)])
    seen: set[int] = set()
    original = feed.get

    def ready_when_waited_for() -> object:
        if sink.frames not in seen and sink.frames >= 4 * RATE - 17_000:
            seen.add(sink.frames)
            next(tellers, lambda: None)()
        return original()

    feed.get = ready_when_waited_for  # type: ignore[method-assign,assignment]
    export(feed, FileFetcher(), sink, events.append, patience=HASTE)
    assert np.array_equal(sink.sound, music)
    assert not [event for event in events if isinstance(event, Holding)]
    assert [event.segment_index for event in events if isinstance(event, SegmentStarted)] == [0, 1, 2]
    assert events[-1] == PlaybackEnded("finished")


def test_an_ended_session_gives_what_was_ready(tmp_path: Path) -> None:
    recordings = [Recording(noise(3, seed, 0.05), 0, 0) for seed in range(3)]
    feed = made(tmp_path, recordings, ready=2)
    feed.status = SessionStatus.ENDED
    sink = MemorySink()
    export(feed, FileFetcher(), sink, [].append, patience=HASTE)
    assert np.array_equal(sink.sound, np.concatenate([recordings[0].sound, recordings[1].sound]))


def test_a_session_that_is_gone_leaves_no_file(tmp_path: Path) -> None:
    feed = made(tmp_path, [Recording(noise(3, 1))], ready=0)
    feed.errors = [NotFound("no such session")]
    events: list[Event] = []
    with pytest.raises(NotFound):
        export(feed, FileFetcher(), FileSink(tmp_path / "out.flac"), events.append, patience=HASTE)
    assert not list(tmp_path.glob("*out.flac*"))
    assert events[-1] == PlaybackEnded("failed", "no such session")


def test_events_come_from_the_calling_thread(tmp_path: Path) -> None:
    threads: set[int] = set()
    feed = made(tmp_path, [Recording(noise(3, 1))])
    export(feed, FileFetcher(), MemorySink(), lambda _event: threads.add(threading.get_ident()), patience=HASTE)
    assert threads == {threading.get_ident()}
