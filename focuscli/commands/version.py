"""`focus version`: which program this is, and which engine answers it."""

import platform
from typing import Any

import typer

from focuscli.assemble import Surroundings
from focuscli.client.local import find_local
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
    engine = _engine(asked.surroundings())
    if asked.json:
        document(
            {"schema": 1, "version": __version__, "protocol": PROTOCOL, "python": platform.python_version()}
            | {"engine": engine}
        )
        return
    say(f"focus {__version__} (protocol {PROTOCOL}, Python {platform.python_version()})")
    if engine is not None:
        say(f"engine {engine['version']} (protocol {engine['protocol']}) at {engine['url']}")
        if engine["protocol"] != PROTOCOL:
            note("The two do not fit. Stop the engine, and the next command starts the right one: focus engine stop")


def _engine(around: Surroundings) -> dict[str, Any] | None:
    running = find_local(around.paths)
    if running is None:
        return None
    return {"version": running.version, "protocol": running.protocol, "url": running.url}
