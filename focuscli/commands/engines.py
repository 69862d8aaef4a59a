"""`focus engines`: the music generators that a session can be made by."""

from contextlib import ExitStack
from typing import Any

import typer

from focuscli.assemble import launch, ready_client
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.commands.standing import word

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def engines(ctx: typer.Context) -> None:
    """List the music generators, and what their music may be used for.

    \b
    Examples:
      focus engines
      focus start --engine procedural

    The key of one goes into: focus start --engine KEY
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    with ExitStack() as stack:
        found = ready_client(around, launch(around), stack, note).engines()
    if asked.json:
        document({"schema": 1, "engines": found})
        return
    for engine in found:
        say(_line(engine))


def _line(engine: dict[str, Any]) -> str:
    default = " (default)" if engine.get("default") else ""
    credit = ", names its maker" if engine.get("requires_attribution") else ""
    named, licence = word(engine, "display_name"), word(engine, "licence_class")
    return f"{word(engine, 'engine_key')}{default}: {named}, {licence}{credit}"
