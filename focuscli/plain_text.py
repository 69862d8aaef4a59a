"""Text of servers and users made plain, so that nothing in it can steer a terminal or forge a line of a log.

Escape sequences begin with a control character (ECMA-48), and bidirectional overrides are format characters: neither is
printable, nor are surrogates, private and unassigned code points. Light on purpose: everything that is printed
passes through here.
"""

LONGEST = 300
REPLACEMENT = "\ufffd"

_SPACES = frozenset("\u00a0\u2007\u202f\u3000")
"""No-break, figure, narrow and ideographic space: not printable to Python, and harmless."""


def printable(text: object, limit: int = LONGEST) -> str:
    """The text on one line, at most `limit` characters of it, each that is not printable as U+FFFD."""
    return _plain(str(text)[:limit], "")


def printable_lines(text: str) -> str:
    """The text as it is, lines and tabs included, each other character that is not printable as U+FFFD."""
    return text if text.isprintable() else _plain(text, "\n\t")


def _plain(text: str, also: str) -> str:
    return "".join(c if c.isprintable() or c in also or c in _SPACES else REPLACEMENT for c in text)
