"""Where a shared database is: a URL that is shown, logged and printed without its password."""

import re
from typing import Self

_SCHEMES = ("postgresql://", "postgres://")
_USER_INFO = re.compile(r"(?<=://)([^/?#]*)@")
_IN_QUERY = re.compile(r"(?<=[?&])((?:ssl)?password|passfile)=[^&#]*", re.IGNORECASE)
HIDDEN = "***"


class DatabaseUrl(str):
    """Reads without the password; `whole` is what a server is asked with."""

    __slots__ = ("whole",)
    whole: str

    def __new__(cls, whole: str) -> Self:
        """`whole`: as it is set."""
        made = super().__new__(cls, without_password(whole))
        made.whole = whole
        return made


def parse_database_url(text: str) -> DatabaseUrl:
    """The URL, or none; raises ValueError, which does not repeat it."""
    if text and not text.startswith(_SCHEMES):
        raise ValueError(f"must begin with {_SCHEMES[0]}, or be empty")
    return DatabaseUrl(text)


def without_password(text: str) -> str:
    """The text with every password hidden that stands in a URL of it."""
    return _IN_QUERY.sub(rf"\1={HIDDEN}", _USER_INFO.sub(_hidden, text))


def _hidden(found: re.Match[str]) -> str:
    user, colon, _ = found[1].partition(":")
    return f"{user}:{HIDDEN}@" if colon else found[0]
