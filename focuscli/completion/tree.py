"""The commands, options and values of the program, read from the very objects that parse its command line."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from focuscli.setting_table import TABLE

LIVE = {"SESSION": "sessions", "REMOTE": "remotes", "KEY": "engines", "DEVICE": "devices"}
"""What is asked of the back-end, by the word that stands for a value in help."""

FIXED: dict[str, tuple[tuple[str, str], ...]] = {
    "SETTING": tuple((row.name, row.help) for row in TABLE),
    "F": (("waybar", "JSON for its custom module"), ("i3blocks", "JSON for a block"), ("tmux", "a piece of its line")),
    "WHEN": (("auto", "where it is a terminal"), ("always", ""), ("never", "")),
}
"""Words that are known beforehand where the type does not say so: each with its description."""

FILES = frozenset({"FILE"})

_OF_TYPE = {"int": "N", "integer": "N", "float": "N", "str": "TEXT", "text": "TEXT", "path": "FILE"}


@dataclass(frozen=True, slots=True)
class Values:
    """What can stand in a place: fixed words with their descriptions, a kind that is asked for, files; or anything."""

    words: tuple[tuple[str, str], ...] = ()
    live: str = ""
    files: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """An option: its spellings, what it does, the word for its value (empty for a flag) and what that can be."""

    names: tuple[str, ...]
    help: str
    metavar: str
    values: Values

    @property
    def takes_value(self) -> bool:
        """Whether a word follows it."""
        return bool(self.metavar)


@dataclass(frozen=True, slots=True)
class Argument:
    """A word that stands for itself."""

    metavar: str
    help: str
    required: bool
    values: Values


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the words that lead to it, what it does, and everything that can follow."""

    path: tuple[str, ...]
    help: str
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...]
    children: tuple["Command", ...]

    @property
    def summary(self) -> str:
        """Its one sentence."""
        return self.help.partition("\n")[0]

    @property
    def key(self) -> str:
        """The words that lead to it from the program's name, which is left out."""
        return " ".join(self.path[1:])

    def walk(self) -> Iterator["Command"]:
        """This command, and every one below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Places:
    """The same tree as tables, as the scripts of the shells hold it. Keys are words: `engine logs`, `start --goal`.

    `children` and `options` of a command have each word with its description; `values` holds what follows an option
    (`start --goal`) and what stands in a place (`end 0`), with nothing in it where that can be anything.
    """

    children: dict[str, tuple[tuple[str, str], ...]]
    options: dict[str, tuple[tuple[str, str], ...]]
    values: dict[str, Values]

    @property
    def valued(self) -> list[str]:
        """The options that a word follows."""
        return [key for key in self.values if not key[-1].isdigit()]

    @property
    def leads(self) -> list[str]:
        """The words that lead to a command."""
        return [f"{key} {name}".strip() for key, children in self.children.items() for name, _ in children]

    @property
    def known(self) -> dict[Values, list[str]]:
        """The places of which something is known, those with the same values together."""
        found: dict[Values, list[str]] = {}
        for key, values in self.values.items():
            if values != Values():
                found.setdefault(values, []).append(key)
        return found


def tables(root: Command) -> Places:
    """The tree as tables."""
    values: dict[str, Values] = {}
    for command in root.walk():
        for option in command.options:
            values |= {f"{command.key} {name}".strip(): option.values for name in option.names if option.takes_value}
        for place, argument in enumerate(command.arguments):
            values[f"{command.key} {place}".strip()] = argument.values
    return Places(
        {
            one.key: tuple((child.path[-1], child.summary) for child in one.children)
            for one in root.walk()
            if one.children
        },
        {one.key: tuple((name, option.help) for option in one.options for name in option.names) for one in root.walk()},
        values,
    )


def read_tree(root: Any, context: Any) -> Command:
    """The tree below Typer's root command, hidden commands and options left out."""
    return _read(root, context, ("focus",))


def _read(command: Any, context: Any, path: tuple[str, ...]) -> Command:
    names = command.list_commands(context) if hasattr(command, "list_commands") else ()
    children = ((name, command.get_command(context, name)) for name in names)
    parameters = [*command.params, command.get_help_option(context)]
    shown = [one for one in parameters if one is not None and not getattr(one, "hidden", False)]
    return Command(
        path,
        inspect.cleandoc(command.help or "").replace("\b\n", ""),
        tuple(_option(one) for one in shown if one.param_type_name == "option"),
        tuple(_argument(one) for one in shown if one.param_type_name == "argument"),
        tuple(_read(child, context, (*path, name)) for name, child in children if not child.hidden),
    )


def _option(option: Any) -> Option:
    names = tuple(sorted((*option.opts, *option.secondary_opts), key=lambda name: (name.startswith("--"), name)))
    metavar = "" if option.is_flag else _metavar(option)
    return Option(names, _sentence(option), metavar, _values(option, metavar))


def _argument(argument: Any) -> Argument:
    metavar = _metavar(argument)
    return Argument(metavar, _sentence(argument), argument.required, _values(argument, metavar))


def _metavar(parameter: Any) -> str:
    """The word for a value: as it was chosen, else after its type, else after its name."""
    chosen = parameter.metavar or _OF_TYPE.get(str(parameter.type.name).partition(" ")[0])
    return str(chosen or parameter.name).upper()


def _sentence(parameter: Any) -> str:
    return " ".join((parameter.help or "").split())


def _values(parameter: Any, metavar: str) -> Values:
    choices = getattr(parameter.type, "choices", None)
    if choices:
        return Values(words=tuple((str(getattr(choice, "value", choice)), "") for choice in choices))
    return Values(FIXED.get(metavar, ()), LIVE.get(metavar, ""), metavar in FILES)
