"""Sound through PortAudio: the one file that knows `sounddevice`."""

import sys
from typing import Any

from focuscli.audio.block import Block
from focuscli.errors import NoSoundLibrary, SoundError
from focuscli.playback.sink import Device
from focuscli.playback.sinks.called import LEAST_LATENCY_S, CalledSink
from focuscli.playback.sinks.choice import chosen
from focuscli.playback.sinks.quiet import QuietStderr, hush_alsa, quiet_stderr
from focuscli.units import CHANNELS, SAMPLE_RATE, frames

BLOCK_FRAMES = 1024


def library() -> Any:  # sounddevice has no types
    """Load PortAudio, which looks at every device of the system (60 to 100 ms)."""
    try:
        with quiet_stderr():
            import sounddevice
        hush_alsa()
    except OSError as exc:
        raise NoSoundLibrary("PortAudio cannot be loaded") from exc
    return sounddevice


def look_anew() -> None:
    """PortAudio sees devices come and go only when it is started anew; no stream may be open.

    Nothing happens where it is not loaded yet.
    """
    if "sounddevice" not in sys.modules:
        return
    sounddevice = library()
    with quiet_stderr():
        sounddevice._terminate()  # noqa: SLF001  # there is no other way, as its author says (issue 125)
        sounddevice._initialize()  # noqa: SLF001


def devices() -> list[Device]:
    """The output devices that PortAudio saw when it was loaded; raises NoSoundLibrary."""
    sounddevice = library()
    apis = sounddevice.query_hostapis()
    default = _default_index(sounddevice)
    return [
        Device(
            index=int(found["index"]),
            name=str(found["name"]),
            host_api=str(apis[found["hostapi"]]["name"]),
            channels=int(found["max_output_channels"]),
            default_rate=float(found["default_samplerate"]),
            is_default=found["index"] == default,
        )
        for found in sounddevice.query_devices()
        if found["max_output_channels"] > 0
    ]


def _default_index(sounddevice: Any) -> int:
    apis = sounddevice.query_hostapis()
    own = int(sounddevice.default.device[1])
    if own >= 0:
        return own
    return next((int(api["default_output_device"]) for api in apis if api["default_output_device"] >= 0), -1)


def stream_settings(device: Device, latency_s: float) -> dict[str, Any]:
    """What every stream of ours asks for; the latency as a number, for what PortAudio calls high is 35 ms on ALSA."""
    return {
        "samplerate": SAMPLE_RATE,
        "device": device.index,
        "channels": CHANNELS,
        "latency": latency_s,
        "extra_settings": _extra(library(), device),
    }


def _extra(sounddevice: Any, device: Device) -> Any:
    """Let Windows convert to the device's own rate, where it would otherwise refuse ours."""
    if sys.platform == "win32" and "WASAPI" in device.host_api:
        return sounddevice.WasapiSettings(auto_convert=True)
    return None


def cannot_open(device: Device, why: Exception) -> SoundError:
    """The error for a device that is there and does not open."""
    return SoundError(
        f"the output {device.name} cannot be opened: {why}",
        hint="try another: focus devices\nwithout sound: focus watch --no-audio",
    )


class PortAudioSink(CalledSink):
    """A device that PortAudio drives; its callback is Python, which takes frames from a ring."""

    def __init__(self, device: str, latency_s: float) -> None:
        self._asked_s = max(LEAST_LATENCY_S, latency_s)
        self._stream: Any = None
        self._gone = False
        self._quiet = QuietStderr()
        super().__init__(device, self._asked_s)

    def open(self) -> None:
        """Load the library, find, open and start the device; raises NoSoundLibrary, NoDevice, SoundError."""
        sounddevice = library()
        device = chosen(self._device, devices())
        self.name = device.name
        self._quiet.begin()
        try:
            self._stream = sounddevice.OutputStream(
                **stream_settings(device, self._asked_s),
                blocksize=BLOCK_FRAMES,
                dtype="float32",
                callback=self._fill,
                finished_callback=self._finished,
            )
            self.device_frames = frames(float(self._stream.latency))
            self._stream.start()
        except sounddevice.PortAudioError as exc:
            self.close()
            raise cannot_open(device, exc) from exc

    def abort(self) -> None:
        """Silence at once."""
        if self._stream is not None:
            self._stream.abort(ignore_errors=True)

    def close(self) -> None:
        """Give the device back."""
        if self._stream is not None:
            stream, self._stream = self._stream, None
            stream.close(ignore_errors=True)
        self._quiet.end()

    def _is_alive(self) -> bool:
        return not self._gone

    def _fill(self, out: Block, count: int, _time: Any, status: Any) -> None:
        if status.output_underflow:
            self.ran_dry(count)
        self.fill(out)

    def _finished(self) -> None:
        """The stream has stopped, which nobody told it to while it is written to: its device is gone."""
        self._gone = True
