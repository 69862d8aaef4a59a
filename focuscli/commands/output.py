"""What a command says: documents and lines on stdout, notes on stderr; nothing in it can steer the terminal."""

import json
import sys
from collections.abc import Mapping, Sequence
from contextvars import ContextVar

from focuscli.plain_text import printable_lines

NAMED_FIELDS: ContextVar[tuple[str, ...]] = ContextVar("fields", default=())
"""What --fields names, for as long as the command runs."""


def document(content: object) -> None:
    """Exactly one JSON document, or what --fields keeps of it: indented at a terminal, compact in a pipe."""
    indent, separators = (2, None) if sys.stdout.isatty() else (None, (",", ":"))
    fields = NAMED_FIELDS.get()
    kept = narrowed(content, fields) if fields and isinstance(content, Mapping) else content
    say(json.dumps(kept, indent=indent, separators=separators))


def narrowed(content: Mapping[str, object], fields: Sequence[str]) -> dict[str, object]:
    """The keys that are named, and `schema`; a list of objects is kept where a key of its objects is named."""
    inner = [field for field in fields if field not in content]
    kept: dict[str, object] = {}
    for key, value in content.items():
        if key in fields or key == "schema":
            kept[key] = value
        elif inner and isinstance(value, list):
            items = [
                {field: item[field] for field in inner if field in item} for item in value if isinstance(item, dict)
            ]
            if not value or any(items):
                kept[key] = items
    return kept


def say(line: str) -> None:
    """A line of the command's result, in ASCII where stdout's encoding lacks a character of it."""
    sys.stdout.write(_spelled(line, sys.stdout.encoding) + "\n")


def note(line: str) -> None:
    """A line beside the result, in ASCII where stderr's encoding lacks a character of it."""
    sys.stderr.write(_spelled(line, sys.stderr.encoding) + "\n")
    sys.stderr.flush()


def _spelled(line: str, encoding: str | None) -> str:
    text = printable_lines(line)
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        from focuscli.view.text import plain_ascii

        return plain_ascii(text)
    return text
