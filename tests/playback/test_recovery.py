"""A device that is torn out and put back, for real, and a device that refuses one library."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from focuscli.bench.card import is_possible
from focuscli.bench.recovery import stopped, torn
from focuscli.errors import NoDevice, NoSoundLibrary, SoundError
from focuscli.playback.sink import Sink
from focuscli.playback.sinks import device
from tests.fakes.sink import MemorySink


@pytest.mark.parametrize("happens", [lambda: torn(2, random.Random(3)), stopped], ids=["torn out twice", "stopped"])
def test_the_sound_comes_back_where_it_was(happens: Callable[[], dict[str, Any]]) -> None:
    """Nobody but a busy machine may make it fail, and that not three times in a row."""
    if not is_possible():
        pytest.skip("pulseaudio is not installed, so there is no sound card to tear out")
    for _ in range(3):
        row = happens()
        assert row["printed"] == 0
        if row["ok"]:
            return
    pytest.fail(str(row))


def refusing(error: SoundError) -> Callable[[str, float], Sink]:
    """A library that cannot open the device."""

    class Refusing(MemorySink):
        def open(self) -> None:
            raise error

    return lambda _device, _latency_s: Refusing()


def test_a_device_that_refuses_our_rate_is_tried_through_the_next_library(monkeypatch: pytest.MonkeyPatch) -> None:
    good = MemorySink()
    libraries = (
        refusing(NoSoundLibrary("no server")),
        refusing(SoundError("Invalid sample rate")),
        lambda _device, _latency_s: good,
    )
    monkeypatch.setattr(device, "LIBRARIES", libraries)
    sink = device.DeviceSink("", 0.1)
    sink.open()
    assert sink.name == "memory"
    assert good.calls == ["open"]


def test_the_first_library_that_knows_why_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = (refusing(NoSoundLibrary("no server")), refusing(SoundError("busy")), refusing(NoDevice("none")))
    monkeypatch.setattr(device, "LIBRARIES", libraries)
    with pytest.raises(SoundError, match="busy"):
        device.DeviceSink("", 0.1).open()


def test_a_server_without_devices_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "LIBRARIES", (refusing(NoDevice("none")), lambda *_: MemorySink()))
    with pytest.raises(NoDevice):
        device.DeviceSink("", 0.1).open()
    device.DeviceSink("USB", 0.1).open()
