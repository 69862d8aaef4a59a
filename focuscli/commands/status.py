"""`focus status`: which session is running, asked without starting anything."""

from contextlib import ExitStack
from typing import Annotated

import typer

from focuscli.assemble import running_client
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, say
from focuscli.commands.standing import standing
from focuscli.errors import NothingRunning

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def status(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
) -> None:
    """Show how a session stands; exit code 3 when nothing is running.

    \b
    Examples:
      focus status
      focus status --json | jq .ready_count

    Never starts the engine.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    with ExitStack() as stack:
        client = running_client(around, stack)
        if client is None:
            raise NothingRunning("no session is running", hint="start one with: focus start")
        report = client.get(session or client.newest_active())
    if asked.json:
        document(report.raw)
    else:
        say(standing(report.raw, client.host if around.remote else "this machine"))
