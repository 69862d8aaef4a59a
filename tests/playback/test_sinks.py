"""What files, pipes and clocks hold after they were played into."""

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from focuscli.audio.dither import FULL_SCALE, to_int16
from focuscli.errors import Conflict, DeviceLost, UsageError
from focuscli.playback.sinks.clocked import ClockedSink
from focuscli.playback.sinks.file import FORMATS, FileSink
from focuscli.playback.sinks.stdout import StdoutSink
from tests.fakes.source import noise


class SteppedClock:
    """Time passes in sleep alone."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time, UTC)

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.time += seconds


@pytest.mark.parametrize("ending", [".flac", ".wav"])
def test_sixteen_bit_sound_is_kept_to_the_bit(tmp_path: Path, ending: str) -> None:
    exact = to_int16(noise(2, 1), 0)
    sink = FileSink(tmp_path / f"night{ending}")
    sink.open()
    for at in range(0, len(exact), 7_000):
        sink.write(exact[at : at + 7_000] / np.float32(FULL_SCALE))
    assert not (tmp_path / f"night{ending}").exists()
    sink.drain()
    sink.close()
    read, rate = soundfile.read(tmp_path / f"night{ending}", dtype="int16")
    assert rate == 48_000
    assert np.array_equal(read, exact)
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [f"night{ending}"]


def test_finer_sound_is_dithered(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "night.flac")
    sink.open()
    sink.write(np.full((48_000, 2), 0.3 / FULL_SCALE, np.float32))
    sink.drain()
    read, _ = soundfile.read(tmp_path / "night.flac", dtype="int16")
    assert read.mean() == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("ending", [".ogg", ".opus", ".mp3"])
def test_lossy_formats_hold_the_sound(tmp_path: Path, ending: str) -> None:
    wave = np.repeat(0.2 * np.sin(np.arange(96_000) / 20)[:, None], 2, axis=1).astype(np.float32)
    sink = FileSink(tmp_path / f"night{ending}")
    sink.open()
    sink.write(wave)
    sink.drain()
    read, rate = soundfile.read(tmp_path / f"night{ending}", dtype="float32")
    assert rate == 48_000
    assert len(read) == pytest.approx(len(wave), abs=3_000)
    assert np.sqrt(np.mean(read[5_000:80_000] ** 2)) == pytest.approx(0.2 / np.sqrt(2), rel=0.02)


def test_more_than_a_minute_of_vorbis_at_once_is_survived(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "night.ogg")
    sink.open()
    sink.write(np.zeros((70 * 48_000, 2), np.float32))
    sink.drain()
    assert soundfile.info(tmp_path / "night.ogg").frames == pytest.approx(70 * 48_000, abs=1_000)


def test_an_aborted_file_leaves_nothing_and_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "night.flac").write_text("what was there before")
    sink = FileSink(tmp_path / "night.flac")
    sink.open()
    sink.write(noise(1, 1))
    sink.abort()
    sink.close()
    assert (tmp_path / "night.flac").read_text() == "what was there before"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["night.flac"]


def test_an_unknown_ending_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="xyz"):
        FileSink(tmp_path / "night.xyz")


def test_a_folder_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="cannot be written"):
        FileSink(tmp_path / "nowhere" / "night.flac").open()


@pytest.mark.parametrize("ending", FORMATS)
def test_a_full_disk_is_told(tmp_path: Path, ending: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full to stand for a full disk")
    sink = FileSink(tmp_path / f"night{ending}")
    (tmp_path / f".night{ending}.part").symlink_to("/dev/full")
    with pytest.raises(Conflict, match="cannot be written"):
        _write_a_minute(sink)
    assert not (tmp_path / f"night{ending}").exists()


def _write_a_minute(sink: FileSink) -> None:
    sink.open()
    for _ in range(60):
        sink.write(noise(1, 1))
    sink.drain()


def test_the_pipe_gets_a_wave_stream() -> None:
    stream = io.BytesIO()
    exact = to_int16(noise(1, 1), 0)
    sink = StdoutSink(stream)
    sink.open()
    sink.write(exact / np.float32(FULL_SCALE))
    sink.drain()
    data = stream.getvalue()
    assert data[:4] == b"RIFF"
    assert data[4:8] == data[40:44] == b"\xff\xff\xff\xff"
    assert np.array_equal(np.frombuffer(data[44:], "<i2").reshape(-1, 2), exact)


def test_a_reader_that_goes_away_is_told() -> None:
    class Closed(io.BytesIO):
        def write(self, _data: object) -> int:
            raise BrokenPipeError

    with pytest.raises(DeviceLost):
        StdoutSink(Closed()).open()


def test_the_clocked_sink_takes_as_long_as_the_sound() -> None:
    clock = SteppedClock()
    sink = ClockedSink(clock)
    sink.open()
    for _ in range(100):
        sink.write(np.zeros((4_800, 2), np.float32))
        assert sink.queued_frames <= 4_801
    sink.drain()
    assert clock.time == pytest.approx(110.0, abs=0.01)


def test_a_late_writer_loses_no_time_twice() -> None:
    clock = SteppedClock()
    sink = ClockedSink(clock)
    sink.open()
    sink.write(np.zeros((48_000, 2), np.float32))
    clock.sleep(50)
    sink.write(np.zeros((48_000, 2), np.float32))
    sink.drain()
    assert clock.time == pytest.approx(100 + 0.9 + 50 + 1.0, abs=0.01)
