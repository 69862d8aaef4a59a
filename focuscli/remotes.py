"""Remote engines with names: `[remotes.NAME]` in the user's settings file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from focuscli.credentials import APIS, OUR_API
from focuscli.spelling import did_you_mean

FIELDS = {
    "url": "URL of the engine",
    "organization": "organization there",
    "api": f"what it speaks: {', '.join(APIS)}",
}
"""What a named remote has; the URL alone is needed."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote engine: its name, and the settings that it stands for."""

    name: str
    url: str
    organization: str = ""
    api: str = ""

    def settings(self) -> dict[str, str]:
        """Those settings that it fixes, by their names."""
        fixed = {"remote": self.url, "organization": self.organization, "api": self.api}
        return {name: value for name, value in fixed.items() if value}


def is_url(text: str) -> bool:
    """Whether a remote is given by its URL; otherwise it is a name."""
    return "://" in text


def read_remotes(written: object) -> tuple[dict[str, Remote], list[str]]:
    """The remotes by name, and a sentence for every mistake in the table."""
    if not isinstance(written, Mapping):
        return {}, ['remotes is no table: write [remotes.NAME] and below it url = "https://…"']
    remotes: dict[str, Remote] = {}
    problems: list[str] = []
    for name, fields in written.items():
        wrong = _mistakes(name, fields)
        problems += wrong
        if not wrong:
            remotes[name] = Remote(name, **fields)
    return remotes, problems


def _mistakes(name: str, fields: Any) -> list[str]:
    where = f"[remotes.{name}]"
    if not isinstance(fields, Mapping):
        return [f"{where} is no table"]
    wrong = [f"{where} {key} is no word of it{did_you_mean(key, FIELDS)}" for key in fields if key not in FIELDS]
    wrong += [
        f"{where} {key} = {fields[key]!r}: must be text" for key in FIELDS if not isinstance(fields.get(key, ""), str)
    ]
    if is_url(name):
        wrong.append(f"{where}: a name is no URL")
    if not fields.get("url"):
        wrong.append(f"{where} has no url")
    elif isinstance(fields["url"], str) and not is_url(fields["url"]):
        wrong.append(f"{where} url = {fields['url']!r}: must be one such as https://api.aitronos.com")
    if fields.get("api", OUR_API) not in APIS:
        wrong.append(f"{where} api = {fields['api']!r}: must be one of {', '.join(APIS)}")
    return wrong
