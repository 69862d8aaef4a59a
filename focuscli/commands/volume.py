"""`focus volume`: how loud the player is that is playing."""

import re
from typing import Annotated, Any

import typer

from focuscli.commands.controlling import steer
from focuscli.commands.invocation import PLAIN, Verb
from focuscli.errors import UsageError

app = typer.Typer(**PLAIN)


@app.command(cls=Verb, context_settings={**PLAIN["context_settings"], "ignore_unknown_options": True})
def volume(
    ctx: typer.Context,
    value: Annotated[
        str | None,
        typer.Argument(metavar="[N|+N|-N]", help="Percent, or by how many more or less.", show_default=False),
    ] = None,
) -> None:
    """Turn the volume of the player that is playing, or tell it.

    \b
    Examples:
      focus volume 60
      focus volume +5
      focus volume -10
      focus volume
    """
    steer(ctx, _wish(value))


def _wish(value: str | None) -> dict[str, Any]:
    if value is None:
        return {"wish": "state"}
    match = re.fullmatch(r"([+-]?)(\d{1,3})%?", value, re.ASCII)
    if match is None or int(match[2]) > 100:
        raise UsageError(f"{value!r} is no volume", hint="write 60, +5 or -5; at most 100")
    if not match[1]:
        return {"wish": "volume", "percent": int(match[2])}
    return {"wish": "volume", "by": int(f"{match[1]}{match[2]}")}
