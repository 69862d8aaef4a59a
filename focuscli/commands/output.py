"""What a command says: documents and lines on stdout, notes on stderr."""

import json
import sys


def document(content: object) -> None:
    """Exactly one JSON document: indented for a person at a terminal, compact in a pipe."""
    indent, separators = (2, None) if sys.stdout.isatty() else (None, (",", ":"))
    say(json.dumps(content, indent=indent, separators=separators))


def say(line: str) -> None:
    """A line of the command's result; a character that stdout's encoding lacks becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")


def note(line: str) -> None:
    """A line beside the result."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
