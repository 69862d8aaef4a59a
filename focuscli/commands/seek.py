"""`focus seek`: the sound goes to another moment of the session."""

import re
from typing import Annotated, Any

import typer

from focuscli.commands.controlling import steer
from focuscli.commands.invocation import PLAIN, Verb
from focuscli.errors import UsageError

LONGEST_S = 86_400
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,4}):([0-5]\d)", re.ASCII)
_SPAN = re.compile(r"([+-]?)(?=\d)(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s?)?", re.ASCII)

app = typer.Typer(**PLAIN)


@app.command(cls=Verb, context_settings={**PLAIN["context_settings"], "ignore_unknown_options": True})
def seek(
    ctx: typer.Context,
    moment: Annotated[
        str, typer.Argument(metavar="+TIME|-TIME|TIME", help="So far on or back, or a moment: 12:30, 45m, 90s.")
    ],
) -> None:
    """Cross over to another moment of the session.

    \b
    Examples:
      focus seek +30s
      focus seek -1m30s
      focus seek 12:30

    Beyond what is ready it goes to shortly before its end. In the live view the arrows go ten seconds on and back.
    """
    steer(ctx, {"wish": "seek", **_meant(moment)})


def _meant(moment: str) -> dict[str, Any]:
    """Where to; a bare number counts seconds."""
    if match := _CLOCK.fullmatch(moment):
        sign, parts = "", match.groups()
    elif match := _SPAN.fullmatch(moment):
        sign, *parts = match.groups()  # type: ignore[assignment]
    else:
        raise UsageError(f"{moment!r} is no moment", hint="write +30s, -1m30s or 12:30")
    hours, minutes, seconds = (int(part or 0) for part in parts)
    time_s = 3600 * hours + 60 * minutes + seconds
    if time_s > LONGEST_S:
        raise UsageError(f"{moment!r} is more than a day", hint="write +30s, -1m30s or 12:30")
    return {"by_s": int(f"{sign}{time_s}")} if sign else {"to_s": time_s}
