"""`focus usage`: what was made and spent, and how much may be."""

from contextlib import ExitStack
from typing import Any

import typer

from focuscli.assemble import launch, ready_client
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.commands.standing import word

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def usage(ctx: typer.Context) -> None:
    """Show what was made and spent today, this week and this month, and the caps.

    \b
    Examples:
      focus usage
      focus usage --json | jq '.windows[] | select(.window == "day") | .cost_chf'

    Windows begin with the calendar, in UTC. Where a cap would be passed, sessions stop.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    with ExitStack() as stack:
        found = ready_client(around, launch(around), stack, note).usage()
    if asked.json:
        document(found)
        return
    for window in found["windows"]:
        say(_line(window))


def _line(window: dict[str, Any]) -> str:
    made = sum(engine.get("track_count", 0) for engine in window.get("by_engine", []))
    cap = "no cap" if window.get("limit_chf") is None else f"of {float(window['limit_chf']):.2f}"
    spent = f"{float(window.get('cost_chf', 0)):.2f} CHF {cap}"
    return f"{word(window, 'window'):6} since {word(window, 'window_start')}  {spent}, {made} segments"
