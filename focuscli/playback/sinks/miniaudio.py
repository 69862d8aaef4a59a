"""Sound through miniaudio, which brings all it needs: the one file that knows `miniaudio`."""

from collections.abc import Generator
from typing import Any

import numpy as np

from focuscli.audio.block import Block, silence
from focuscli.errors import NoSoundLibrary, SoundError
from focuscli.playback.sink import Device
from focuscli.playback.sinks.called import LEAST_LATENCY_S, CalledSink
from focuscli.playback.sinks.choice import chosen
from focuscli.playback.sinks.quiet import quiet_stderr
from focuscli.units import CHANNELS, SAMPLE_RATE, frames

PERIOD_S = 0.05
"""The library buffers in periods, and asks for one whole period at a time: less than the ring holds."""

_NOWHERE = "Discard all samples"
"""ALSA's device `null`, which a machine without a sound card has too."""


def _library() -> Any:  # miniaudio has no types
    try:
        import miniaudio
    except ImportError as exc:
        raise NoSoundLibrary("miniaudio cannot be loaded") from exc
    return miniaudio


def _found() -> list[tuple[Device, Any]]:
    """Each device with the handle by which miniaudio knows it."""
    library = _library()
    try:
        with quiet_stderr():
            context = library.Devices(_audible(library))
            infos = [info for info in context.get_playbacks() if not str(info["name"]).startswith(_NOWHERE)]
    except library.MiniaudioError:
        return []
    return [
        (Device(index, str(info["name"]), context.backend, CHANNELS, float(SAMPLE_RATE), index == 0), info["id"])
        for index, info in enumerate(infos)
    ]


def _audible(library: Any) -> list[Any]:
    """All backends but the one that plays into nothing and calls it success."""
    return [backend for backend in library.Backend if backend.name not in ("NULL", "CUSTOM", "WEBAUDIO")]


def devices() -> list[Device]:
    """The output devices that miniaudio sees; raises NoSoundLibrary."""
    return [device for device, _ in _found()]


class MiniaudioSink(CalledSink):
    """A device that miniaudio drives; its callback takes frames from a ring."""

    def __init__(self, device: str, latency_s: float) -> None:
        latency_s = max(LEAST_LATENCY_S, latency_s)
        self._periods = max(2, round(latency_s / PERIOD_S))
        self._playback: Any = None
        super().__init__(device, latency_s)

    def open(self) -> None:
        """Load the library, find, open and start the device; raises NoSoundLibrary, NoDevice, SoundError."""
        library = _library()
        found = _found()
        device = chosen(self._device, [device for device, _ in found])
        self.name = device.name
        try:
            with quiet_stderr():
                self._playback = library.PlaybackDevice(
                    output_format=library.SampleFormat.FLOAT32,
                    nchannels=CHANNELS,
                    sample_rate=SAMPLE_RATE,
                    buffersize_msec=round(1000 * PERIOD_S),
                    callback_periods=self._periods,
                    device_id=found[device.index][1] if self._device else None,
                    backends=_audible(library),
                    app_name="focus",
                )
                self.device_frames = frames(self._periods * PERIOD_S)
                self._playback.start(self._frames())
        except library.MiniaudioError as exc:
            raise SoundError(
                f"the output {device.name} cannot be opened: {exc}",
                hint="try another: focus devices\nwithout sound: focus watch --no-audio",
            ) from exc

    def abort(self) -> None:
        """Silence soon."""
        self.close()

    def close(self) -> None:
        """Give the device back."""
        if self._playback is not None:
            playback, self._playback = self._playback, None
            with quiet_stderr():
                playback.close()

    def _is_alive(self) -> bool:
        return self._playback is not None and bool(self._playback.running)

    def _frames(self) -> Generator[Block, int, None]:
        """Started, and waiting to be asked for so many frames."""
        source = self._answers()
        next(source)
        return source

    def _answers(self) -> Generator[Block, int, None]:
        out = silence(0)
        while True:
            count = yield out
            out = np.empty((count, CHANNELS), np.float32)
            self.fill(out)
