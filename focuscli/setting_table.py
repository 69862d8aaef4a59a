"""One table of settings: how each is written and read, what it means, and whether a project's file may set it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from focuscli.credentials import APIS, OUR_API
from focuscli.database_url import parse_database_url

OBJECT_SCHEMES = ("s3", "gs", "az", "file")


def _seconds(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}, of seconds")
        return value

    return parse


def _count(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text) if text.lstrip("+-").isdecimal() and text.isascii() else None
        if value is None or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
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
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value <= 1e9:
        raise ValueError("must be an amount in CHF, 0 or more")
    return value


def _objects(text: str) -> str:
    """A URL without anything secret, or an empty text."""
    parts = urlsplit(text)
    if text and parts.scheme not in OBJECT_SCHEMES:
        raise ValueError("must be s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, az://CONTAINER/PREFIX or file:///FOLDER")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("must hold neither credentials nor options: these are taken from the environment")
    if text and bool(parts.netloc) == (parts.scheme == "file"):
        raise ValueError("must name a bucket, or for file a folder of this machine from its root")
    return text.rstrip("/")


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
    """One row of the table: its name in files, how it is read, what it means, and whether a project file may set it."""

    name: str
    default: str
    parse: Callable[[str], Any]
    help: str
    harmless: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"FOCUS_{self.name.upper()}"


TABLE: tuple[Setting, ...] = (
    Setting("remote", "", _text, "URL or name of a remote engine; empty: the engine of this machine"),
    Setting("organization", "", _text, "organization on the remote engine"),
    Setting(
        "ca_bundle",
        "",
        _text,
        "file of certificates (PEM) of those who are trusted to vouch for remote engines; empty: the system's",
    ),
    Setting("api", OUR_API, _one_of(*APIS), "what the remote engine speaks; of other APIs, sessions can be ended"),
    Setting(
        "goal",
        "focus",
        _one_of("focus", "relax", "sleep", "energize"),
        "goal of `focus start` without --goal",
        harmless=True,
    ),
    Setting("minutes", "60", _count(1, 1440), "length of `focus start` without --minutes", harmless=True),
    Setting(
        "intensity",
        "medium",
        _one_of("low", "medium", "high"),
        "intensity of `focus start` without --intensity",
        harmless=True,
    ),
    Setting("device", "", _text, "output device, by name or the beginning of it; empty: the system's default"),
    Setting("latency", "0.1", _seconds(0.05, 2.0), "seconds of sound a device buffers that no sound server drives"),
    Setting("awake", "on", _one_of("on", "off"), "whether the machine is kept from suspending while sound plays"),
    Setting("mpris", "on", _one_of("on", "off"), "whether media keys and players' widgets steer `focus watch` (Linux)"),
    Setting(
        "notify",
        "focus",
        _one_of("off", "focus", "all"),
        "what is notified: the end of a focus session, or of all, failures and a lost device too",
    ),
    Setting(
        "notify_by",
        "desktop",
        _one_of("desktop", "osc9", "osc777"),
        "who shows notifications: the desktop (Linux, macOS), or the terminal of the live view by that sequence",
    ),
    Setting("title", "off", _one_of("on", "off"), "whether the terminal's title tells what plays, and how long yet"),
    Setting("progress", "off", _one_of("on", "off"), "whether the terminal's taskbar entry shows progress (OSC 9;4)"),
    Setting("start_timeout", "10", _seconds(1, 120), "seconds to wait for the local engine to start"),
    Setting("idle_exit", "600", _seconds(1, 86400), "seconds after which an idle local engine leaves"),
    Setting("slots", "0", _count(0, 64), "render processes of the local engine; 0: one less than the processors"),
    Setting(
        "render_executor",
        "",
        _text,
        "who renders: dask://HOST:PORT, tls://HOST:PORT, or module:callable that makes an executor; empty: processes",
    ),
    Setting("render_limit", "300", _seconds(5, 86400), "seconds after which a segment being rendered counts as hung"),
    Setting("render_tls_ca", "", _text, "file of certificates (PEM) of those who vouch for the render cluster"),
    Setting("render_tls_cert", "", _text, "file of this engine's certificate (PEM) for the render cluster"),
    Setting("render_tls_key", "", _text, "file of that certificate's key (PEM)"),
    Setting("segment_seconds", "120", _count(5, 600), "nominal length of a segment made by the local engine"),
    Setting(
        "objects",
        "",
        _objects,
        "where the engine keeps audio: s3://, gs:// or az://BUCKET/PREFIX with credentials from its environment, "
        "file:///FOLDER, or empty: its own folder",
    ),
    Setting(
        "media_from",
        "bucket",
        _one_of("bucket", "engine"),
        "who serves audio that is in a bucket: the bucket by URLs that it signs, or the engine",
    ),
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
    Setting("musicgen_weights", "", _text, "folder of MusicGen's weights for `--engine musicgen`; empty: none"),
    Setting("rate_limit", "6000", _count(0, 10_000_000), "requests a minute that each API key may make; 0: any number"),
    Setting(
        "organization_rate_limit",
        "0",
        _count(0, 10_000_000),
        "requests a minute that all keys of an organization may make together; 0: any number",
    ),
    Setting(
        "drain", "10", _seconds(0, 3600), "seconds that a served engine which is told to leave has for what it renders"
    ),
    Setting(
        "signing_secret",
        "",
        _text,
        "private file with the secret by which engines behind one proxy sign media URLs; empty: keys of its own",
    ),
    Setting("log_format", "text", _one_of("text", "json"), "how `focus engine serve` writes its log to standard error"),
    Setting("log_requests", "off", _one_of("on", "off"), "whether a log in JSON has a line for each request"),
    Setting("prices", "", _prices, "price of a segment in CHF by engine key (KEY=CHF,…); what is not named is free"),
    Setting("cap_day", "", _francs, "CHF that an organization may spend on a day (UTC); empty: no cap"),
    Setting("cap_week", "", _francs, "CHF that an organization may spend in a week, from Monday; empty: no cap"),
    Setting("cap_month", "", _francs, "CHF that an organization may spend in a calendar month; empty: no cap"),
    Setting(
        "store",
        "",
        parse_database_url,
        "Postgres database that engines share, as postgresql://USER@HOST/NAME; empty: a file of the engine's own",
    ),
    Setting("lease", "60", _seconds(1, 600), "seconds after which a segment being rendered may be claimed again"),
)
BY_NAME: dict[str, Setting] = {setting.name: setting for setting in TABLE}
