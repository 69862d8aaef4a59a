"""`focus version`: which program this is, and which engine answers it."""

import platform
from typing import Any

import typer

from focuscli.client.local import find_local
from focuscli.client.nearby import Nearby
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.hello import PROTOCOL
from focuscli.version import __version__

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def version(ctx: typer.Context) -> None:
    """Show the versions of this program and of the running engine.

    \b
    Examples:
      focus version
      focus version --json
    """
    asked = Invocation.of(ctx)
    running = find_local(asked.surroundings().paths)
    if asked.json:
        document(
            {"schema": 1, "version": __version__, "protocol": PROTOCOL, "python": platform.python_version()}
            | {"engine": _described(running) if running else None}
        )
        return
    say(f"focus {__version__} (protocol {PROTOCOL}, Python {platform.python_version()})")
    if running:
        say(f"engine {running.version} (protocol {running.protocols[1]}) at {running.url}")
        if not running.protocol:
            note("The two do not fit. Stop the engine, and the next command starts the right one: focus engine stop")


def _described(running: Nearby) -> dict[str, Any]:
    return {"version": running.version, "protocol": running.protocols[1], "url": running.url}
