"""`focus next`: this segment is left for the following one."""

import typer

from focuscli.commands.controlling import steer
from focuscli.commands.invocation import PLAIN, Verb

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def following_segment(ctx: typer.Context) -> None:
    """Cross over into the next segment.

    \b
    Examples:
      focus next
      focus previous
    """
    steer(ctx, {"wish": "next"})
