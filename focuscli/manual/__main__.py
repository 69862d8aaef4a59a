"""`python -m focuscli.manual`: writes completions/ and man/ anew from the program as it is."""

import sys
from pathlib import Path

import typer

from focuscli.completion.shells import SCRIPTS
from focuscli.completion.tree import Command, read_tree, tables
from focuscli.main import app
from focuscli.manual.growth import growth_page
from focuscli.manual.operations import operations_page
from focuscli.manual.pages import command_pages
from focuscli.manual.tldr import tldr_page
from focuscli.manual.topics import config_page, scripting_page

FOLDERS = ("completions", "man")


def tree() -> Command:
    """The program's own tree."""
    root = typer.main.get_command(app)
    return read_tree(root, root.make_context("focus", [], resilient_parsing=True))


def generated() -> dict[str, str]:
    """Every generated file: its path from the top of the repository, and its text."""
    root = tree()
    places = tables(root)
    files = {f"completions/{script.file}": script.write(places) for script in SCRIPTS.values()}
    files |= {f"man/man1/{name}.1": text for name, text in command_pages(root)}
    files |= {"man/man5/focus-config.5": config_page(), "man/man7/focus-scripting.7": scripting_page()}
    files |= {"man/man7/focus-engine.7": operations_page(), "man/man7/focus-growth.7": growth_page()}
    return files | {"man/tldr.md": tldr_page(root)}


def write(top: Path) -> list[Path]:
    """Write them all below a folder, and remove what is not generated any more; returns what was removed."""
    files = generated()
    for path, text in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, encoding="utf-8", newline="\n")
    kept = {top / path for path in files}
    stale = [file for name in FOLDERS for file in (top / name).rglob("*") if file.is_file() and file not in kept]
    for file in stale:
        file.unlink()
    return stale


if __name__ == "__main__":
    removed = write(Path(__file__).parent.parent.parent)
    sys.stdout.write("".join(f"removed {file}\n" for file in removed))
