"""Sound through PortAudio: the one file that knows `sounddevice`."""

import sys
from typing import Any

from focuscli.audio.block import Block
from focuscli.errors import NoSoundLibrary, SoundError
from focuscli.playback.sink import Device
from focuscli.playback.sinks.buffer import DeviceBuffer
from focuscli.playback.sinks.buffered import BufferedSink
from focuscli.playback.sinks.choice import chosen
from focuscli.playback.sinks.quiet import hush_alsa, quiet_stderr
from focuscli.units import CHANNELS, SAMPLE_RATE, frames

BLOCK_FRAMES = 1024


def _library() -> Any:  # sounddevice has no types
    """Load PortAudio, which looks at every device of the system (60 to 100 ms)."""
    try:
        with quiet_stderr():
            import sounddevice
        hush_alsa()
    except OSError as exc:
        raise NoSoundLibrary("PortAudio cannot be loaded") from exc
    return sounddevice


def devices() -> list[Device]:
    """The output devices that PortAudio saw when it was loaded; raises NoSoundLibrary."""
    library = _library()
    apis = library.query_hostapis()
    default = _default_index(library)
    return [
        Device(
            index=int(found["index"]),
            name=str(found["name"]),
            host_api=str(apis[found["hostapi"]]["name"]),
            channels=int(found["max_output_channels"]),
            default_rate=float(found["default_samplerate"]),
            is_default=found["index"] == default,
        )
        for found in library.query_devices()
        if found["max_output_channels"] > 0
    ]


def _default_index(library: Any) -> int:
    apis = library.query_hostapis()
    own = int(library.default.device[1])
    if own >= 0:
        return own
    return next((int(api["default_output_device"]) for api in apis if api["default_output_device"] >= 0), -1)


class PortAudioSink(BufferedSink):
    """A device that PortAudio drives; its callback takes frames from a ring.

    `latency_s` is asked for as a number: what PortAudio calls high is 35 ms on ALSA, which a drawn table breaks.
    """

    def __init__(self, device: str, latency_s: float) -> None:
        self._asked_s = latency_s
        self._stream: Any = None
        self._gone = False
        super().__init__(device, DeviceBuffer(latency_s, lambda: not self._gone))

    def open(self) -> None:
        """Load the library, find, open and start the device; raises NoSoundLibrary, NoDevice, SoundError."""
        library = _library()
        device = chosen(self._device, devices())
        self.name = device.name
        try:
            with quiet_stderr():
                self._stream = library.OutputStream(
                    samplerate=SAMPLE_RATE,
                    blocksize=BLOCK_FRAMES,
                    device=device.index,
                    channels=CHANNELS,
                    dtype="float32",
                    latency=self._asked_s,
                    extra_settings=_extra(library, device),
                    callback=self._fill,
                    finished_callback=self._finished,
                )
                self._buffer.device_frames = frames(float(self._stream.latency))
                self._stream.start()
        except library.PortAudioError as exc:
            raise SoundError(
                f"the output {device.name} cannot be opened: {exc}",
                hint="try another: focus devices\nwithout sound: focus watch --no-audio",
            ) from exc

    def abort(self) -> None:
        """Silence at once."""
        if self._stream is not None:
            with quiet_stderr():
                self._stream.abort(ignore_errors=True)

    def close(self) -> None:
        """Give the device back."""
        if self._stream is not None:
            stream, self._stream = self._stream, None
            with quiet_stderr():
                stream.close(ignore_errors=True)

    def _fill(self, out: Block, count: int, _time: Any, status: Any) -> None:
        if status.output_underflow:
            self._buffer.ran_dry(count)
        self._buffer.fill(out)

    def _finished(self) -> None:
        """The stream has stopped, which nobody told it to while it is written to: its device is gone."""
        self._gone = True


def _extra(library: Any, device: Device) -> Any:
    """Let Windows convert to the device's own rate, where it would otherwise refuse ours."""
    if sys.platform == "win32" and "WASAPI" in device.host_api:
        return library.WasapiSettings(auto_convert=True)
    return None
