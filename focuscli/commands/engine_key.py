"""`focus engine key`: who else may use this machine's engine, and what its URLs are signed with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from focuscli.assemble import launch_local
from focuscli.client.keeper import Keeper, keeper_of
from focuscli.commands.durations import days
from focuscli.commands.invocation import PLAIN, Invocation, Verb, Verbs
from focuscli.commands.output import document, note, say
from focuscli.hello import LOCAL_ORGANIZATION
from focuscli.plain_text import printable

app = typer.Typer(**PLAIN, cls=Verbs)


@app.callback()
def key() -> None:
    """Make, list and revoke the keys with which others use this engine.

    \b
    Examples:
      focus engine key create --organization org_team --name anna
      focus engine key list
      focus engine key revoke 3f9k2m1x

    A key belongs to one user in one organization and opens that user's sessions alone. The engine is started
    where it does not run.
    """


@app.command(cls=Verb)
def create(
    ctx: typer.Context,
    user: Annotated[str | None, typer.Option(help="The user's id; without it, a new one.", metavar="ID")] = None,
    name: Annotated[str, typer.Option(help="What to call the key in lists.")] = "",
    capability: Annotated[
        list[str] | None, typer.Option(help="What it may do; may be repeated.  [default: USE_MUSIC_GENERATION]")
    ] = None,
    expires: Annotated[str | None, typer.Option(help="For how long: 90d, 12h; without it, for ever.")] = None,
) -> None:
    """Make a key for a user of --organization, and say it this once.

    \b
    Examples:
      focus engine key create --organization org_team --name anna
      focus engine key create --organization org_team --user user_7c2a9f4e1b8d --expires 90d --json

    Only its digest is kept, so it can be replaced but never shown again.
    """
    asked = Invocation.of(ctx)
    wish: dict[str, Any] = {"organization_id": asked.organization or LOCAL_ORGANIZATION, "name": name}
    given = {"user_id": user, "capabilities": capability, "expires_in_seconds": days(expires) if expires else None}
    with _keeper(asked) as keeper:
        made = keeper.create_key(wish | {field: value for field, value in given.items() if value is not None})
    if asked.json:
        document(made)
        return
    say(printable(made["key"]))
    note(f"for {printable(made['user_id'])} in {printable(made['organization_id'])}; it is not shown again")


@app.command(name="list", cls=Verb)
def listing(ctx: typer.Context) -> None:
    """List all keys, without their secrets.

    \b
    Examples:
      focus engine key list
      focus engine key list --json | jq -r '.keys[] | select(.status == "active") | .key_id'
    """
    asked = Invocation.of(ctx)
    with _keeper(asked) as keeper:
        keys = keeper.keys()
    if asked.json:
        document({"schema": 1, "keys": keys})
        return
    for found in keys:
        say("  ".join(printable(found[field]) for field in ("key_id", "status", "organization_id", "user_id", "name")))
    if not keys:
        note("There is no key but this user's own.")


@app.command(cls=Verb)
def revoke(ctx: typer.Context, key_id: Annotated[str, typer.Argument(metavar="KEY_ID")]) -> None:
    """Let nobody in with that key any more, from the next request on.

    \b
    Examples:
      focus engine key revoke 3f9k2m1x

    KEY_ID is the eight characters after fk_live_ or fk_local_. Revoking twice is no error.
    """
    asked = Invocation.of(ctx)
    with _keeper(asked) as keeper:
        revoked = keeper.revoke_key(key_id)
    if asked.json:
        document(revoked)
    else:
        say(f"{printable(revoked['key_id'])} opens nothing any more")


@app.command(cls=Verb)
def rotate(ctx: typer.Context) -> None:
    """Sign media URLs with a new key from now on; those that are out stay valid until they expire.

    \b
    Examples:
      focus engine key rotate

    It happens by itself every thirty days.
    """
    asked = Invocation.of(ctx)
    with _keeper(asked) as keeper:
        changed = keeper.rotate_signing_key()
    if asked.json:
        document(changed)
    else:
        say(f"media URLs are signed with key {printable(changed['signing_key_id'])} from now on")


@contextmanager
def _keeper(asked: Invocation) -> Iterator[Keeper]:
    running = launch_local(asked.surroundings()).wait(note)
    with keeper_of(running) as keeper:
        yield keeper
