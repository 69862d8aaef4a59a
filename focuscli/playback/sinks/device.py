"""The output device, through the sound server, PortAudio, or else miniaudio."""

import platform
import threading
from collections.abc import Callable

from focuscli.audio.block import Block
from focuscli.errors import NoDevice, NoSoundLibrary, SoundError
from focuscli.playback.sink import Device, Sink
from focuscli.playback.sinks import miniaudio, mixer, portaudio, pulse

PATIENCE_S = 2.0
"""For a device that does not close."""

_INSTALL = {
    "debian": "sudo apt install libportaudio2",
    "ubuntu": "sudo apt install libportaudio2",
    "fedora": "sudo dnf install portaudio",
    "arch": "sudo pacman -S portaudio",
    "opensuse": "sudo zypper install libportaudio2",
    "alpine": "sudo apk add portaudio",
}


def devices() -> list[Device]:
    """Every output device; raises NoSoundLibrary where no library can be loaded."""
    is_one_there = False
    for listed in (pulse.devices, portaudio.devices, miniaudio.devices):
        try:
            if found := listed():
                return found
        except NoSoundLibrary:
            continue
        is_one_there = True
    if not is_one_there:
        raise no_library()
    return []


def no_library() -> NoSoundLibrary:
    """What to say when neither library can be loaded."""
    return NoSoundLibrary(
        "the sound library is missing (PortAudio)",
        hint=f"install it: {_install_command()}\n"
        "without sound: focus watch --no-audio, or focus export --to night.flac",
    )


def _install_command() -> str:
    if platform.system() != "Linux":
        return "pip install --force-reinstall sounddevice"  # whose wheel brings it along there
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    for name in (release.get("ID", ""), *release.get("ID_LIKE", "").split()):
        if name in _INSTALL:
            return _INSTALL[name]
    return "your system's package of PortAudio (libportaudio2, portaudio)"


LIBRARIES: tuple[Callable[[str, float], Sink], ...] = (
    lambda device, _latency_s: pulse.PulseSink(device),
    mixer.MixerSink,
    portaudio.PortAudioSink,
    miniaudio.MiniaudioSink,
)
"""In the order in which they are tried: the fewer gaps and the sooner a control is heard, the earlier."""


class DeviceSink:
    """Chooses the sound library when it is opened, and is that library's sink from then on."""

    returns = True

    def __init__(self, device: str, latency_s: float, otherwise: str | None = None) -> None:
        self._device = device
        self._otherwise = otherwise
        self._asked_s = latency_s
        self._sink: Sink | None = None
        self._was_open = False
        self._turns_to: str | None = None

    @property
    def name(self) -> str:
        """The device's own name, once it is open."""
        return self._sink.name if self._sink is not None else self._device or "default"

    @property
    def latency_s(self) -> float:
        """What was asked for, or what it is once the device is open."""
        return self._sink.latency_s if self._sink is not None else self._asked_s

    @property
    def queued_frames(self) -> int:
        """Written and not yet heard."""
        return self._sink.queued_frames if self._sink is not None else 0

    @property
    def is_there(self) -> bool:
        """Whether it has not gone away."""
        return self._opened().is_there

    @property
    def room_frames(self) -> int:
        """What can be written at once; raises DeviceLost."""
        return self._opened().room_frames

    @property
    def loose_frames(self) -> int:
        """The newest frames of those written, as far as they can be replaced."""
        return self._opened().loose_frames

    @property
    def missed_frames(self) -> int:
        """Frames of silence that had to be made up."""
        return self._sink.missed_frames if self._sink is not None else 0

    def open(self) -> None:
        """The best library that finds the device; raises NoSoundLibrary, NoDevice, SoundError."""
        if self._was_open:
            portaudio.look_anew()
        self._was_open = True
        if self._turned():
            return
        try:
            self._sink = self._first_to_open(self._device)
        except NoDevice:
            if self._otherwise is None or self._otherwise == self._device:
                raise
            self._sink = self._first_to_open(self._otherwise)

    @property
    def device(self) -> str:
        """What was asked for, empty for the default."""
        return self._device

    def turn_to(self, device: str) -> None:
        """Become that device when opened the next time, or else the one before; from any thread."""
        self._turns_to = device

    def _turned(self) -> bool:
        """Whether it was told to become another device, and has."""
        device, self._turns_to = self._turns_to, None
        if device is None:
            return False
        try:
            self._sink = self._first_to_open(device)
        except SoundError:
            return False
        self._device, self._otherwise = device, self._device
        return True

    def _first_to_open(self, device: str) -> Sink:
        why: SoundError = no_library()
        for made in LIBRARIES:
            try:
                sink = made(device, self._asked_s)
                sink.open()
            except NoSoundLibrary:
                continue  # which has no say in why there is no device
            except SoundError as exc:
                why = exc if isinstance(why, NoSoundLibrary) else why
                if made is LIBRARIES[0] and not device:
                    break  # the sound server has the devices, and knows of none
                continue
            return sink
        raise why

    def write(self, block: Block) -> None:
        """Queue a block, waiting for room; raises DeviceLost."""
        self._opened().write(block)

    def take_back(self, count: int) -> None:
        """What is written next takes the place of the newest frames."""
        self._opened().take_back(count)

    def drain(self) -> None:
        """Wait until all has been heard; raises DeviceLost."""
        self._opened().drain()

    def abort(self) -> None:
        """Silence at once."""
        self._opened().abort()

    def close(self) -> None:
        """Give the device back; one that was torn out may hang, and is left to itself."""
        if self._sink is not None:
            closing = threading.Thread(target=self._sink.close, name="close-device", daemon=True)
            closing.start()
            closing.join(PATIENCE_S)

    def _opened(self) -> Sink:
        assert self._sink is not None, "not open"
        return self._sink
