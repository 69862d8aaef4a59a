"""`focus mute`: silence without turning the knob."""

from enum import Enum
from typing import Annotated

import typer

from focuscli.commands.controlling import steer
from focuscli.commands.invocation import PLAIN, Verb


class Switch(Enum):
    """Which way."""

    ON = "on"
    OFF = "off"


app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def mute(
    ctx: typer.Context,
    switch: Annotated[
        Switch | None, typer.Argument(metavar="[on|off]", help="Without it, the other way.", show_default=False)
    ] = None,
) -> None:
    """Silence the player that is playing, or let it sound again; it plays on meanwhile.

    \b
    Examples:
      focus mute
      focus mute off
    """
    steer(ctx, {"wish": "mute"} if switch is None else {"wish": "mute", "muted": switch is Switch.ON})
