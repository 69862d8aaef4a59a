"""`focus completion`: the script with which a shell completes this program's words."""

import sys
from typing import Annotated

import typer

from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document
from focuscli.completion.shells import SCRIPTS, Shell
from focuscli.completion.tree import read_tree, tables

app = typer.Typer(**PLAIN)


@app.command(cls=Verb)
def completion(ctx: typer.Context, shell: Annotated[Shell, typer.Argument(help="Whose.")]) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      focus completion bash > ~/.local/share/bash-completion/completions/focus
      focus completion zsh > ~/.zfunc/_focus
      focus completion fish > ~/.config/fish/completions/focus.fish
      focus completion powershell >> $PROFILE

    An installed package brings the first three to where shells look. No file of yours is ever changed.
    """
    root = ctx.find_root()
    script = SCRIPTS[shell].write(tables(read_tree(root.command, root)))
    if Invocation.of(ctx).json:
        document({"schema": 1, "shell": shell, "file": SCRIPTS[shell].file, "script": script})
    else:
        sys.stdout.write(script)
