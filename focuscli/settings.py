"""The settings as they are: each from the place that goes before the others, with where it came from.

Order of precedence: option > environment variable > project file > user file > default. A named remote is worth as
much as the place that names it. A value that cannot be used stops the program with every problem named at once; it
never quietly becomes the default. An empty variable counts as unset.

A project file comes with somebody's repository, so only settings that can do no harm are taken from it: not where
keys go, not what runs, not what is opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from focuscli.database_url import without_password
from focuscli.errors import BadSetting
from focuscli.hook_settings import read_hooks
from focuscli.organizations import Allotment, read_organizations
from focuscli.remotes import Remote, is_url, read_remotes
from focuscli.setting_table import BY_NAME, TABLE, Setting
from focuscli.spelling import did_you_mean
from focuscli.toml_file import read_toml

SECTIONS = ("remotes", "hooks", "organizations")
"""Tables of the user's file that are no settings."""


@dataclass(frozen=True, slots=True)
class Value:
    """A setting's value, and where it came from: default, file, remote, variable or option."""

    value: Any
    origin: str


@dataclass(frozen=True, slots=True)
class Source:
    """One place that settings are read from."""

    name: str
    values: Mapping[str, Any]

    def origin(self, setting: Setting) -> str:
        """This place, as a value's origin."""
        return f"variable {setting.variable}" if self.name == "variable" else self.name

    def text(self, name: str) -> str | None:
        """What it says; None where it is silent. An empty variable is silent, an empty option is not."""
        value = self.values.get(name)
        return None if value is None or (self.name == "variable" and not value) else str(value)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their origins, the named remotes, and what should be told beside."""

    values: Mapping[str, Value]
    unknown: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()
    remotes: Mapping[str, Remote] = field(default_factory=dict)
    remote_name: str = ""
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    organizations: Mapping[str, Allotment] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name].value

    def origin(self, name: str) -> str:
        """Where the value of a setting came from."""
        return self.values[name].origin

    @property
    def cautions(self) -> tuple[str, ...]:
        """What is likely not as it was meant, a sentence each."""
        return self.unknown + self.ignored + self.overridden

    @classmethod
    def load(
        cls,
        *,
        file: Path | None,
        environment: Mapping[str, str],
        options: Mapping[str, object] | None = None,
        project: Path | None = None,
    ) -> "Settings":
        """Read all sources; raises BadSetting that names every bad value at once."""
        written, of_project = read_toml(file), read_toml(project)
        remotes, problems = read_remotes(written.get("remotes", {}))
        variables = {row.name: environment.get(row.variable, "") for row in TABLE}
        saved = _saved(written, file)
        harmless = {key: value for key, value in of_project.items() if key in BY_NAME and BY_NAME[key].harmless}
        sources = [
            Source("option", options or {}),
            Source("variable", variables),
            Source(f"file {project}", harmless),
            saved,
        ]
        values, remote_name, wrong = _resolved(sources, remotes)
        hooks, senseless = read_hooks(written.get("hooks", {}))
        organizations, excessive = read_organizations(written.get("organizations", {}))
        problems += wrong + senseless + excessive
        if problems:
            raise BadSetting("; ".join(problems), hint="change the value, or remove it to get the default")
        return cls(
            values,
            unknown=tuple(
                _unknown(key, file) for key, value in written.items() if key not in BY_NAME and key not in SECTIONS
            ),
            ignored=tuple(_ignored(key, project) for key in of_project if key not in harmless),
            overridden=tuple(_overridden(values, _resolved([saved], remotes)[0])),
            remotes=remotes,
            remote_name=remote_name,
            hooks=hooks,
            organizations=organizations,
        )


def mistakes(written: Mapping[str, Any], file: Path) -> list[str]:
    """A sentence for each value of a user's file that cannot be used, taken alone."""
    remotes, problems = read_remotes(written.get("remotes", {}))
    problems += read_hooks(written.get("hooks", {}))[1] + read_organizations(written.get("organizations", {}))[1]
    return problems + _resolved([_saved(written, file)], remotes)[2]


def _saved(written: Mapping[str, Any], file: Path | None) -> Source:
    return Source(f"file {file}", {key: value for key, value in written.items() if key in BY_NAME})


def _resolved(sources: list[Source], remotes: Mapping[str, Remote]) -> tuple[dict[str, Value], str, list[str]]:
    """Every setting's value, the named remote that is meant, and a sentence for each value that cannot be used."""
    expanded, remote_name, wrong = _with_named_remote(sources, remotes)
    values, bad = _chosen(expanded)
    return values, remote_name, wrong + bad


def _with_named_remote(sources: list[Source], remotes: Mapping[str, Remote]) -> tuple[list[Source], str, list[str]]:
    """The sources, the named remote that is meant among them, at the place that names it."""
    for place, source in enumerate(sources):
        meant = source.text("remote")
        if meant is None:
            continue
        if not meant or is_url(meant):
            return sources, "", []
        if meant not in remotes:
            where = source.origin(BY_NAME["remote"])
            wrong = f"remote = {meant!r} ({where}): neither a URL nor a named remote{did_you_mean(meant, remotes)}"
            return sources, "", [wrong]
        fixed = Source(f"{source.origin(BY_NAME['remote'])}, remote {meant}", remotes[meant].settings())
        nameless = Source(source.name, {key: value for key, value in source.values.items() if key != "remote"})
        in_a_file = source.name.startswith("file")  # where the remote's own organization is the nearer one
        here = [fixed, nameless] if in_a_file else [nameless, fixed]
        return [*sources[:place], *here, *sources[place + 1 :]], meant, []
    return sources, "", []


def _chosen(sources: list[Source]) -> tuple[dict[str, Value], list[str]]:
    """Every setting from the first source that has it, and a sentence for each value that cannot be used."""
    values: dict[str, Value] = {}
    problems: list[str] = []
    for setting in TABLE:
        told = ((source.text(setting.name), source.origin(setting)) for source in sources)
        text, origin = next((one for one in told if one[0] is not None), (setting.default, "default"))
        try:
            values[setting.name] = Value(setting.parse(str(text)), origin)
        except ValueError as exc:
            problems.append(f"{setting.name} = {without_password(str(text))!r} ({origin}): {exc}")
    return values, problems


def _overridden(values: Mapping[str, Value], saved: Mapping[str, Value]) -> list[str]:
    """Where the environment sends sessions elsewhere than what was saved"""
    return [
        f"{BY_NAME[name].variable} = {values[name].value} beats {was.value} ({was.origin})"
        for name in ("remote", "organization", "api")
        if values[name].origin.startswith("variable")
        and (was := saved.get(name)) is not None
        and was.origin != "default"
        and was.value != values[name].value
    ]


def _unknown(key: str, file: Path | None) -> str:
    return f"{file}: there is no setting {key!r}{did_you_mean(key, (*BY_NAME, *SECTIONS))}"


def _ignored(key: str, file: Path | None) -> str:
    if key in BY_NAME or key in SECTIONS:
        return f"{file}: {key} is not taken from a project's file; set it in your own: focus config set {key} VALUE"
    return _unknown(key, file)
