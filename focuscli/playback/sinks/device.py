"""The output device, through PortAudio or else miniaudio."""

import platform

from focuscli.audio.block import Block
from focuscli.errors import NoDevice, NoSoundLibrary
from focuscli.playback.sink import Device, Sink
from focuscli.playback.sinks import miniaudio, portaudio

_INSTALL = {
    "debian": "sudo apt install libportaudio2",
    "ubuntu": "sudo apt install libportaudio2",
    "fedora": "sudo dnf install portaudio",
    "arch": "sudo pacman -S portaudio",
    "opensuse": "sudo zypper install libportaudio2",
    "alpine": "sudo apk add portaudio",
}


def devices() -> list[Device]:
    """Every output device; raises NoSoundLibrary where neither library can be loaded."""
    try:
        return portaudio.devices() or miniaudio.devices()
    except NoSoundLibrary:
        try:
            return miniaudio.devices()
        except NoSoundLibrary as exc:
            raise no_library() from exc


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


class DeviceSink:
    """Chooses the sound library when it is opened, and is that library's sink from then on."""

    def __init__(self, device: str, latency_s: float) -> None:
        self._device = device
        self._asked_s = latency_s
        self._sink: Sink | None = None

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
    def missed_frames(self) -> int:
        """Frames of silence that had to be made up."""
        return self._sink.missed_frames if self._sink is not None else 0

    def open(self) -> None:
        """PortAudio first, then miniaudio; raises NoSoundLibrary, NoDevice, SoundError."""
        first = portaudio.PortAudioSink(self._device, self._asked_s)
        try:
            first.open()
            self._sink = first
        except (NoSoundLibrary, NoDevice) as why:
            self._sink = self._second_choice(why)

    def write(self, block: Block) -> None:
        """Queue a block, waiting for room; raises DeviceLost."""
        self._opened().write(block)

    def drain(self) -> None:
        """Wait until all has been heard; raises DeviceLost."""
        self._opened().drain()

    def abort(self) -> None:
        """Silence at once."""
        self._opened().abort()

    def close(self) -> None:
        """Give the device back."""
        if self._sink is not None:
            self._sink.close()

    def _opened(self) -> Sink:
        assert self._sink is not None, "not open"
        return self._sink

    def _second_choice(self, why: NoSoundLibrary | NoDevice) -> Sink:
        """miniaudio reaches some devices that PortAudio was built without; it has no say in why there is none."""
        second = miniaudio.MiniaudioSink(self._device, self._asked_s)
        try:
            second.open()
        except NoSoundLibrary as exc:
            raise (no_library() if isinstance(why, NoSoundLibrary) else why) from exc
        return second
