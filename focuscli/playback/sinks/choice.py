"""Which of the devices is meant."""

from collections.abc import Sequence

from focuscli.errors import NoDevice
from focuscli.playback.sink import Device


def chosen(wanted: str, devices: Sequence[Device]) -> Device:
    """By index, by name, or by the beginning or a part of it (upper and lower case alike); empty: the default.

    Raises NoDevice where there is none, or none such.
    """
    if not devices:
        raise NoDevice(
            "no sound output was found",
            hint="in a container or over ssh: focus watch --no-audio, or focus export --to night.flac",
        )
    if not wanted:
        return next((device for device in devices if device.is_default), devices[0])
    name = wanted.casefold()
    for fits in (
        lambda device: str(device.index) == wanted,
        lambda device: device.name.casefold() == name,
        lambda device: device.name.casefold().startswith(name),
        lambda device: name in device.name.casefold(),
    ):
        for device in devices:
            if fits(device):
                return device
    raise NoDevice(f"there is no output called {wanted!r}", hint="see them all: focus devices")
