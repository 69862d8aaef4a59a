"""`focus status`: which session is running, asked without starting anything."""

from contextlib import ExitStack
from typing import Annotated

import typer

from focuscli.assemble import Surroundings, running_client
from focuscli.client.api import Report
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, say
from focuscli.commands.standing import FIELDS, formatted, standing
from focuscli.errors import ExitCode, NothingRunning, UsageError

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def status(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="F", help=f"One line, such as '{{goal}} {{ready}}': {FIELDS}.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on, with a line whenever it changes.")] = False,
) -> None:
    """Show how a session stands; exit code 3 when nothing is running.

    \b
    Examples:
      focus status
      focus status --json | jq .ready_count
      focus status --follow --format '{goal}: {ready} of {total}'

    Never starts the engine.
    """
    asked = Invocation.of(ctx)
    if form is not None and asked.json:
        raise UsageError("--format and --json are two forms of one line", hint="see: focus status --help")
    formatted(form or "", {})  # a wrong one is told now
    around = asked.surroundings()
    if follow:
        from focuscli.commands.following import follow as go_on

        raise typer.Exit(go_on(around, session, form, asked))
    try:
        report, where = look(around, session)
    except NothingRunning:
        if form is None:
            raise
        say("")  # a status bar shows nothing
        raise typer.Exit(ExitCode.NOTHING_RUNNING) from None
    if asked.json:
        document(report.raw)
    else:
        say(standing(report.raw, where) if form is None else formatted(form, report.raw))


def look(around: Surroundings, session: str | None) -> tuple[Report, str]:
    """The session that is named, or else the newest active one, and where it runs; raises NothingRunning."""
    with ExitStack() as stack:
        client = running_client(around, stack)
        if client is None:
            raise NothingRunning("no session is running", hint="start one with: focus start")
        return client.get(session or client.newest_active()), around.where(client)
