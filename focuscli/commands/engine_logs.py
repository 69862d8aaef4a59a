"""`focus engine logs`: what the engine of this machine writes about itself, as far as it got or as it goes on."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from focuscli.clock import SystemClock
from focuscli.commands.invocation import Invocation
from focuscli.commands.output import NAMED_FIELDS, document, say
from focuscli.errors import NotFound
from focuscli.plain_text import printable

LOOK_S = 0.2
LONGEST_LINE = 4096
_BLOCK_BYTES = 1 << 16


def logs(
    ctx: typer.Context,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines.", min=0)] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on showing what is added, until Ctrl-C.")] = False,
) -> None:
    """Show the last lines of the engine's log.

    \b
    Examples:
      focus engine logs
      focus engine logs -n 500
      focus engine logs --follow --json | jq -r .line
    """
    asked = Invocation.of(ctx)
    file = asked.surroundings().paths.engine_log
    if follow and asked.json:
        _tell(file, lines)
    elif follow:
        for line in followed(file, lines):
            say(printable(line, LONGEST_LINE))
            sys.stdout.flush()
    elif asked.json:
        document({"schema": 1, "file": str(file), "lines": last_lines(file, lines)})
    else:
        for line in last_lines(file, lines):
            say(printable(line, LONGEST_LINE))


def _tell(file: Path, before: int) -> None:
    from focuscli.commands.streaming import telling
    from focuscli.view.jsonlines import JsonLines

    records = JsonLines(sys.stdout, SystemClock(), NAMED_FIELDS.get())
    records.hello(None, "local")
    with telling(records):
        for line in followed(file, before):
            records.log_line(line)


def last_lines(file: Path, count: int) -> list[str]:
    """The newest lines of a log, and of the part before it where it has just begun; raises NotFound."""
    if not file.exists():
        raise NotFound(f"there is no log yet at {file}", hint="it begins with the first: focus start")
    parts = [file.with_name(f"{file.name}.1"), file]
    found = [line for part in parts if part.exists() for line in _text(part).splitlines()]
    return found[-count:] if count else []


def followed(file: Path, before: int, wait: Callable[[float], None] = time.sleep) -> Iterator[str]:
    """The last lines, then each line as it is added, also when the log is begun anew; never ends by itself."""
    yield from last_lines(file, before)
    stream = file.open("rb")
    stream.seek(0, os.SEEK_END)
    rest = b""
    try:
        while True:
            added = stream.read(_BLOCK_BYTES)
            if added:
                *whole, rest = (rest + added).split(b"\n")
                yield from (line.decode("utf-8", "replace") for line in whole)
            elif _is_another(file, os.fstat(stream.fileno())):
                stream.close()
                stream = file.open("rb")
            else:
                wait(LOOK_S)
    finally:
        stream.close()


def _is_another(file: Path, opened: os.stat_result) -> bool:
    try:
        return not os.path.samestat(file.stat(), opened)
    except FileNotFoundError:
        return False


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")
