"""`focus end`: a session is over, and nothing more of it is made."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from focuscli.assemble import Surroundings, running_client, sibling_client
from focuscli.client.api import EngineClient
from focuscli.commands import durations
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.commands.standing import readiness, word
from focuscli.errors import EngineUnreachable, NothingRunning, UsageError
from focuscli.plain_text import printable
from focuscli.playback.knocking import state_of

if TYPE_CHECKING:
    from focuscli.client.sibling import SiblingClient

SOON_S = 3
"""Nobody needs to be told why a command takes so long."""

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def end(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
    fade: Annotated[
        int | None,
        typer.Option(
            parser=durations.fade,
            metavar="TIME",
            help="How long the sound that plays falls before: 20s, 1m.",
            show_default="20s to sleep, else 2s",
        ),
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Let it fall at once.")] = False,
) -> None:
    """End a session; what is ready of it stays playable.

    \b
    Examples:
      focus end
      focus end --fade 1m
      focus end mfocus_7c2a9f4e1b8d --now

    Where a player on this machine plays it, the sound falls first; it is never cut. Ctrl-C meanwhile ends it at once.
    Ending what is over, or ending when nothing runs, is no error.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    if now and fade is not None:
        raise UsageError("--now and --fade contradict each other", hint="give one of the two")
    with ExitStack() as stack:
        sibling = sibling_client(around, stack)
        if sibling is not None:
            _end_there(sibling, session, asked)
            return
        client = running_client(around, stack)
        ending = _ending(client, session)
        if client is None or ending is None:
            note("Nothing is running, so there was nothing to end.")
            if asked.json:
                document(None)
            return
        _fall_silent(around, client, ending, 0 if now else fade)
        report = client.end(ending)
    if asked.json:
        document(report.raw)
    else:
        say(f"{word(report.raw, 'session_id')} {word(report.raw, 'status')}: {readiness(report.raw)}")


def _end_there(sibling: "SiblingClient", session: str | None, asked: Invocation) -> None:
    """End a session of another API; raises UsageError where none is named."""
    if session is None:
        raise UsageError("this remote tells nobody which session is the newest", hint="name it: focus end SESSION")
    ended = sibling.end(session)
    if asked.json:
        document(ended.raw)
    else:
        say(f"{printable(ended.session_id)} ended")


def _fall_silent(around: Surroundings, client: EngineClient, session_id: str, fade_s: int | None) -> None:
    """Wait for the player, where one plays it here; None: as long as is usual for its goal."""
    if state_of(str(around.paths.player_address)) is None:
        return
    from focuscli.commands.silencing import let_it_fall_silent, usual_fade_s

    if fade_s is None:
        fade_s = usual_fade_s(client.get(session_id).session.goal)
    if fade_s > SOON_S:
        note(f"The sound falls over {fade_s} s …")
    let_it_fall_silent(around.paths.player_address, session_id, fade_s)


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
