"""Which environment variables hold keys, so that each is sent to its own kind of API and handed to no child."""

from collections.abc import Mapping

OUR_API = "freddy"
APIS = (OUR_API, "agenthuman", "emogg")
"""The APIs that can be spoken to."""


def key_variable(api: str) -> str:
    """The environment variable with the key for that API: a key of one operator is never sent to another."""
    return f"{api.upper()}_API_KEY"


KEY_VARIABLES = frozenset(map(key_variable, APIS))
"""What no child process inherits: engine, decoder, hook, editor."""


def keyless(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without any key."""
    return {name: value for name, value in environment.items() if name not in KEY_VARIABLES}


def masked(key: str) -> str:
    """A key as it may be shown: its kind and its last four characters where it is long enough to stay secret."""
    if len(key) < 16:
        return "…"
    kind = key[: key.index("_") + 1] if "_" in key[:6] else ""
    return f"{kind}…{key[-4:]}"


def is_usable(key: str) -> bool:
    """Whether a key can stand in a header."""
    return bool(key) and key.isascii() and key.isprintable() and " " not in key
