"""`focus previous`: back to where a segment began."""

import typer

from focuscli.commands.controlling import steer
from focuscli.commands.invocation import PLAIN, Verb

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def previous(ctx: typer.Context) -> None:
    """Cross over to the beginning of this segment, or into the one before.

    \b
    Examples:
      focus previous
      focus next

    In the first five seconds of a segment it is the one before, as far as that is still here.
    """
    steer(ctx, {"wish": "previous"})
