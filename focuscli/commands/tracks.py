"""`focus tracks`: what was kept for good."""

from contextlib import ExitStack
from typing import Annotated, Any

import typer

from focuscli.assemble import launch, ready_client
from focuscli.client.api import EngineClient
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.commands.standing import word
from focuscli.errors import UsageError

app = typer.Typer(**PLAIN)

PAGE = 200


@app.command(cls=Verb)
def tracks(
    ctx: typer.Context,
    track: Annotated[str | None, typer.Argument(metavar="[TRACK]", help="Its id.", show_default="all of them")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Remove the track and its audio for good.")] = False,
) -> None:
    """List the tracks that were kept, newest first; show or delete one.

    \b
    Examples:
      focus tracks
      focus tracks mtrack_7c2a9f4e1b8d --json | jq -r .playback_url
      focus tracks mtrack_7c2a9f4e1b8d --delete

    Keep one with: focus promote
    """
    asked = Invocation.of(ctx)
    if delete and track is None:
        raise UsageError("--delete wants the id of a track", hint="see: focus tracks")
    around = asked.surroundings()
    with ExitStack() as stack:
        client = ready_client(around, launch(around), stack, note)
        if track is None:
            _list(all_tracks(client), as_json=asked.json)
        elif delete:
            _deleted(client.delete_track(track), track, as_json=asked.json)
        else:
            _show(client.track(track), as_json=asked.json)


def all_tracks(client: EngineClient) -> list[dict[str, Any]]:
    """Every one, page by page."""
    found: list[dict[str, Any]] = []
    while page := client.tracks(limit=PAGE, offset=len(found)):
        found += page
        if len(page) < PAGE:
            break
    return found


def _list(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        document({"schema": 1, "tracks": found})
        return
    if not found:
        note("No track was kept yet; keep what plays with: focus promote")
    for track in found:
        say(_line(track))


def _show(track: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        document(track)
    else:
        say(f"{_line(track)}\n{word(track, 'licence_class')}, made by {word(track, 'engine')}")


def _deleted(answer: dict[str, Any], track_id: str, *, as_json: bool) -> None:
    if as_json:
        document(answer)
    else:
        say(f"{track_id} is deleted")


def _line(track: dict[str, Any]) -> str:
    title = f"  {word(track, 'title')}" if track.get("title") else ""
    return f"{word(track, 'id')}  {word(track, 'created_at')}  {word(track, 'measured_duration_seconds')} s{title}"
