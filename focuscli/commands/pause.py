"""`focus pause`: the sound stops, and the place is kept."""

import typer

from focuscli.commands.controlling import steer
from focuscli.commands.invocation import PLAIN, Verb

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def pause(ctx: typer.Context) -> None:
    """Pause the sound of the player that is playing.

    \b
    Examples:
      focus pause
      focus resume
    """
    steer(ctx, {"wish": "pause"})
