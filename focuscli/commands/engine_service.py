"""`focus engine service`: the engine as a service of systemd, this user's or the system's."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from focuscli.assemble import service_unit
from focuscli.commands.invocation import Invocation
from focuscli.commands.output import document, note, say
from focuscli.errors import Conflict, UsageError
from focuscli.paths import make_folder


def service(
    ctx: typer.Context,
    install: Annotated[bool, typer.Option("--install", help="Write it to where systemd looks for it.")] = False,
    system: Annotated[bool, typer.Option("--system", help="For a machine that serves a team.")] = False,
) -> None:
    """Print a unit with which systemd runs the engine for this user, or install it.

    \b
    Examples:
      focus engine service
      focus engine service --install && systemctl --user enable --now focus-engine
      focus engine service --system | sudo tee /etc/systemd/system/focus-engine.service

    The engine then runs from login on, tells systemd when it is ready, and may write to its own folders alone.
    Nothing of this is needed to listen: without it the engine starts with the first session. How a team is served
    is told in: man focus-engine.7
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    file, text = service_unit(around, (sys.executable, "-m", "focuscli", "engine", "serve"), system=system)
    if install:
        _install(file, text, () if system else (around.paths.state, around.paths.runtime))
    if asked.json:
        document({"schema": 1, "file": str(file), "installed": install, "unit": text})
    elif install:
        say(str(file))
        when = "boot: systemctl" if system else "login: systemctl --user"
        note(f"start it, now and at every {when} enable --now {file.stem}")
    else:
        say(text.removesuffix("\n"))


def _install(file: Path, text: str, folders: tuple[Path, ...]) -> None:
    if not sys.platform.startswith("linux"):
        raise UsageError("there is no systemd here", hint="the engine starts by itself: focus start")
    try:
        for folder in folders:  # systemd binds them into the service's view, and fails where one is missing
            make_folder(folder)
        make_folder(file.parent)
        temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(file)
    except OSError as exc:
        raise Conflict(f"the unit cannot be written: {exc}", hint="focus engine service > FILE") from exc
