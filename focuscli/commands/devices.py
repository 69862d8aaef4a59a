"""`focus devices`: where sound can go."""

from dataclasses import asdict

import typer

from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, say
from focuscli.errors import NoDevice
from focuscli.playback.sink import Device, list_devices

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def devices(ctx: typer.Context) -> None:
    """List the output devices; exit code 8 when there is none.

    \b
    Examples:
      focus devices
      focus watch --device "USB Audio"
    """
    asked = Invocation.of(ctx)
    found = list_devices()
    if asked.json:
        document({"schema": 1, "devices": [asdict(device) for device in found]})
        return
    if not found:
        raise NoDevice(
            "no sound output was found (the sound library works, and sees no device)",
            hint="without sound: focus watch --no-audio\ninto a file: focus export --to FILE",
        )
    for device in found:
        say(_line(device))


def _line(device: Device) -> str:
    mark = "*" if device.is_default else " "
    name = "".join(character if character.isprintable() else "\ufffd" for character in device.name)
    return (
        f"{mark} {device.index:3d}  {name}  ({device.host_api}, {device.channels} channels, {device.default_rate:g} Hz)"
    )
