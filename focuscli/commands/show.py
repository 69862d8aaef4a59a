"""`focus show`: everything that is known of one session."""

from typing import Annotated, Any

import typer

from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, say
from focuscli.commands.standing import readiness, word
from focuscli.commands.status import look

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def show(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
) -> None:
    """Show everything that is known of a session, segment by segment.

    \b
    Examples:
      focus show
      focus show mfocus_7c2a9f4e1b8d
      focus show --json | jq '.segments[].measured_duration_seconds'

    Never starts the engine. Sessions that are over can be named; their ids: focus list
    """
    asked = Invocation.of(ctx)
    report, where = look(asked.surroundings(), session)
    if asked.json:
        document(report.raw)
        return
    for line in lines_of(report.raw, where):
        say(line)


def lines_of(session: dict[str, Any], where: str) -> list[str]:
    """A thing a line, `name: value`, so that it can be read aloud and searched."""
    return [
        f"session: {word(session, 'session_id')}",
        f"status: {word(session, 'status')}",
        f"goal: {word(session, 'goal')}",
        f"minutes: {word(session, 'target_minutes')}",
        f"engine: {word(session, 'engine')} ({where})",
        f"ready: {readiness(session)}",
        *(_segment(segment) for segment in session["segments"]),
    ]


def _segment(segment: dict[str, Any]) -> str:
    seconds = segment["measured_duration_seconds"]
    return (
        f"segment {segment['segment_index'] + 1}: {seconds:.1f} s at {segment['target_lufs']:g} LUFS, "
        f"fades of {segment['fade_in_ms'] / 1000:g} and {segment['fade_out_ms'] / 1000:g} s"
    )
