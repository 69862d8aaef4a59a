"""`focus version`: which program this is, and which engine answers it."""

import os
import platform
from typing import Annotated, Any

import typer

from focuscli.client.local import find_local
from focuscli.client.nearby import Nearby
from focuscli.client.skew import order
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.hello import PROTOCOL
from focuscli.plain_text import printable
from focuscli.version import __version__

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def version(
    ctx: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Ask pip whether there is a newer release.")] = False,
) -> None:
    """Show the versions of this program and of the running engine.

    \b
    Examples:
      focus version
      focus version --check
      focus version --json

    Nobody is asked about releases without --check.
    """
    asked = Invocation.of(ctx)
    running = find_local(asked.surroundings().paths)
    latest, why = _newest() if check else (None, "")
    if asked.json:
        document(
            {"schema": 1, "version": __version__, "protocol": PROTOCOL, "python": platform.python_version()}
            | {"engine": _described(running) if running else None, "latest": latest}
        )
        return
    say(f"focus {__version__} (protocol {PROTOCOL}, Python {platform.python_version()})")
    if running:
        say(f"engine {running.version} (protocol {running.protocols[1]}) at {running.url}")
        if not running.protocol:
            note("The two do not fit. Stop the engine, and the next command starts the right one: focus engine stop")
    if check:
        say(_judged(latest, why))


def _newest() -> tuple[str | None, str]:
    from focuscli.commands.release import newest

    return newest(os.environ)


def _judged(latest: str | None, why: str) -> str:
    """What came of the check, in a line."""
    if latest is None:
        return f"no release is known: {printable(why)}"
    if order(latest) > order(__version__):
        return f"release {printable(latest)} is out: pip install --upgrade focus-sessions"
    return f"no release is newer; the newest is {printable(latest)}"


def _described(running: Nearby) -> dict[str, Any]:
    return {"version": running.version, "protocol": running.protocols[1], "url": running.url}
