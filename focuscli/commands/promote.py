"""`focus promote`: a segment is kept for good."""

from contextlib import ExitStack
from typing import Annotated

import typer

from focuscli.assemble import Surroundings, launch, ready_client
from focuscli.client.api import EngineClient
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.commands.standing import word
from focuscli.errors import NotFound, NothingRunning

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def promote(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
    index: Annotated[
        int | None,
        typer.Argument(
            metavar="INDEX",
            min=0,
            help="Which segment, the first being 0.",
            show_default="what plays, or the last one ready",
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="T", help="What to call it.")] = None,
) -> None:
    """Keep a ready segment for good, as a track.

    \b
    Examples:
      focus promote
      focus promote mfocus_7c2a9f4e1b8d 3 --title "slow rain"

    Its session may end and its audio may go: the track stays until it is deleted. A segment becomes one track only;
    promoting it again shows that one. While listening, the key b does it.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    with ExitStack() as stack:
        client = ready_client(around, launch(around), stack, note)
        session_id = session or client.newest_active()
        chosen = _chosen(around, client, session_id) if index is None else index
        track = client.promote(session_id, chosen, title)
    if asked.json:
        document(track)
    else:
        say(f"{word(track, 'id')}: segment {chosen + 1} of {session_id} is kept. See: focus tracks")


def _chosen(around: Surroundings, client: EngineClient, session_id: str) -> int:
    """The segment that a player of this session plays, or else the last that is ready; raises NotFound."""
    from focuscli.playback.doorway import wish

    try:
        playing = wish(around.paths.player_address, {"wish": "state"})
    except NothingRunning:
        playing = {}
    if playing.get("session_id") == session_id:
        return int(playing["segment_index"])
    ready = client.get(session_id).session.ready_count
    if ready == 0:
        raise NotFound(f"nothing of {session_id} is ready yet", hint="wait for it: focus status --follow")
    return ready - 1
