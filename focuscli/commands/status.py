"""`focus status`: which session is running, asked without starting anything."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Annotated

import typer

from focuscli.assemble import Surroundings, running_client
from focuscli.client.api import Report
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, say
from focuscli.commands.presets import PRESETS, told
from focuscli.commands.settled import remember
from focuscli.commands.standing import fields_of, standing
from focuscli.errors import ExitCode, NothingRunning, UsageError
from focuscli.playback.knocking import state_of

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def status(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="F",
            help=f"One line, such as '{{goal}} {{ready}}', or {', '.join(PRESETS)}; see: focus help formatting",
        ),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on, with a line whenever it changes.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing; the exit code tells.")] = False,
) -> None:
    """Show how a session stands; exit code 3 when nothing is running.

    \b
    Examples:
      focus status
      focus status --json | jq .ready_count
      focus status --follow --format '{goal} [{left|duration} left, ]{ready} of {total}'
      if focus status -q; then focus end; fi

    Never starts the engine.
    """
    asked = Invocation.of(ctx)
    if sum((form is not None, asked.json, quiet)) > 1:
        raise UsageError("--format, --json and --quiet exclude each other", hint="see: focus status --help")
    if quiet and follow:
        raise UsageError("--quiet has nothing to --follow", hint="see: focus status --help")
    if form is not None:
        in_form(form, {})  # a wrong one is told now
    around = _surroundings(asked)
    if follow:
        from focuscli.commands.following import follow as go_on

        go_on(around, session, form, asked)
    try:
        report, where = look(around, session)
    except NothingRunning:
        if form is None and not quiet:
            raise
        if not quiet:
            say("")  # a status bar shows nothing
        raise typer.Exit(ExitCode.NOTHING_RUNNING) from None
    if asked.json:
        document(report.raw)
    elif not quiet:
        say(line(around, report, where, form))


def _surroundings(asked: Invocation) -> Surroundings:
    """As found; where nothing in them matters to the next, quicker look, that is remembered."""
    around = asked.surroundings()
    if asked.remote is None and not around.remote and not around.cautions():
        remember(around.environment)
    return around


def line(around: Surroundings, report: Report, where: str, form: str | None) -> str:
    """How it stands, with what the player of this machine says of it, for people or in a form of their own."""
    player = state_of(str(around.paths.player_address))
    return standing(report.raw, where, player) if form is None else in_form(form, fields_of(report.raw, player))


def in_form(form: str, fields: Mapping[str, object]) -> str:
    """The line of a preset or a form; raises UsageError for one that cannot be filled in."""
    try:
        return told(form, fields)
    except ValueError as exc:
        raise UsageError(f"the format {form!r} cannot be filled in: {exc}", hint="see: focus help formatting") from exc


def look(around: Surroundings, session: str | None) -> tuple[Report, str]:
    """The session that is named, or else the newest active one, and where it runs; raises NothingRunning."""
    with ExitStack() as stack:
        client = running_client(around, stack)
        if client is None:
            raise NothingRunning("no session is running", hint="start one with: focus start")
        return client.get(session or client.newest_active()), around.where(client)
