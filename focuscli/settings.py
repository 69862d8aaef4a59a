"""One table of settings, from which validation, origins and documentation all come.

Order of precedence: option > environment variable > user file > default. A value that cannot be used stops
the program with every problem named at once; it never quietly becomes the default. An empty variable
counts as unset.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from focuscli.errors import BadSetting


def _percent(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 100:
        raise ValueError("must be from 0 to 100")
    return value


def _seconds(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = float(text)
        if not low <= value <= high:
            raise ValueError(f"must be from {low:g} to {high:g} seconds")
        return value

    return parse


def _count(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(f"must be from {low} to {high}")
        return value

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return parse


def _text(text: str) -> str:
    return text


def _francs(text: str) -> float | None:
    """An amount, or None for an empty text."""
    if not text:
        return None
    value = float(text)
    if not 0.0 <= value <= 1e9:
        raise ValueError("must be an amount in CHF, 0 or more")
    return value


def _prices(text: str) -> dict[str, float]:
    prices = {}
    for entry in filter(None, text.replace(" ", "").split(",")):
        engine_key, _, price = entry.partition("=")
        chf = _francs(price)
        if not engine_key or chf is None:
            raise ValueError("must be engine keys with their prices, such as procedural=0.02")
        prices[engine_key] = chf
    return prices


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: its name in files, its variable, how it is read, and what it means."""

    name: str
    default: str
    parse: Callable[[str], Any]
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"FOCUS_{self.name.upper()}"


TABLE: tuple[Setting, ...] = (
    Setting("remote", "", _text, "URL of a remote engine; empty: the engine of this machine"),
    Setting("organization", "", _text, "organization on the remote engine"),
    Setting(
        "api",
        "freddy",
        _one_of("freddy", "agenthuman", "emogg"),
        "what the remote engine speaks; of the last two, sessions can be ended",
    ),
    Setting(
        "goal",
        "focus",
        _one_of("focus", "relax", "sleep", "energize"),
        "goal of `focus start` without --goal",
    ),
    Setting("minutes", "60", _count(1, 1440), "length of `focus start` without --minutes"),
    Setting(
        "intensity",
        "medium",
        _one_of("low", "medium", "high"),
        "intensity of `focus start` without --intensity",
    ),
    Setting("device", "", _text, "output device, by name or the beginning of it; empty: the system's default"),
    Setting("latency", "0.1", _seconds(0.05, 2.0), "seconds of sound a device buffers that no sound server drives"),
    Setting("start_timeout", "10", _seconds(1, 120), "seconds to wait for the local engine to start"),
    Setting("idle_exit", "600", _seconds(1, 86400), "seconds after which an idle local engine leaves"),
    Setting("slots", "0", _count(0, 64), "render processes of the local engine; 0: one less than the processors"),
    Setting("segment_seconds", "120", _count(5, 600), "nominal length of a segment made by the local engine"),
    Setting("url_ttl", "300", _seconds(1, 900), "seconds for which a signed media URL can be used"),
    Setting(
        "retention",
        "86400",
        _seconds(60, 31_536_000),
        "seconds for which the audio of a session is kept after its end",
    ),
    Setting(
        "engine_quota",
        "6144",
        _count(64, 1 << 24),
        "MiB of audio that the local engine keeps; beyond that the least recently used goes",
    ),
    Setting(
        "session_idle",
        "900",
        _seconds(30, 86400),
        "seconds without a request after which nothing more of a session is made until the next one",
    ),
    Setting("cache", "2048", _count(0, 1 << 20), "MiB of segments that were played kept on this disk; 0: none"),
    Setting("rate_limit", "6000", _count(0, 10_000_000), "requests a minute that each API key may make; 0: any number"),
    Setting("prices", "", _prices, "price of a segment in CHF by engine key (KEY=CHF,…); what is not named is free"),
    Setting("cap_day", "", _francs, "CHF that an organization may spend on a day (UTC); empty: no cap"),
    Setting("cap_week", "", _francs, "CHF that an organization may spend in a week, from Monday; empty: no cap"),
    Setting("cap_month", "", _francs, "CHF that an organization may spend in a calendar month; empty: no cap"),
    Setting("lease", "60", _seconds(1, 600), "seconds after which a segment being rendered may be claimed again"),
)
BY_NAME: dict[str, Setting] = {setting.name: setting for setting in TABLE}


@dataclass(frozen=True, slots=True)
class Value:
    """A setting's value, and where it came from: default, file, variable or option."""

    value: Any
    origin: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their origins."""

    values: Mapping[str, Value]
    unknown: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values[name].value

    def origin(self, name: str) -> str:
        """Where the value of a setting came from."""
        return self.values[name].origin

    @classmethod
    def load(
        cls, *, file: Path | None, environment: Mapping[str, str], options: Mapping[str, object] | None = None
    ) -> "Settings":
        """Read all sources; raises BadSetting that names every bad value at once."""
        written = _read_file(file)
        problems: list[str] = []
        values: dict[str, Value] = {}
        for setting in TABLE:
            text, origin = _winner(setting, written, environment, options or {}, file)
            try:
                values[setting.name] = Value(setting.parse(text), origin)
            except ValueError as exc:
                problems.append(f"{setting.name} = {text!r} ({origin}): {exc}")
        if problems:
            raise BadSetting("; ".join(problems), hint="change the value, or remove it to get the default")
        return cls(values, tuple(_unknown_key(key, file) for key in written if key not in BY_NAME))


def _winner(
    setting: Setting,
    written: Mapping[str, Any],
    environment: Mapping[str, str],
    options: Mapping[str, object],
    file: Path | None,
) -> tuple[str, str]:
    option = options.get(setting.name)
    if option is not None:
        return str(option), "option"
    variable = environment.get(setting.variable, "")
    if variable:
        return variable, f"variable {setting.variable}"
    if setting.name in written:
        return str(written[setting.name]), f"file {file}"
    return setting.default, "default"


def _read_file(file: Path | None) -> dict[str, Any]:
    if file is None or not file.is_file():
        return {}
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as exc:
        raise BadSetting(f"the settings file {file} cannot be read: {exc}", hint=f"mend or remove {file}") from exc


def _unknown_key(key: str, file: Path | None) -> str:
    import difflib

    near = difflib.get_close_matches(key, BY_NAME, n=1)
    suggestion = f", did you mean {near[0]}?" if near else ""
    return f"{file}: there is no setting {key!r}{suggestion}"
