"""What a command says: documents and lines on stdout, notes on stderr; nothing in it can steer the terminal."""

import json
import sys
from collections.abc import Mapping

from focuscli.plain_text import printable_lines


def document(content: object) -> None:
    """Exactly one JSON document: indented for a person at a terminal, compact in a pipe."""
    indent, separators = (2, None) if sys.stdout.isatty() else (None, (",", ":"))
    say(json.dumps(content, indent=indent, separators=separators))


def say(line: str) -> None:
    """A line of the command's result; a character that stdout's encoding lacks becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(printable_lines(line).encode(encoding, "replace").decode(encoding) + "\n")


def tell(fields: Mapping[str, object]) -> None:
    """One record of a stream, a line of JSON, which is on its way when this returns."""
    say(json.dumps(fields, separators=(",", ":")))
    sys.stdout.flush()


def note(line: str) -> None:
    """A line beside the result."""
    sys.stderr.write(f"{printable_lines(line)}\n")
    sys.stderr.flush()
