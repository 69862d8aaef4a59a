"""`focus watch`: a session is heard, live."""

from contextlib import ExitStack
from typing import Annotated

import typer

from focuscli.assemble import launch, load_player_meanwhile, ready_client
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import note

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def watch(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
    device: Annotated[
        str, typer.Option(metavar="NAME", help="Output device, by name or the beginning of it.", show_default=False)
    ] = "",
    volume: Annotated[int | None, typer.Option(metavar="N", help="Volume in percent.", min=0, max=100)] = None,
    no_audio: Annotated[bool, typer.Option("--no-audio", help="Play silently, at the same pace.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Lines instead of a picture.")] = False,
) -> None:
    """Listen to a session, live.

    \b
    Examples:
      focus watch
      focus watch --device "USB Audio" --volume 60
      focus watch --json | jq -c 'select(.type == "now")'

    q leaves it, and the session goes on; watch again goes on where it was.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    with ExitStack() as stack:
        launched = launch(around)
        load_player_meanwhile(launched)
        client = ready_client(around, launched, stack, note)
        session_id = session or client.newest_active()
        from focuscli.commands.listening import Choices, listen

        raise typer.Exit(listen(around, client, session_id, Choices(device, volume, not no_audio, plain), asked))
