"""`focus watch`: a session is heard, live."""

from contextlib import ExitStack
from typing import Annotated

import typer

from focuscli.assemble import client_or_absent, launch, load_player_meanwhile
from focuscli.commands.durations import seconds
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import note

SHORTEST_FADE_S, LONGEST_FADE_S = 5.0, 300.0

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def watch(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
    device: Annotated[
        str, typer.Option(metavar="DEVICE", help="Output device, by name or the beginning of it.", show_default=False)
    ] = "",
    volume: Annotated[int | None, typer.Option(metavar="N", help="Volume in percent.", min=0, max=100)] = None,
    sleep: Annotated[
        int | None,
        typer.Option(metavar="TIME", parser=seconds, help="Fall silent by then, and leave: 30, 45m, 1h."),
    ] = None,
    sleep_fade: Annotated[
        float,
        typer.Option(metavar="SECONDS", help="How long that takes.", min=SHORTEST_FADE_S, max=LONGEST_FADE_S),
    ] = 60.0,
    rise: Annotated[
        float, typer.Option(metavar="SECONDS", help="Rise from silence at the beginning.", min=0.0, max=300.0)
    ] = 0.0,
    no_audio: Annotated[bool, typer.Option("--no-audio", help="Play silently, at the same pace.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Lines instead of a picture.")] = False,
) -> None:
    """Listen to a session, live.

    \b
    Examples:
      focus watch
      focus watch --sleep 45m
      focus watch --device "USB Audio" --volume 60
      focus watch --json | jq -c 'select(.type == "now")'

    q leaves it, and the session goes on; watch again goes on where it was. After --sleep that is where the sound
    began to fall. A session that was played once and is named plays again without its engine. Media keys and playerctl
    steer it where dbus-fast is installed; focus doctor says so.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    with ExitStack() as stack:
        launched = launch(around)
        load_player_meanwhile(launched)
        client = client_or_absent(around, launched, stack, note, session)
        session_id = session or client.newest_active()
        from focuscli.commands.listening import Choices, listen

        choices = Choices(device, volume, not no_audio, plain, sleep, sleep_fade, rise)
        raise typer.Exit(listen(around, client, session_id, choices, asked))
