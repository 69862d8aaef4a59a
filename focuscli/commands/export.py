"""`focus export`: a whole session in a file, through the same pipeline that is heard."""

from contextlib import ExitStack
from typing import Annotated

import typer

from focuscli.assemble import client_or_absent, launch, load_player_meanwhile
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import note

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def export(
    ctx: typer.Context,
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="flac, wav, ogg, opus or mp3; - is WAV to stdout.")],
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
) -> None:
    """Write a whole session into a file, or to stdout.

    \b
    Examples:
      focus export --to night.flac
      focus export --to - | ffmpeg -i - night.m4a

    Waits for the segments that are not ready yet. An ended session gives what was ready. With --json the events
    are a JSON object a line (on stderr where stdout is the sound).
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    with ExitStack() as stack:
        launched = launch(around)
        load_player_meanwhile(launched)
        client = client_or_absent(around, launched, stack, note, session)
        session_id = session or client.newest_active()
        from focuscli.commands.writing import write

        write(around, client, session_id, to, asked, stack)
