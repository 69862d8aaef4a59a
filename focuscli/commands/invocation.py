"""The options that every command takes, before the verb or after it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from focuscli.commands.output import NAMED_FIELDS
from focuscli.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from focuscli.assemble import Surroundings

_META = "focuscli.invocation."
_COLORS = ("auto", "always", "never")

PLAIN: dict[str, Any] = {
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
    "add_completion": False,
    "context_settings": {"help_option_names": ["-h", "--help"], "max_content_width": 100},
}
"""How every Typer here is made: plain help, no framed tracebacks, nobody's shell files edited."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the shared options said; None where one was not given."""

    json: bool = False
    fields: tuple[str, ...] = ()
    remote: str | None = None
    organization: str | None = None
    color: str = "auto"
    no_config: bool = False
    ca_bundle: str | None = None

    @classmethod
    def of(cls, ctx: typer.Context) -> "Invocation":
        """Collect them from wherever on the command line they stood; the later one wins."""
        given = {name: ctx.meta[_META + name] for name in cls.__slots__ if _META + name in ctx.meta}
        given["json"] = given.get("json", False) or "fields" in given
        return cls(**given)

    def surroundings(self, *, warn: bool = True, file: "Path | None" = None) -> "Surroundings":
        """Paths and settings with these options in front, from `file` in place of the user's; raises BadSetting.

        People are told on stderr what is likely not as they meant it, unless the command shows that itself.
        """
        from focuscli.assemble import Surroundings
        from focuscli.commands.output import note

        options = {"remote": self.remote, "organization": self.organization, "ca_bundle": self.ca_bundle}
        environment = {**os.environ, "FOCUS_NO_CONFIG": "1"} if self.no_config else os.environ
        around = Surroundings.find(environment, options, file=file)
        if warn and not self.json:
            for caution in around.cautions():
                note(f"focus: note: {caution}")
        return around


def _remember(ctx: typer.Context, param: Any, value: Any) -> Any:
    if value is not None and value is not False:
        ctx.meta[_META + param.name] = value
    return value


def _color(ctx: typer.Context, param: Any, value: str | None) -> Any:
    if value is not None and value not in _COLORS:
        raise UsageError(f"--color {value}: must be one of {', '.join(_COLORS)}", hint="see: focus --help")
    return _remember(ctx, param, value)


def _fields(ctx: typer.Context, param: Any, value: str | None) -> Any:
    """The named keys; raises UsageError for one that the command's document, as it is described, does not have."""
    if value is None:
        return None
    named = tuple(field.strip() for field in value.split(",") if field.strip())
    from focuscli.schemas import fields_of

    known = fields_of(ctx.command_path.partition(" ")[2])
    wrong = [field for field in named if known and field not in known]
    if wrong or not named:
        raise UsageError(
            f"--fields {value}: there is no {', '.join(wrong) or 'field'}", hint=f"fields: {', '.join(known)}"
        )
    return _remember(ctx, param, named)


def _option(*names: str, text: str, callback: Callable[..., Any] = _remember, **more: Any) -> TyperOption:
    return TyperOption(param_decls=list(names), help=text, callback=callback, expose_value=False, **more)


def shared_options() -> list[TyperOption]:
    """Fresh ones for one command."""
    return [
        _option("--json", text="One JSON document, or one JSON object a line for what goes on.", is_flag=True),
        _option("--fields", text="Of --json only these keys.", metavar="A,B", callback=_fields),
        _option("--remote", text="Remote engine, its URL or name (FOCUS_REMOTE).", metavar="REMOTE"),
        _option("--organization", text="Organization on the remote engine (FOCUS_ORGANIZATION).", metavar="ID"),
        _option("--ca-bundle", text="Whom to trust for remote engines (FOCUS_CA_BUNDLE).", metavar="FILE"),
        _option("--no-config", text="Read no settings file (FOCUS_NO_CONFIG).", is_flag=True),
        _option("--color", text="When to use colour: auto, always or never.", metavar="WHEN", callback=_color),
    ]


class Verb(TyperCommand):
    """A command that takes the shared options beside its own."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        super().__init__(name, **settings)
        self.params.extend(shared_options())

    def invoke(self, ctx: Any) -> Any:
        """Run it, with what --fields names in force."""
        named = NAMED_FIELDS.set(Invocation.of(ctx).fields)
        try:
            return super().invoke(ctx)
        finally:
            NAMED_FIELDS.reset(named)


class Verbs(TyperGroup):
    """A group of commands that takes the shared options too."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.params.extend(shared_options())
