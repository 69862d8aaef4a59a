"""What every sink promises, asked of the fake and of the real ones."""

import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from focuscli.clock import Clock, SystemClock
from focuscli.playback.sink import Sink, open_device
from focuscli.playback.sinks import portaudio
from focuscli.playback.sinks.clocked import ClockedSink
from focuscli.playback.sinks.file import FORMATS, FileSink
from focuscli.playback.sinks.miniaudio import MiniaudioSink
from focuscli.playback.sinks.mixer import MixerSink
from focuscli.playback.sinks.portaudio import PortAudioSink
from focuscli.playback.sinks.pulse import PulseSink
from focuscli.playback.sinks.stdout import StdoutSink
from tests.fakes.sink import MemorySink
from tests.fakes.source import noise

VIRTUAL_SINK = Path(__file__).parents[1] / "virtual_sink.sh"
SECONDS = 0.4


@pytest.fixture(scope="session")
def sound_card(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A sound card made of software, for the whole of the session."""
    if not (shutil.which("pulseaudio") and shutil.which("parec")):
        pytest.skip("pulseaudio is not installed, so there is no sound card to play into")
    folder = tmp_path_factory.mktemp("card")
    started = subprocess.run(
        ["bash", VIRTUAL_SINK, "start", folder], capture_output=True, text=True, timeout=60, check=False
    )
    if started.returncode:
        pytest.skip(f"no software sound card: {started.stderr.strip()}")
    with environment(started.stdout):
        portaudio.look_anew()  # which may have been loaded where there was no card
        yield
    subprocess.run(["bash", VIRTUAL_SINK, "stop", folder], check=True, timeout=60)


@contextmanager
def environment(exports: str) -> Iterator[None]:
    """The variables of `export A='b' C='d'` lines."""
    import shlex

    words = [word for word in shlex.split(exports) if "=" in word]
    before = dict(os.environ)
    os.environ.update(dict(word.split("=", 1) for word in words))
    yield
    os.environ.clear()
    os.environ.update(before)


Make = Callable[[Path, Clock], Sink]
QUICK: dict[str, Make] = {
    "memory": lambda _folder, _clock: MemorySink(),
    "clocked": lambda _folder, clock: ClockedSink(clock),
    "stdout": lambda _folder, _clock: StdoutSink(io.BytesIO()),
    **{ending: (lambda folder, _clock, ending=ending: FileSink(folder / f"night{ending}")) for ending in FORMATS},
}
DEVICES: dict[str, Make] = {
    "device": lambda _folder, _clock: open_device("", 0.1),
    "server": lambda _folder, _clock: PulseSink(""),
    "mixer": lambda _folder, _clock: _mixer(),
    "portaudio": lambda _folder, _clock: PortAudioSink("", 0.1),
    "miniaudio": lambda _folder, _clock: MiniaudioSink("", 0.1),
}


def _mixer() -> Sink:
    pytest.importorskip("rtmixer")
    return MixerSink("", 0.1)


@pytest.fixture(params=[*QUICK, *DEVICES])
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> Sink:
    if request.param in DEVICES:
        request.getfixturevalue("sound_card")
        pytest.importorskip("miniaudio")
    return {**QUICK, **DEVICES}[request.param](tmp_path, SystemClock())


def test_open_write_drain_close(sink: Sink) -> None:
    sound = noise(SECONDS, 1)
    sink.open()
    assert sink.name
    assert sink.latency_s >= 0
    for block in np.split(sound, 10):
        sink.write(block)
        assert 0 <= sink.queued_frames <= 48_000 * SECONDS
    sink.drain()
    assert sink.queued_frames == 0
    assert sink.missed_frames == 0
    sink.close()
    sink.close()


def test_open_write_abort_close(sink: Sink) -> None:
    sink.open()
    sink.write(noise(0.05, 1))
    sink.abort()
    sink.close()
    sink.close()


def test_what_is_loose_can_be_taken_back_and_no_more(sink: Sink) -> None:
    sink.open()
    sink.write(noise(SECONDS, 1))
    loose = sink.loose_frames
    assert 0 <= loose <= sink.queued_frames
    sink.take_back(loose)
    assert sink.loose_frames == 0
    sink.write(noise(SECONDS, 2))
    sink.drain()
    assert sink.queued_frames == 0
    assert sink.missed_frames == 0
    sink.close()


def test_what_was_taken_back_need_not_be_written_anew(sink: Sink) -> None:
    sink.open()
    sink.write(noise(SECONDS, 1))
    sink.take_back(sink.loose_frames)
    sink.drain()
    assert sink.queued_frames == 0
    sink.close()


def test_there_is_room_for_what_is_promised(sink: Sink) -> None:
    sink.open()
    sink.write(noise(min(sink.room_frames, 48_000) / 48_000, 1))
    assert sink.room_frames >= 0
    sink.abort()
    sink.close()


def test_open_close(sink: Sink) -> None:
    sink.open()
    sink.close()


def test_blocks_of_any_size_are_taken(sink: Sink) -> None:
    sink.open()
    for frames in (0, 1, 3, 1_000, 5_000):
        sink.write(np.zeros((frames, 2), np.float32))
    sink.drain()
    sink.close()
