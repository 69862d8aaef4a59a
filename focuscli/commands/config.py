"""`focus config`: what is set, by what, and how it is changed."""

import os
import shlex
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from focuscli.assemble import Surroundings
from focuscli.commands.invocation import PLAIN, Invocation, Verb, Verbs
from focuscli.commands.output import document, note, say
from focuscli.credentials import keyless
from focuscli.errors import BadSetting, UsageError
from focuscli.paths import Paths
from focuscli.plain_text import printable
from focuscli.remotes import FIELDS
from focuscli.setting_table import BY_NAME, TABLE
from focuscli.settings import Settings, mistakes
from focuscli.settings_file import read_text, replace, with_value, without
from focuscli.spelling import did_you_mean
from focuscli.toml_file import read_toml

app = typer.Typer(**PLAIN, cls=Verbs)

Name = Annotated[str, typer.Argument(metavar="SETTING", help="A setting, or remotes.NAME.url and the like.")]


@app.callback()
def config() -> None:
    """See and change the settings.

    \b
    Examples:
      focus config list
      focus config set minutes 90
      focus config set remotes.studio.url https://api.aitronos.com

    An option beats a variable (FOCUS_MINUTES), which beats a project's .focus.toml, which beats your own file.
    """


@app.command(name="list", cls=Verb)
def list_(ctx: typer.Context) -> None:
    """Show every setting, its value and what set it.

    \b
    Examples:
      focus config list
      focus config list --json | jq -r '.settings[] | select(.origin != "default") | .name'

    A project's .focus.toml can set only what does no harm: never an engine, a key, a device or a program.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings(warn=False)
    if asked.json:
        document(_listing(around))
        return
    for row in TABLE:
        say(_line(f"{row.name} = {_shown(around.settings[row.name])}", around.settings.origin(row.name)))
    for remote in around.settings.remotes.values():
        beside = ", ".join(word for word in (remote.organization, remote.api) if word)
        say(_line(f"remotes.{printable(remote.name)} = {printable(remote.url)}", beside))
    for caution in around.cautions():
        note(f"note: {caution}")


@app.command(name="get", cls=Verb)
def get(ctx: typer.Context, name: Name) -> None:
    """Print the value of one setting.

    \b
    Examples:
      focus config get minutes
      focus config get remotes.studio.url
    """
    asked = Invocation.of(ctx)
    path = _path(name)
    settings = asked.surroundings(warn=False).settings
    value, origin = _of_remote(settings, path) if len(path) > 1 else (settings[name], settings.origin(name))
    if asked.json:
        document({"schema": 1, "name": name, "value": value, "origin": origin})
    else:
        say(printable(value))


@app.command(name="set", cls=Verb)
def set_(
    ctx: typer.Context, name: Name, value: Annotated[str, typer.Argument(metavar="VALUE", help="What it is to be.")]
) -> None:
    """Write a setting into your settings file; comments in it stay.

    \b
    Examples:
      focus config set goal relax
      focus config set remotes.studio.url https://api.aitronos.com
      focus config set remote studio

    Keys are no settings: focus auth login
    """
    asked = Invocation.of(ctx)
    path = _path(name)
    file = _file()
    _write(file, with_value(read_text(file), path, value if len(path) > 1 else _typed(name, value)))
    _told(asked, file, name)


@app.command(name="unset", cls=Verb)
def unset(ctx: typer.Context, name: Name) -> None:
    """Remove a setting from your settings file, so that it is as it comes.

    \b
    Examples:
      focus config unset minutes
      focus config unset remotes.studio

    Removing what is not there is no error.
    """
    asked = Invocation.of(ctx)
    path = _path(name, whole_remote=True)
    file = _file()
    before = read_text(file)
    after = without(before, path)
    if after != before:
        _write(file, after)
    _told(asked, file, name)


@app.command(name="edit", cls=Verb)
def edit(ctx: typer.Context) -> None:
    """Open your settings file in VISUAL or EDITOR, and check it afterwards.

    \b
    Examples:
      focus config edit
      EDITOR=nano focus config edit
    """
    asked = Invocation.of(ctx)
    file = _file()
    if not file.exists():
        replace(file, _template())
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
    environment = keyless(os.environ)
    try:
        code = subprocess.run([*shlex.split(editor), str(file)], env=environment, check=False).returncode  # noqa: S603  # the user's own editor
    except OSError as exc:
        raise UsageError(f"the editor {editor} cannot be started: {exc}", hint="name another one in EDITOR") from exc
    if code:
        raise UsageError(f"the editor {editor} left with exit code {code}", hint=f"the file is {file}")
    wrong = mistakes(read_toml(file), file)
    if wrong:
        raise BadSetting("; ".join(wrong), hint="mend it: focus config edit")
    _told(asked, file, "")


@app.command(name="path", cls=Verb)
def path(ctx: typer.Context) -> None:
    """Print where your settings file is, or would be.

    \b
    Examples:
      focus config path
      focus config path --json | jq -r .state
    """
    asked = Invocation.of(ctx)
    paths = Paths.find(os.environ)
    if not asked.json:
        say(str(paths.config_file))
        return
    document(
        {
            "schema": 1,
            "file": str(paths.config_file),
            "keys": str(paths.keys),
            "state": str(paths.state),
            "cache": str(paths.cache),
            "runtime": str(paths.runtime),
        }
    )


def _listing(around: Surroundings) -> dict[str, Any]:
    settings = around.settings
    return {
        "schema": 1,
        "file": str(around.paths.config_file),
        "settings": [
            {
                "name": row.name,
                "value": settings[row.name],
                "origin": settings.origin(row.name),
                "variable": row.variable,
                "default": row.parse(row.default),
                "from_project_files": row.harmless,
                "help": row.help,
            }
            for row in TABLE
        ],
        "remotes": [asdict(remote) for remote in settings.remotes.values()],
        "remote_name": settings.remote_name or None,
        "cautions": around.cautions(),
    }


def _line(what: str, origin: str) -> str:
    return f"{what:<40}  ({printable(origin)})" if origin else what


def _shown(value: object) -> str:
    """As it would stand in the file."""
    match value:
        case None:
            return '""'
        case dict():
            return f'"{printable(",".join(f"{key}={one:g}" for key, one in value.items()))}"'
        case str():
            return f'"{printable(value)}"'
        case _:
            return f"{value:g}"


def _file() -> Path:
    return Paths.find(os.environ).config_file


def _path(name: str, *, whole_remote: bool = False) -> list[str]:
    """The keys that lead to a setting; raises UsageError where there is no such."""
    parts = name.split(".")
    if len(parts) == 1 and name in BY_NAME:
        return parts
    if parts[0] == "remotes" and all(parts):
        if len(parts) == 3 and parts[2] in FIELDS:
            return parts
        if len(parts) == 2 and whole_remote:
            return parts
        raise UsageError(
            f"{printable(name)} is nothing that a named remote has",
            hint=f"it has: {', '.join(FIELDS)} (remotes.NAME.url)",
        )
    raise UsageError(
        f"there is no setting {printable(name)!r}{did_you_mean(name, BY_NAME)}", hint="all of them: focus config list"
    )


def _typed(name: str, text: str) -> object:
    """The value as TOML would have it; raises BadSetting."""
    try:
        value = BY_NAME[name].parse(text)
    except ValueError as exc:
        raise BadSetting(f"{name} = {printable(text)!r}: {exc}", hint=f"it means: {BY_NAME[name].help}") from exc
    if value is None or isinstance(value, dict):
        return text
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _of_remote(settings: Settings, path: list[str]) -> tuple[str, str]:
    remote = settings.remotes.get(path[1])
    if remote is None:
        raise UsageError(
            f"there is no remote {printable(path[1])!r}{did_you_mean(path[1], settings.remotes)}",
            hint="all of them: focus config list",
        )
    return asdict(remote)[path[2]], f"remote {remote.name}"


def _write(file: Path, text: str) -> None:
    """Replace the file, unless it gets worse by it; what was wrong before may be mended one by one."""
    import tomllib

    before = mistakes(tomllib.loads(read_text(file)), file)
    new = [wrong for wrong in mistakes(tomllib.loads(text), file) if wrong not in before]
    if new:
        raise BadSetting("; ".join(new), hint="see: focus config set --help")
    replace(file, text)


def _told(asked: Invocation, file: Path, name: str) -> None:
    """Say what was written, and whether a variable beats it."""
    row = BY_NAME.get(name)
    if row is not None and os.environ.get(row.variable):
        note(f"note: {row.variable} is set, and beats it")
    if asked.json:
        document({"schema": 1, "file": str(file)})
    else:
        say(f"written: {file}")


def _template() -> str:
    rows = "\n".join(f"# {row.help}\n# {row.name} = {_shown(row.parse(row.default))}\n" for row in TABLE)
    return f"# The settings of focus; what they mean is told by: focus config list, man focus-config\n\n{rows}"
