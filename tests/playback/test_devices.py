"""Real playing into a software sound card, and the choice of a device."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from focuscli.clock import SystemClock
from focuscli.errors import DeviceLost, NoDevice, NoSoundLibrary
from focuscli.playback.sink import Device
from focuscli.playback.sinks import device, miniaudio, portaudio
from focuscli.playback.sinks.buffer import DeviceBuffer
from focuscli.playback.sinks.choice import chosen
from tests.fakes.source import noise

VIRTUAL_SINK = Path(__file__).parents[1] / "virtual_sink.sh"

PLAYING = """
import json, sys, numpy
from focuscli.playback.sink import open_device
from focuscli.playback.sinks.miniaudio import MiniaudioSink
sound = numpy.load(sys.argv[1])
sink = MiniaudioSink("", 0.3) if sys.argv[2] == "miniaudio" else open_device("", 0.3)
sink.open()
for at in range(0, len(sound), 1920):
    sink.write(sound[at:at + 1920])
sink.drain()
sink.close()
print(json.dumps({"missed": sink.missed_frames, "name": sink.name}))
"""


@pytest.mark.parametrize(("library", "duration_s"), [("portaudio", 10), ("miniaudio", 3)])
def test_what_is_heard_is_what_was_sent(tmp_path: Path, library: str, duration_s: int) -> None:
    """To the bit. Nobody but a busy machine may make it fail, and that not three times in a row."""
    if not (shutil.which("pulseaudio") and shutil.which("parec")):
        pytest.skip("pulseaudio is not installed, so there is no sound card to play into")
    pytest.importorskip("miniaudio")
    sent = noise(duration_s, 1)
    np.save(tmp_path / "sent.npy", sent)
    for attempt in range(3):
        heard, missed = played(tmp_path / "sent.npy", library, tmp_path / f"card{attempt}")
        if np.array_equal(heard[: len(sent)], sent):
            assert missed == 0
            assert not heard[len(sent) :].any()
            return
    pytest.fail(f"heard something else than was sent; {missed} frames were not written in time")


def played(sent: Path, library: str, card: Path) -> tuple[np.ndarray, int]:
    """What the sound card recorded, from the first frame that is not silent, and how many frames were missed."""
    command = ["bash", VIRTUAL_SINK, "run", card, "--", sys.executable, "-c", PLAYING, sent, library]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    heard, rate = soundfile.read(card / "capture.wav", dtype="float32")
    assert rate == 48_000
    return heard[np.flatnonzero(np.abs(heard).max(axis=1))[0] :], json.loads(done.stdout)["missed"]


def test_a_device_is_chosen_by_index_name_or_part_of_it() -> None:
    devices = [
        Device(0, "Built-in Speakers", "ALSA", 2, 48_000.0, False),
        Device(3, "USB Headset", "ALSA", 2, 44_100.0, True),
        Device(4, "USB", "ALSA", 2, 44_100.0, False),
    ]
    wanted = {"": 3, "0": 0, "usb": 4, "built": 0, "headset": 3, "USB H": 3}
    assert {name: chosen(name, devices).index for name in wanted} == wanted
    with pytest.raises(NoDevice, match="nothing such"):
        chosen("nothing such", devices)
    with pytest.raises(NoDevice, match="no sound output"):
        chosen("", [])


def test_no_library_says_how_to_install_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise NoSoundLibrary("cannot be loaded")

    monkeypatch.setattr(portaudio, "_library", missing)
    monkeypatch.setattr(miniaudio, "_library", missing)
    with pytest.raises(NoSoundLibrary, match="sound library is missing") as caught:
        device.DeviceSink("", 0.3).open()
    assert "install it: " in caught.value.hint
    assert "focus export --to" in caught.value.hint
    with pytest.raises(NoSoundLibrary):
        device.devices()


def take(buffer: DeviceBuffer, count: int) -> np.ndarray:
    out = np.full((count, 2), 9.0, np.float32)
    buffer.fill(out)
    return out


def test_a_starting_device_is_fed_silence_and_nothing_counts_as_missed() -> None:
    buffer = DeviceBuffer(0.1, lambda: True)
    sound = noise(0.3, 1)
    assert not take(buffer, 2_400).any()
    buffer.write(sound)
    assert not take(buffer, 2_400).any()
    assert np.array_equal(take(buffer, 14_400), sound)
    assert buffer.missed_frames == 0
    assert not take(buffer, 100).any()
    assert buffer.missed_frames == 100


def test_a_device_that_stops_is_lost() -> None:
    buffer = DeviceBuffer(0.1, lambda: False)
    with pytest.raises(DeviceLost):
        buffer.write(noise(1, 1))
    with pytest.raises(DeviceLost):
        buffer.drain()


def test_a_device_that_asks_no_more_is_lost() -> None:
    class Hurried(SystemClock):
        time = 0.0

        def monotonic(self) -> float:
            return self.time

        def sleep(self, seconds: float) -> None:
            self.time += seconds

    clock = Hurried()
    with pytest.raises(DeviceLost):
        DeviceBuffer(0.1, lambda: True, clock).write(noise(1, 1))
    assert 2.5 < clock.time < 4.0
