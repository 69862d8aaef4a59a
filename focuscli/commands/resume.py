"""`focus resume`: a paused player goes on."""

import typer

from focuscli.commands.controlling import steer
from focuscli.commands.invocation import PLAIN, Verb

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def resume(ctx: typer.Context) -> None:
    """Let a paused player go on.

    \b
    Examples:
      focus resume
      focus pause
    """
    steer(ctx, {"wish": "resume"})
