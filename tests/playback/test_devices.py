"""Real playing into a software sound card, and the choice of a device."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.clock import Clock, SystemClock
from focuscli.errors import DeviceLost, NoDevice, NoSoundLibrary
from focuscli.playback.sink import Device
from focuscli.playback.sinks import device, miniaudio, mixer, portaudio, pulse
from focuscli.playback.sinks.called import CalledSink
from focuscli.playback.sinks.choice import chosen
from focuscli.playback.sinks.held import MENDED_FRAMES, STALLED_S
from tests.fakes.sink import MemorySink
from tests.fakes.source import noise

VIRTUAL_SINK = Path(__file__).parents[1] / "virtual_sink.sh"

LIBRARIES = ["server", "mixer", "portaudio", "miniaudio"]

PLAYING = """
import json, sys, time, numpy
from focuscli.playback.sinks import device
sound, other = numpy.load(sys.argv[1])
sink = device.LIBRARIES[int(sys.argv[2])]("", 0.1)
sink.open()
begun = 0
for at in range(0, 48000, 4800):
    sink.write(sound[at:at + 4800])
if sys.argv[3] == "change":
    time.sleep(0.3)
    count = sink.loose_frames
    begun = sink.queued_frames - count
    sink.take_back(count)
    sound = numpy.concatenate([sound[:48000 - count], other[48000 - count:]])
    sink.write(sound[48000 - count:48000])
for at in range(48000, len(sound), 4800):
    sink.write(sound[at:at + 4800])
sink.drain()
sink.close()
print(json.dumps({"missed": sink.missed_frames, "begun": begun}))
"""


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_is_heard_is_what_was_sent(tmp_path: Path, library: str) -> None:
    """To the bit. Nobody but a busy machine may make it fail, and that not three times in a row."""
    sent = noise(3, 1)
    for attempt in range(3):
        heard, told = played(np.stack([sent, sent]), library, "keep", tmp_path / f"card{attempt}")
        if np.array_equal(heard[: len(sent)], sent):
            assert told["missed"] == 0
            assert not heard[len(sent) :].any()
            return
    pytest.fail(f"heard something else than was sent; {told['missed']} frames were not written in time")


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_was_taken_back_is_not_heard(tmp_path: Path, library: str) -> None:
    """From one frame on the replacement is heard, to the bit, and that soon after it was written."""
    first, other = noise(3, 1), noise(3, 2)
    for attempt in range(3):
        heard, told = played(np.stack([first, other]), library, "change", tmp_path / f"card{attempt}")
        heard = heard[: len(first)]
        changed = int(np.argmax(np.any(heard != first, axis=1)))
        if np.array_equal(heard[changed + MENDED_FRAMES :], other[changed + MENDED_FRAMES :]):
            assert 0 < changed < 48_000
            assert told["begun"] <= (0.1 if library in {"server", "mixer"} else 0.4) * 48_000 + 4_096
            return
    pytest.fail("neither the old frames nor the new ones")


def played(sound: np.ndarray, library: str, how: str, card: Path) -> tuple[np.ndarray, dict[str, int]]:
    """What the sound card recorded, from the first frame that is not silent, and what the sink said."""
    if not (shutil.which("pulseaudio") and shutil.which("parec")):
        pytest.skip("pulseaudio is not installed, so there is no sound card to play into")
    if library in {"mixer", "miniaudio"}:
        pytest.importorskip({"mixer": "rtmixer"}.get(library, library))
    np.save(card.with_suffix(".npy"), sound)
    words = [card.with_suffix(".npy"), str(LIBRARIES.index(library)), how]
    command = ["bash", VIRTUAL_SINK, "run", card, "--", sys.executable, "-c", PLAYING, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    heard, rate = soundfile.read(card / "capture.wav", dtype="float32")
    assert rate == 48_000
    return heard[np.flatnonzero(np.abs(heard).max(axis=1))[0] :], json.loads(done.stdout)


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

    monkeypatch.setattr(pulse, "Server", missing)
    monkeypatch.setattr(portaudio, "library", missing)
    monkeypatch.setattr(mixer, "library", missing)
    monkeypatch.setattr(miniaudio, "_library", missing)
    with pytest.raises(NoSoundLibrary, match="sound library is missing") as caught:
        device.DeviceSink("", 0.3).open()
    assert "install it: " in caught.value.hint
    assert "focus export --to" in caught.value.hint
    with pytest.raises(NoSoundLibrary):
        device.devices()


def test_an_output_that_is_only_remembered_may_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Usual(MemorySink):
        def __init__(self, name: str, _latency_s: float) -> None:
            super().__init__()
            asked.append(name)
            self.name = name

        def open(self) -> None:
            if self.name == "USB Headset":
                raise NoDevice("there is no output called 'USB Headset'")
            super().open()

    monkeypatch.setattr(device, "LIBRARIES", (Usual,))
    with pytest.raises(NoDevice):
        device.DeviceSink("USB Headset", 0.1).open()
    sink = device.DeviceSink("USB Headset", 0.1, "")
    sink.open()
    assert (asked, sink.name) == (["USB Headset", "USB Headset", ""], "")


def test_an_output_becomes_another_one_where_that_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = {"Broken"}

    class Named(MemorySink):
        def __init__(self, name: str, _latency_s: float) -> None:
            super().__init__()
            self.name = name

        def open(self) -> None:
            if self.name in gone:
                raise NoDevice(f"there is no output called {self.name!r}")
            super().open()

    monkeypatch.setattr(device, "LIBRARIES", (Named,))
    sink = device.DeviceSink("Speakers", 0.1)
    sink.open()
    opened = []
    for name in ("Headset", "Broken", "USB"):
        sink.turn_to(name)
        sink.close()
        sink.open()
        opened.append((sink.name, sink.device))
    assert opened == [("Headset", "Headset"), ("Headset", "Headset"), ("USB", "USB")]
    gone.add("USB")
    sink.close()
    sink.open()
    assert sink.name == "Headset"


def test_alsas_null_device_is_no_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a sound card has it too, and it is the only one there."""
    null = "Discard all samples (playback) or generate zero samples (capture)"

    def infos() -> list[dict[str, str]]:
        return [{"name": name, "id": name} for name in library.names]

    library = SimpleNamespace(
        Backend=[],
        MiniaudioError=OSError,
        Devices=lambda _backends: SimpleNamespace(backend="ALSA", get_playbacks=infos),
        names=[null],
    )
    monkeypatch.setattr(miniaudio, "_library", lambda: library)
    assert miniaudio.devices() == []
    with pytest.raises(NoDevice, match="no sound output was found"):
        miniaudio.MiniaudioSink("", 0.1).open()
    library.names = [null, "Speakers"]
    assert [(found.index, found.name, found.is_default) for found in miniaudio.devices()] == [(0, "Speakers", True)]


class HandDriven(CalledSink):
    """A device whose callback is called by the test."""

    def __init__(self, *, alive: bool = True, clock: Clock | None = None) -> None:
        super().__init__("", 0.1, clock)
        self.alive = alive

    def _is_alive(self) -> bool:
        return self.alive

    def taken(self, count: int) -> np.ndarray:
        """What the device gets when it asks for so many frames."""
        out = np.full((count, 2), 9.0, np.float32)
        self.fill(out)
        return out


class Hurried(SystemClock):
    """Time passes in sleep alone, and `meanwhile` is done there."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.time = 0.0
        self.meanwhile = meanwhile

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.meanwhile()


def test_a_starting_device_is_fed_silence_and_nothing_counts_as_missed() -> None:
    sink = HandDriven()
    sound = noise(0.3, 1)
    assert not sink.taken(2_400).any()
    sink.write(sound)
    assert not sink.taken(2_400).any()
    assert np.array_equal(sink.taken(14_400), sound)
    assert sink.missed_frames == 0
    assert not sink.taken(100).any()
    assert sink.missed_frames == 100


def test_a_replacement_that_comes_too_late_grows_out_of_what_is_played() -> None:
    sink = HandDriven()
    sink.taken(4_800)
    sink.write(np.full((24_000, 2), 0.5, np.float32))
    sink.taken(480)
    sink.take_back(sink.loose_frames)
    sink.taken(4_800)
    sink.write(np.full((24_000, 2), -0.5, np.float32))
    heard = sink.taken(12_000)[:, 0]
    assert heard[0] == 0.5
    assert heard[-1] == -0.5
    assert np.abs(np.diff(heard)).max() <= 1.01 / MENDED_FRAMES
    assert sink.missed_frames == 0


@given(wishes=st.lists(st.tuples(st.integers(0, 6_000), st.integers(0, 9_000), st.integers(0, 3_000)), max_size=25))
@settings(max_examples=40, deadline=None)
def test_frames_keep_their_numbers_whatever_is_taken_back(wishes: list[tuple[int, int, int]]) -> None:
    """Each frame says its number (left) and which version it is (right); late ones may be blends of versions."""
    sink = HandDriven()
    sink.taken(4_800)
    sink.write(numbered(0, 14_400, 0))
    cursor, heard = 14_400, [sink.taken(1)]
    for version, (write, back, take) in enumerate(wishes, 1):
        count = min(back, sink.loose_frames)
        sink.take_back(count)
        cursor -= count
        fresh = min(count + write, sink.room_frames)
        sink.write(numbered(cursor, fresh, version))
        cursor += fresh
        heard.append(sink.taken(min(take, cursor - sum(map(len, heard)))))
    told = np.concatenate(heard)
    assert np.array_equal(told[:, 0], np.arange(len(told)))
    assert (np.diff(told[:, 1]) >= 0).all()
    assert sink.missed_frames == 0


def numbered(first: int, count: int, version: int) -> np.ndarray:
    return np.column_stack([np.arange(first, first + count), np.full(count, version)]).astype(np.float32)


def test_a_device_that_stops_is_lost() -> None:
    sink = HandDriven(alive=False)
    with pytest.raises(DeviceLost):
        sink.write(noise(1, 1))
    with pytest.raises(DeviceLost):
        sink.drain()


def test_a_device_that_asks_no_more_is_lost() -> None:
    clock = Hurried()
    sink = HandDriven(clock=clock)
    sink.write(noise(5, 1))
    with pytest.raises(DeviceLost):
        sink.write(noise(2, 1))
    assert STALLED_S <= clock.time < STALLED_S + 1.0


def test_a_program_that_was_stopped_does_not_take_its_device_for_lost() -> None:
    clock = Hurried()
    sink = HandDriven(clock=clock)
    sink.taken(4_800)
    sink.write(noise(1, 1))
    clock.time += 3_600
    assert sink.room_frames > 0
    clock.meanwhile = lambda: sink.taken(480)
    sink.write(noise(5, 1))
    assert clock.time < 3_610
