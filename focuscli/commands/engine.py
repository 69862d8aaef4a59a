"""`focus engine`: the engine of this machine, seen, run, stopped."""

import time
from typing import Any

import typer

from focuscli.assemble import Surroundings, launch_local
from focuscli.client.keeper import keeper_of
from focuscli.client.local import POLL_S, find_local
from focuscli.client.nearby import Nearby
from focuscli.commands.engine_key import app as key_app
from focuscli.commands.engine_logs import logs
from focuscli.commands.engine_serve import run_in_foreground
from focuscli.commands.engine_service import service
from focuscli.commands.invocation import PLAIN, Invocation, Verb, Verbs
from focuscli.commands.output import document, note, say
from focuscli.errors import ExitCode, TimedOut
from focuscli.hello import LOCAL_ORGANIZATION
from focuscli.plain_text import printable

STOP_LIMIT_S = 15.0
"""An engine that is asked to leave has ten seconds for the segments in its hands."""

app = typer.Typer(**PLAIN, cls=Verbs)


@app.callback()
def engine() -> None:
    """See, start and stop the engine of this machine.

    \b
    Examples:
      focus engine status
      focus engine stop

    It starts by itself when a session needs it, and leaves when nothing does.
    """


app.command(name="serve", cls=Verb)(run_in_foreground)
app.add_typer(key_app, name="key")


@app.command(name="status", cls=Verb)
def status(ctx: typer.Context) -> None:
    """Show whether the engine runs, where, and where its key is; exit code 3 when it does not.

    \b
    Examples:
      focus engine status
      focus engine status --json | jq -r .url
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    running = find_local(around.paths)
    if asked.json:
        document(_standing(around, running))
    elif running is None:
        say("the engine is not running; it starts when a session needs it")
    else:
        say(f"running at {running.url} (version {printable(running.version)}, process {running.pid})")
        say(f"key: {around.paths.engine_key}\nlog: {around.paths.engine_log}")
    if running is None:
        raise typer.Exit(ExitCode.NOTHING_RUNNING)


@app.command(name="stop", cls=Verb)
def stop(ctx: typer.Context) -> None:
    """Stop the engine and wait until it has left; sessions that were active end.

    \b
    Examples:
      focus engine stop

    Stopping what does not run is no error.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    stopped = _stop(around)
    if asked.json:
        document(_standing(around, None))
    elif stopped is None:
        note("The engine is not running, so there was nothing to stop.")
    else:
        say(f"the engine (process {stopped.pid}) has left")


@app.command(name="restart", cls=Verb)
def restart(ctx: typer.Context) -> None:
    """Stop the engine, if it runs, and start it anew.

    \b
    Examples:
      focus engine restart
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    _stop(around)
    running = launch_local(around).wait(note)
    if asked.json:
        document(_standing(around, running))
    else:
        say(f"running at {running.url} (process {running.pid})")


app.command(name="logs", cls=Verb)(logs)
app.command(name="service", cls=Verb)(service)


def _standing(around: Surroundings, running: Nearby | None) -> dict[str, Any]:
    return {
        "schema": 1,
        "running": running is not None,
        "url": running.url if running else None,
        "organization_id": LOCAL_ORGANIZATION,
        "api_key_file": str(around.paths.engine_key),
        "pid": running.pid if running else None,
        "version": running.version if running else None,
        "protocol": running.protocols[1] if running else None,
        "build": running.build if running else None,
        "active_sessions": running.active_sessions if running else None,
        "started_at": running.started_at if running else None,
        "log_file": str(around.paths.engine_log),
    }


def _stop(around: Surroundings) -> Nearby | None:
    """The engine that was stopped, or None where none ran; raises TimedOut where it does not leave."""
    running = find_local(around.paths)
    if running is None:
        return None
    with keeper_of(running) as keeper:
        keeper.stop()
    deadline = time.monotonic() + STOP_LIMIT_S
    while find_local(around.paths) is not None:
        if time.monotonic() > deadline:
            raise TimedOut(
                f"the engine (process {running.pid}) did not leave within {STOP_LIMIT_S:g} s",
                hint=f"see its log: {around.paths.engine_log}",
            )
        time.sleep(POLL_S)
    return running
