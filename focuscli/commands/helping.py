"""`focus help`: topics that belong to no single command."""

from typing import Annotated

import typer
from typer.core import TyperGroup

from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, say
from focuscli.commands.topics import TOPICS, text
from focuscli.errors import UsageError
from focuscli.plain_text import printable
from focuscli.spelling import did_you_mean

app = typer.Typer(**PLAIN)


@app.command(cls=Verb, name="help")
def topic(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="TOPIC", help=f"{', '.join(TOPICS)}; or a command.", show_default=False),
    ] = None,
) -> None:
    """Explain a topic, or a command.

    \b
    Examples:
      focus help scripting
      focus help formatting
      focus help engine status
    """
    asked = Invocation.of(ctx)
    name = " ".join(words or [])
    told = text(name) if name in TOPICS else _topics() if not name else _of_command(ctx, words or [])
    if asked.json:
        document({"schema": 1, "topic": name, "text": told})
    else:
        say(told)


def _topics() -> str:
    rows = [f"  focus help {name:14} {about}" for name, (_, about) in TOPICS.items()]
    return "\n".join(["Topics:", *rows, "", "Commands: focus --help, and focus COMMAND --help"])


def _of_command(ctx: typer.Context, words: list[str]) -> str:
    """The help page of a command; raises UsageError where there is none of that name."""
    here = ctx.find_root()
    for word in words:
        group = here.command if isinstance(here.command, TyperGroup) else None
        command = group.get_command(here, word) if group is not None else None
        if command is None:
            known = [*TOPICS, *(group.list_commands(here) if group is not None else ())]
            raise UsageError(
                f"there is no topic {printable(word)!r}{did_you_mean(word, known)}", hint="topics: focus help"
            )
        here = typer.Context(
            command, info_name=word, parent=here, help_option_names=["-h", "--help"], max_content_width=100
        )
    return str(here.command.get_help(here))
