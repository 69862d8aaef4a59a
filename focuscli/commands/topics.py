"""What `focus help TOPIC` says; where there is a table in the code, the page is made of it."""

from collections.abc import Callable, Iterable

_WIDTH = 78

ENVIRONMENT: dict[str, str] = {
    "FOCUS_HOME": "one folder for settings, state, cache and runtime files",
    "FOCUS_NO_CONFIG": "read no settings file, as with --no-config",
    "FOCUS_DEBUG": "print the traceback of what nobody foresaw",
    "FOCUS_ACCESSIBLE": "lines instead of a picture, as with --plain; ACCESSIBLE too",
    "NO_COLOR": "no colour, whatever else is set",
    "FORCE_COLOR": "colour in a pipe too; CLICOLOR_FORCE too",
    "CLICOLOR": "0: no colour",
    "TERM": "dumb: lines instead of a picture, without colour",
    "CI": "lines instead of a picture",
    "VISUAL": "what focus config edit opens; EDITOR too",
}
"""Every variable that is read beside those of the settings. One that is empty counts as unset."""


EXIT_CODES_GROW = "Codes are only ever added; treat one that you do not know as a failure."
AN_ERROR = (
    '{"error":{"code":"nothing_running","message":"...","hint":"...","exit_code":3,',
    ' "request_id":null,"retry_after_s":null}}',
)
SCRIPTING = (
    (
        "--json prints exactly one JSON document on stdout, with every key always there and null for what is not "
        "known; --fields a,b keeps only these keys. Times are RFC 3339 in UTC, durations carry their unit in the "
        "name. Lists are an object with a named array. What is printed for people is no interface, and may change."
    ),
    (
        "watch, export, start --wait, status --follow and engine logs --follow print one JSON object a line instead: "
        "the first has type hello, the last bye with a reason, each has type, ts and seq. An error is the last but "
        "one, and on stderr."
    ),
    (
        "Shapes are described by the JSON Schemas in focuscli/schemas of the package, and are only ever added to: "
        "pass over keys, record types and words that you do not know."
    ),
    "Errors are JSON on stderr, wrong usage too, and stdout stays empty. See: focus help exit-codes",
    (
        "Verbs can be repeated: focus end when nothing runs is no error, focus start --if-none takes the session "
        "that is active. status, show, list, end, devices, doctor and version never start the engine."
    ),
)
"""What a script can rely on, a paragraph each: here, and in focus-scripting(7)."""


def variables() -> dict[str, str]:
    """Every variable that is read beside those of the settings, keys first."""
    from focuscli.credentials import APIS, key_variable

    keys = {
        key_variable(api): f"key of a remote engine with the API {api}; else that of: focus auth login" for api in APIS
    }
    return keys | ENVIRONMENT


def environment() -> str:
    """The variables."""
    from focuscli.setting_table import TABLE

    return _page(
        "Variables that focus reads. An empty one counts as unset; an option on the command line beats it.",
        _rows(variables().items()),
        "Every setting has one:",
        _rows((setting.variable, setting.help) for setting in TABLE),
    )


def exit_codes() -> str:
    """The table of exit codes."""
    from focuscli.errors import EXIT_CODE_MEANINGS

    return _page(
        f"What a command leaves behind. {EXIT_CODES_GROW}",
        _rows((str(int(code)), meaning) for code, meaning in EXIT_CODE_MEANINGS.items()),
        "With --json an error is one line of JSON on stderr, whose code word is as stable as the number:",
        "\n".join(f"  {line}" for line in AN_ERROR),
    )


def formatting() -> str:
    """The language of --format."""
    from focuscli.commands.formatting import FIELDS, HELPERS
    from focuscli.commands.presets import PRESETS

    helpers = {"default": "The text after the colon where the field is empty."}
    helpers |= {name: helper.__doc__ or "" for name, helper in HELPERS.items()}
    return _page(
        "focus status --format FORM prints one line, with --follow another one whenever it changes. While nothing "
        "runs the line is empty, and the exit code 3.",
        "  focus status --format '{goal} [{left|duration} left, ]{ready} of {total}'\n  sleep 1:12:10 left, 4 of 45",
        "{field} is replaced; {field|helper} and {field|helper:argument} change it on the way, any number of times. "
        "What stands in [ ] is left out when a field in it is empty. {{ }} [[ ]] are the brackets themselves.",
        "Fields:",
        _rows(FIELDS.items()),
        "Helpers:",
        _rows(helpers.items()),
        f"Instead of a form: {', '.join(PRESETS)}. waybar and i3blocks get JSON, with markup escaped for waybar.",
    )


def config() -> str:
    """The settings, and who beats whom."""
    from focuscli.hook_settings import EVENTS
    from focuscli.setting_table import TABLE

    return _page(
        "An option beats a variable, a variable beats a project's file, that beats your own file, and that the "
        "default. focus config list says what each setting is, and why; focus config path where the file is.",
        _rows((setting.name, f"{setting.help} ({setting.default or 'empty'})") for setting in TABLE),
        f"A project's file (.focus.toml) may set {', '.join(row.name for row in TABLE if row.harmless)}; where keys "
        "go, and what runs, is yours alone.",
        "Hooks are programs that focus watch tells what happens, without a shell, one after the other, each for at "
        "most 10 s. They get JSON on stdin (hook.json among the schemas), FOCUS_EVENT and FOCUS_SESSION, and no key:",
        '  [hooks]\n  on_end = ["notify-send", "The session is over"]',
        _rows(EVENTS.items()),
    )


def keys() -> str:
    """The keys of the live view."""
    from focuscli.view.keys import KEYS

    return _page(
        "Keys of focus watch, on a terminal, with or without a picture:",
        _rows((", ".join(key.keys), key.help) for key in KEYS),
        "From another shell: focus pause, resume, next, previous, volume, mute, sleep, end.",
    )


def accessibility() -> str:
    """What there is for screen readers and for eyes that do not see colours."""
    return _page(
        "focus watch --plain writes a line for each change and never redraws, so that a screen reader can follow; "
        "FOCUS_ACCESSIBLE=1 makes that the rule. In a pipe, in CI and with TERM=dumb it is so anyway. The keys stay.",
        "No state is told by colour or by a glyph alone, and help has no frames. focus show and focus status are "
        "lines of words; with --json every command is read by programs.",
        "--color never, or NO_COLOR=1, takes the colours away; those that there are come from the terminal's own "
        "sixteen. Where the encoding is not UTF-8, only ASCII is written.",
        "A session for sleep falls silent over 20 s when it is ended: focus end --fade 1m for longer. A player "
        "starts at the volume that it had: focus volume 30, or --rise 60 to rise from silence.",
    )


def scripting() -> str:
    """Documents, streams, errors, and the recipes."""
    from focuscli.commands.recipes import RECIPES

    recipes = [
        f"{number}. {one.name}: {one.title}{one.file and f' ({one.file})'}\n\n{_indented(one.text)}"
        for number, one in enumerate(RECIPES, 1)
    ]
    return _page(
        *SCRIPTING,
        *recipes,
    )


TOPICS: dict[str, tuple[Callable[[], str], str]] = {
    "environment": (environment, "the variables that are read"),
    "exit-codes": (exit_codes, "what a command leaves behind"),
    "formatting": (formatting, "one line in a form of your own, for status bars"),
    "config": (config, "the settings, and who beats whom"),
    "keys": (keys, "the keys of the live view"),
    "accessibility": (accessibility, "screen readers, colours, soft ends"),
    "scripting": (scripting, "JSON, streams, and recipes for other programs"),
}
"""Every topic: what makes its text, and what it is about."""


def text(topic: str) -> str:
    """The page of a topic, at most 78 columns wide but for what is to be copied; raises KeyError for none of them."""
    return TOPICS[topic][0]()


def _page(*paragraphs: str) -> str:
    """Paragraphs apart; those that are indented or numbered stay as they are, the others are wrapped."""
    import textwrap

    return "\n\n".join(
        part if part.startswith("  ") or part[:1].isdigit() else textwrap.fill(part, _WIDTH) for part in paragraphs
    )


def _rows(rows: Iterable[tuple[str, str]]) -> str:
    import textwrap

    listed = list(rows)
    column = max(len(name) for name, _ in listed) + 4
    return "\n".join(
        textwrap.fill(meaning, _WIDTH, initial_indent=f"  {name}".ljust(column), subsequent_indent=" " * column)
        for name, meaning in listed
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.rstrip().splitlines())
