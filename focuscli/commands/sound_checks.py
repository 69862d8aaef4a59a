"""What `focus doctor` finds out about sound: a library, a device, and that the device takes sound, which is silence."""

import time

from focuscli.assemble import Surroundings
from focuscli.commands.findings import Check, Health
from focuscli.errors import NoSoundLibrary, SoundError
from focuscli.plain_text import printable

SILENCE_S = 0.2
_WITHOUT = "play without: focus watch --no-audio; or into a file: focus export --to FILE"


def sound(around: Surroundings) -> Check:
    """Whether there is a sound library and a device, and whether the one that is meant opens and plays silence."""
    from focuscli.playback.sink import list_devices

    try:
        devices = list_devices()
    except NoSoundLibrary as error:
        return Check("sound", Health.FAIL, error.message, error.hint)
    if not devices:
        return Check("sound", Health.WARN, "the sound library works, and finds no output", _WITHOUT)
    usual = next((device for device in devices if device.is_default), devices[0])
    found = f"{len(devices)} outputs; {printable(usual.name)} ({printable(usual.host_api)})"
    try:
        return Check("sound", Health.OK, f"{found}; {_tried(around)}")
    except SoundError as error:
        return Check("sound", Health.FAIL, f"{found}; {printable(error.message)}", error.hint or _WITHOUT)


def _tried(around: Surroundings) -> str:
    """What came of a moment of silence on the device that is set, or on the system's; raises SoundError."""
    from focuscli.audio.block import silence
    from focuscli.playback.sink import open_device

    sink = open_device(str(around.settings["device"]), float(around.settings["latency"]))
    began = time.monotonic()
    sink.open()
    try:
        opened_s = time.monotonic() - began
        latency_s = sink.latency_s
        sink.write(silence(round(SILENCE_S * 48_000)))
        sink.drain()
    finally:
        sink.close()
    return f"{printable(sink.name)} opened in {opened_s:.2f} s and played silence, holding {latency_s:.2f} s of sound"
