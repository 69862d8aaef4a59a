"""Section 1 of the manual: a page for the program, and one for each of its commands."""

from collections.abc import Iterator

from focuscli.commands.topics import variables
from focuscli.completion.tree import Argument, Command, Option
from focuscli.errors import EXIT_CODE_MEANINGS
from focuscli.folders import PROJECT_FILE
from focuscli.manual.roff import Page, bold, italic
from focuscli.version import RELEASED, __version__
from focuscli.view.keys import KEYS

SOURCE = f"focus {__version__}"

FILES = (
    ("~/.config/focus-sessions/config.toml", "Your settings, and the named remotes."),
    ("~/.config/focus-sessions/keys/", "Keys of remote engines, a private file for each host."),
    (PROJECT_FILE, "Settings of a project, in its folder: goal, minutes and intensity."),
    ("~/.local/state/focus-sessions/", "The engine's sessions and log, and where each session was left."),
    ("~/.cache/focus-sessions/", "Segments that were played."),
)
"""Files, and what is in each; on Linux, without XDG variables."""


def environment(page: Page) -> None:
    """The variables, as `focus help environment` has them."""
    page.items((bold(name), f"{meaning[:1].upper()}{meaning[1:]}.") for name, meaning in variables().items())
    page.items([(bold("FOCUS_SETTING"), "Any setting, such as FOCUS_MINUTES or FOCUS_REMOTE; an empty one is unset.")])


def page_name(command: Command) -> str:
    """The name of a command's page."""
    return "-".join(command.path)


def command_pages(root: Command) -> Iterator[tuple[str, str]]:
    """Name of the page and its text, for every command."""
    for command in root.walk():
        page = _page(command, root)
        yield page_name(command), page.written()


def _page(command: Command, root: Command) -> Page:
    page = Page(page_name(command), 1, RELEASED, SOURCE, "User Commands", command.summary)
    page.section("SYNOPSIS")
    page.line(_synopsis(command))
    examples, paragraphs = _help(command)
    page.section("DESCRIPTION")
    page.paragraphs([command.summary, *paragraphs])
    if command.children:
        page.section("COMMANDS")
        page.items((bold(" ".join(child.path)), child.summary) for child in command.children)
    if command.arguments:
        page.section("ARGUMENTS")
        page.items((italic(argument.metavar), argument.help or _choice(argument)) for argument in command.arguments)
    page.section("OPTIONS")
    page.items((_spelling(option), _meaning(option)) for option in command.options)
    if command.key == "watch":
        page.section("KEYS")
        page.items((", ".join(map(bold, key.keys)), key.help) for key in KEYS)
    page.section("EXAMPLES")
    page.example(examples)
    _exit_status(page, whole=command is root)
    if command is root:
        page.section("ENVIRONMENT")
        environment(page)
        page.section("FILES")
        page.items((italic(name), meaning) for name, meaning in FILES)
    page.see_also(_related(command, root))
    return page


def _synopsis(command: Command) -> str:
    words = [bold(" ".join(command.path)), f"[{italic('OPTIONS')}]"]
    if command.children:
        words.append(f"{italic('COMMAND')} [{italic('ARGUMENTS')}]")
    for argument in command.arguments:
        name = italic(argument.metavar.strip("[]"))
        words.append(name if argument.required else f"[{name}]")
    return " ".join(words)


def _help(command: Command) -> tuple[list[str], list[str]]:
    """The examples, and the paragraphs after the first sentence."""
    blocks = command.help.split("\n\n")[1:]
    examples = [
        line.strip()
        for block in blocks
        if block.strip().startswith("Examples:")
        for line in block.strip().splitlines()[1:]
    ]
    return examples, [block for block in blocks if not block.strip().startswith("Examples:")]


def _spelling(option: Option) -> str:
    names = ", ".join(map(bold, option.names))
    return f"{names} {italic(option.metavar)}" if option.takes_value else names


def _meaning(option: Option) -> str:
    words = [word for word, _ in option.values.words]
    return option.help if all(word in option.help for word in words) else f"{option.help} One of: {', '.join(words)}."


def _choice(argument: Argument) -> str:
    return f"One of: {', '.join(word for word, _ in argument.values.words)}."


def _exit_status(page: Page, *, whole: bool) -> None:
    page.section("EXIT STATUS")
    if whole:
        page.items((bold(str(int(code))), f"{meaning}.") for code, meaning in EXIT_CODE_MEANINGS.items())
    else:
        page.line(f"0 when it is done; the others are listed in {bold('focus')}(1).")


def _related(command: Command, root: Command) -> list[tuple[str, int]]:
    children = [(page_name(child), 1) for child in command.children]
    above = [] if command is root else [("-".join(command.path[:-1]), 1)]
    return [*above, *children, ("focus-config", 5), ("focus-scripting", 7)]
