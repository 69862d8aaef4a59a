"""`focus doctor`: is everything here that sound needs?"""

import os
from dataclasses import asdict
from typing import Annotated

import typer

from focuscli.commands.checks import all_checks
from focuscli.commands.findings import Check, Health
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.mending import mend
from focuscli.commands.output import document, say
from focuscli.errors import BadSetting, ExitCode
from focuscli.paths import Paths
from focuscli.plain_text import printable

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def doctor(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="First close to others what is yours alone.")] = False,
) -> None:
    """Check everything that sound needs, and say how to mend it.

    \b
    Examples:
      focus doctor
      focus doctor --fix
      focus doctor --json | jq '.checks[] | select(.status != "ok")'

    Changes nothing without --fix, starts nothing, and plays a moment of silence. Exit code 1 when something is
    broken. No key is ever shown, so the output can go into a bug report.
    """
    asked = Invocation.of(ctx)
    mended = mend(Paths.find(os.environ)) if fix else []
    checks = _found(asked)
    if asked.json:
        document({"schema": 1, "checks": [asdict(check) for check in checks], "mended": mended})
    else:
        for sentence in mended:
            say(f"done  {printable(sentence)}")
        for check in checks:
            _show(check)
    if any(check.status is Health.FAIL for check in checks):
        raise typer.Exit(ExitCode.FAILURE)


def _found(asked: Invocation) -> list[Check]:
    try:
        around = asked.surroundings(warn=False)
    except BadSetting as error:
        return [Check("settings", Health.FAIL, error.message, error.hint)]
    return list(all_checks(around))


def _show(check: Check) -> None:
    say(f"{check.status:4}  {check.id:9} {check.detail}")
    for line in check.fix.splitlines():
        say(f"{'':16}do: {line.strip()}")
