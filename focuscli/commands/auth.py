"""`focus auth`: the keys of remote engines, each kept for the host that it belongs to."""

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from focuscli.assemble import Surroundings, client_with
from focuscli.client.remote import checked
from focuscli.client.signing_in import sign_in
from focuscli.commands.invocation import PLAIN, Invocation, Verb, Verbs
from focuscli.commands.output import document, note, say
from focuscli.credentials import OUR_API, is_usable, key_variable, masked
from focuscli.errors import ExitCode, FocusError, NotSignedIn, UsageError
from focuscli.keyfiles import Kept, origin_of
from focuscli.plain_text import printable

app = typer.Typer(**PLAIN, cls=Verbs)


class Store(StrEnum):
    """Where a key is kept."""

    FILE = "file"
    KEYRING = "keyring"


@app.callback()
def auth() -> None:
    """Sign in to a remote engine, and see how that stands.

    \b
    Examples:
      focus auth login --remote https://api.aitronos.com --organization org_abc123
      focus auth status

    The engine of this machine needs no key. A key is sent to the host that it was kept for, and to no other.
    """


@app.command(name="login", cls=Verb)
def login(
    ctx: typer.Context,
    store: Annotated[Store, typer.Option(help="A private file, or the system's keyring.")] = Store.FILE,
    no_check: Annotated[bool, typer.Option("--no-check", help="Keep it without asking the engine.")] = False,
) -> None:
    """Keep the key of a remote engine: typed where nobody sees it, or from stdin.

    \b
    Examples:
      focus auth login --remote studio
      focus auth login --remote https://api.aitronos.com --organization org_abc123 < key.txt

    The engine is asked whether it takes the key before it is kept. Never give a key as an option or argument:
    others on this machine could read it there.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    origin = _origin(around)
    key = _read_key(around.remote)
    if not is_usable(key):
        raise UsageError("that is no key: it is empty, or has characters that no key has", hint="focus auth login")
    checked_now = not no_check and _can_check(around)
    if checked_now:
        _check(around, key)
    keys = around.keys
    kept = keys.keep_in_keyring(origin, key) if store is Store.KEYRING else keys.keep(origin, key)
    if asked.json:
        document({"schema": 1, "url": around.remote, "host": origin, "stored_in": kept.where, "checked": checked_now})
    else:
        unchecked = "" if checked_now else ", unchecked"
        say(f"signed in to {printable(origin)}: {masked(key)} is kept in {kept.where}{unchecked}")
    _warn_of_variable(around)


@app.command(name="status", cls=Verb)
def status(
    ctx: typer.Context,
    no_check: Annotated[bool, typer.Option("--no-check", help="Ask no engine.")] = False,
) -> None:
    """Show which key is used where, and whether it is taken; exit code 4 where one is missing or refused.

    \b
    Examples:
      focus auth status
      focus auth status --json | jq '.hosts[] | select(.problem)'

    No key is ever shown whole.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    hosts = ([_active(around, check=not no_check and _can_check(around))] if around.remote else []) + _others(around)
    if asked.json:
        document({"schema": 1, "hosts": hosts})
    for host in hosts if not asked.json else ():
        _show(host)
    if not hosts:
        if not asked.json:
            say("not signed in anywhere; sessions are made on this machine, which needs no key")
        raise typer.Exit(ExitCode.NOT_SIGNED_IN)
    worst = max(int(host["exit_code"]) for host in hosts if host["active"] or not around.remote)
    if worst:
        raise typer.Exit(worst)


@app.command(name="logout", cls=Verb)
def logout(ctx: typer.Context) -> None:
    """Forget the key that is kept for a remote engine.

    \b
    Examples:
      focus auth logout --remote studio

    Where none is kept, that is no error.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    origin = _origin(around)
    forgotten = around.keys.forget(origin)
    if asked.json:
        document({"schema": 1, "host": origin, "forgotten": forgotten})
    elif forgotten:
        say(f"the key for {printable(origin)} is forgotten")
    else:
        note(f"No key was kept for {printable(origin)}.")
    _warn_of_variable(around)


def _origin(around: Surroundings) -> str:
    """The host that is meant; raises UsageError where none is."""
    if not around.remote:
        raise UsageError(
            "no remote engine is named, and the engine of this machine needs no key",
            hint="name it: focus auth login --remote https://api.aitronos.com",
        )
    checked(around.remote)
    return origin_of(around.remote)


def _read_key(remote: str) -> str:
    """One line from stdin; from a person without an echo."""
    if not sys.stdin.isatty():
        return sys.stdin.readline(8192).strip()
    import getpass

    return getpass.getpass(f"Key for {printable(remote)}: ").strip()


def _can_check(around: Surroundings) -> bool:
    """Whether the engine speaks an API that can be asked for something harmless."""
    return str(around.settings["api"]) == OUR_API


def _check(around: Surroundings, key: str) -> None:
    """Ask the engine with the key; raises NotSignedIn where it refuses, and what asking raises."""
    try:
        with client_with(around, key) as client:
            client.engines()
    except NotSignedIn as refused:
        raise NotSignedIn(
            f"the key was not kept, {refused.message}", hint=refused.hint, request_id=refused.request_id
        ) from refused
    except FocusError as failed:
        unchecked = f"focus auth login --no-check --remote {printable(around.remote)}"
        failed.hint = f"{failed.hint}\nor keep it unchecked: {unchecked}".strip()
        raise


def _warn_of_variable(around: Surroundings) -> None:
    variable = key_variable(str(around.settings["api"]))
    if around.environment.get(variable):
        note(f"note: {variable} is set, and beats every key that is kept")


def _active(around: Surroundings, *, check: bool) -> dict[str, Any]:
    """How the sign-in to the engine that is meant stands."""
    found: dict[str, Any] = {"key": None, "source": None}
    error: FocusError | None = None
    try:
        signed = sign_in(around.remote, str(around.settings["api"]), around.environment, around.keys)
        found = {"key": masked(signed.key), "source": signed.source}
        if check:
            with client_with(around, signed.key) as client:
                client.engines()
    except FocusError as wrong:
        error = wrong
    return _host(around.remote, found, error, active=True) | {
        "name": around.settings.remote_name or None,
        "organization": around.settings["organization"] or None,
        "api": around.settings["api"],
        "checked": check and error is None,
    }


def _others(around: Surroundings) -> list[dict[str, Any]]:
    """What else is kept; no other engine is asked."""
    active = origin_of(around.remote) if around.remote else ""
    found = []
    for kept in around.keys.all():
        if isinstance(kept, Kept):
            key = masked(kept.key) if kept.key else None
            if kept.origin != active:
                found.append(_host(kept.origin, {"key": key, "source": kept.where}, None, active=False))
        elif not active:
            found.append(_host("", {"key": None, "source": None}, kept, active=False))
    rest = {"name": None, "organization": None, "api": None, "checked": False}
    return [host | rest for host in found]


def _host(url: str, key: dict[str, Any], error: FocusError | None, *, active: bool) -> dict[str, Any]:
    return {
        "url": url or None,
        "active": active,
        **key,
        "problem": error.message if error else None,
        "hint": error.hint if error else None,
        "exit_code": int(error.exit_code) if error else 0,
    }


def _show(host: dict[str, Any]) -> None:
    name = f"{host['name']}: " if host["name"] else ""
    unused = "" if host["active"] else "  (not in use)"
    say(f"{printable(name)}{printable(host['url'] or 'a key that cannot be used')}{unused}")
    for word in ("organization", "api", "key", "source"):
        if host[word]:
            say(f"  {word:12} {printable(host[word])}")
    if host["problem"]:
        say(f"  {'problem':12} {host['problem']}")
        for line in str(host["hint"]).splitlines():
            say(f"  {'':12} do: {line.strip()}")
    elif host["active"]:
        say(f"  {'state':12} {'the key is accepted' if host['checked'] else 'not checked'}")
