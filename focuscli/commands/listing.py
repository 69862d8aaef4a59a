"""`focus list`: the sessions that there are."""

from contextlib import ExitStack
from typing import Any

import typer

from focuscli.assemble import running_client
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.commands.standing import headline, readiness
from focuscli.completion.seen import keep

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def listing(ctx: typer.Context) -> None:
    """List the sessions, newest first.

    \b
    Examples:
      focus list
      focus list --json | jq -r '.sessions[].session_id'

    Never starts the engine: without one the list is empty.
    """
    asked = Invocation.of(ctx)
    with ExitStack() as stack:
        around = asked.surroundings()
        client = running_client(around, stack)
        sessions = client.sessions() if client is not None else []
        if around.remote:
            keep(str(around.paths.cache), around.remote, sessions, all_of_them=True)
        if client is None:
            note("The engine is not running; it starts with: focus start")
    _show(sessions, as_json=asked.json)


def _show(sessions: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        document({"schema": 1, "sessions": sessions})
        return
    for session in sessions:
        say(f"{headline(session)}  {readiness(session)}")
