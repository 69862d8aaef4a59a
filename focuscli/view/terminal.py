"""What the output can take, decided once: animation, colour, glyphs."""

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

_GLYPHLESS_TERMS = frozenset({"linux"})  # the kernel's console: its font has 512 glyphs, few of ours among them
_DUMB_TERMS = frozenset({"dumb", "unknown"})


@dataclass(frozen=True, slots=True)
class Terminal:
    """How to draw on one stream; stdout and stderr are judged apart."""

    is_tty: bool
    animate: bool
    color: bool
    ascii: bool

    @property
    def plain(self) -> bool:
        """Whether the append-only lines are meant."""
        return not self.animate


def decide(
    stream: TextIO, environment: Mapping[str, str] = os.environ, *, plain: bool = False, color: str = "auto"
) -> Terminal:
    """Judge a stream; `color` is `auto`, `always` or `never`. An empty variable counts as unset."""
    is_tty = _is_tty(stream)
    able = is_tty and environment.get("TERM", "") not in _DUMB_TERMS
    asked = plain or any(environment.get(name) for name in ("ACCESSIBLE", "FOCUS_ACCESSIBLE", "CI"))
    return Terminal(
        is_tty=is_tty,
        animate=able and not asked,
        color=_colored(environment, able=able, color=color),
        ascii=not _speaks_unicode(stream) or environment.get("TERM") in _GLYPHLESS_TERMS,
    )


def _colored(environment: Mapping[str, str], *, able: bool, color: str) -> bool:
    """The order is --color, NO_COLOR, FORCE_COLOR or CLICOLOR_FORCE, CLICOLOR=0, and then the stream itself."""
    if color in {"always", "never"}:
        return color == "always"
    if environment.get("NO_COLOR"):
        return False
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        if environment.get(name, "0") not in {"", "0"}:
            return True
    return able and environment.get("CLICOLOR") != "0"


def _is_tty(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def _speaks_unicode(stream: TextIO) -> bool:
    try:
        return codecs.lookup(getattr(stream, "encoding", None) or "ascii").name == "utf-8"
    except LookupError:
        return False
