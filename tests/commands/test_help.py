"""Help is plain text with examples first; the pages are kept in tests/golden/commands.

To write them anew after a change that is meant: `python tests/commands/test_help.py`.
"""

import os
from pathlib import Path
from typing import Any

import pytest
import typer

from focuscli.main import SHORT_HELP, VERBS, app

GOLDEN = Path(__file__).parent.parent / "golden" / "commands"


def _tree() -> dict[str, Any]:
    root = typer.main.get_command(app)
    pages: dict[str, Any] = {"focus": root}
    ctx = root.make_context("focus", [], resilient_parsing=True)
    for name in VERBS:
        command = root.get_command(ctx, name)
        pages[f"focus {name}"] = command
        pages |= _below(f"focus {name}", command)
    return pages


def _below(path: str, command: Any) -> dict[str, Any]:
    pages = {}
    for name, child in getattr(command, "commands", {}).items():
        pages |= {f"{path} {name}": child, **_below(f"{path} {name}", child)}
    return pages


def page(path: str) -> str:
    """The help page of a command, at 80 columns."""
    command = _tree()[path]
    context = typer.Context(command, info_name=path, terminal_width=80, help_option_names=["-h", "--help"])
    return f"{command.get_help(context)}\n"


PATHS = sorted(_tree())


@pytest.mark.parametrize("path", PATHS)
def test_the_page_is_as_it_was(path: str) -> None:
    assert page(path) == (GOLDEN / f"{path.replace(' ', '-')}.txt").read_text()


@pytest.mark.parametrize("path", PATHS)
def test_examples_stand_before_the_options_and_are_commands_that_exist(path: str) -> None:
    text = page(path)
    assert text.index("Examples:") < text.index("Options:")
    for line in text[text.index("Examples:") : text.index("Options:")].splitlines():
        words = line.split()
        assert words[:1] != ["focus"] or words[1].startswith("-") or words[1] in VERBS, line


@pytest.mark.parametrize("name", VERBS)
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    assert _tree()[f"focus {name}"].help.splitlines()[0] == VERBS[name][1]


@pytest.mark.parametrize("path", PATHS)
def test_every_command_takes_the_shared_options(path: str) -> None:
    for option in ("--json", "--remote", "--organization", "--color", "-h, --help"):
        assert option in page(path)


def test_without_a_word_there_are_two_examples(focus: Any) -> None:
    assert focus().out == SHORT_HELP
    assert SHORT_HELP.count("focus start") == 2


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    os.environ["COLUMNS"] = "80"
    for path in PATHS:
        (GOLDEN / f"{path.replace(' ', '-')}.txt").write_text(page(path))
