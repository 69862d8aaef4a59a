"""`focus end`: a session is over, and nothing more of it is made."""

from contextlib import ExitStack
from typing import Annotated

import typer

from focuscli.assemble import running_client
from focuscli.client.api import EngineClient
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.commands.standing import readiness, word
from focuscli.errors import EngineUnreachable, NothingRunning

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def end(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
) -> None:
    """End a session; what is ready of it stays playable.

    \b
    Examples:
      focus end
      focus end mfocus_7c2a9f4e1b8d

    Ending what is over, or ending when nothing runs, is no error.
    """
    asked = Invocation.of(ctx)
    with ExitStack() as stack:
        client = running_client(asked.surroundings(), stack)
        ending = _ending(client, session)
        if client is None or ending is None:
            note("Nothing is running, so there was nothing to end.")
            if asked.json:
                document(None)
            return
        report = client.end(ending)
    if asked.json:
        document(report.raw)
    else:
        say(f"{word(report.raw, 'session_id')} {word(report.raw, 'status')}: {readiness(report.raw)}")


def _ending(client: EngineClient | None, session: str | None) -> str | None:
    """The id to end; None where none was named and none is active."""
    if client is None and session is not None:
        raise EngineUnreachable(
            f"the engine is not running, so it cannot be asked for {session}", hint="start it with: focus start"
        )
    if client is None or session is not None:
        return session
    try:
        return client.newest_active()
    except NothingRunning:
        return None
