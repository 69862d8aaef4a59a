"""`focus sleep`: the sound falls silent after a while, or not after all."""

from typing import Annotated

import typer

from focuscli.commands.controlling import steer
from focuscli.commands.durations import seconds
from focuscli.commands.invocation import PLAIN, Verb

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def sleep(
    ctx: typer.Context,
    time: Annotated[str, typer.Argument(metavar="TIME|off", help="30, 45m, 1h; off calls it off.")],
    fade: Annotated[
        float, typer.Option(metavar="SECONDS", help="How long the sound falls.", min=5.0, max=300.0)
    ] = 60.0,
) -> None:
    """Let the player that is playing fall silent by then, and leave.

    \b
    Examples:
      focus sleep 45m
      focus sleep off
    """
    if time == "off":
        steer(ctx, {"wish": "awake"})
    else:
        steer(ctx, {"wish": "sleep", "after_s": seconds(time), "fade_s": fade})
