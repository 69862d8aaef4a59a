"""The keys as the screen names them: hints at the foot of the panel, and the page behind `?`."""

from itertools import groupby

from focuscli.view.keys import KEYS, Action, Key
from focuscli.view.lines import Line, Row, width_of
from focuscli.view.look import DIM, STRONG, Look
from focuscli.view.snapshot import Phase, Snapshot

_FIRST_TO_GO = ("volume", "mute", "next", "pause", "resume")
"""Hints that are left out, one after the other, where there is no room; the way to help and out stays longest."""


def hints(snapshot: Snapshot, width: int, look: Look, gap: int = 3) -> Line:
    """As many hints as fit into `width` cells."""
    named = {word: keys for word, keys in _named(snapshot, look) if word}
    for leaving in (None, *_FIRST_TO_GO, "keys"):
        named.pop(leaving or "", None)
        line = _joined(named, gap)
        if width_of(line) <= width:
            return line
    return ()


def _named(snapshot: Snapshot, look: Look) -> list[tuple[str, str]]:
    groups = groupby(KEYS, key=lambda key: key.hint)
    named = [(hint, " ".join(look.key(key.keys[0]) for key in keys)) for hint, keys in groups]
    resume = snapshot.phase is Phase.PAUSED
    return [("resume" if resume and hint == "pause" else hint, keys) for hint, keys in named]


def _joined(named: dict[str, str], gap: int) -> Line:
    line: Line = ()
    for word, keys in named.items():
        line += ((" " * gap if line else "", ""), (keys, STRONG), (f" {word}", DIM))
    return line


def key_rows(look: Look, width: int = 80) -> list[Row]:
    """Every key with what it does; in a narrow window with its first name only."""
    named = [" ".join(look.key(name) for name in key.keys[: None if width >= 44 else 1]) for key in KEYS]
    column = max(map(len, named)) + 3
    return [
        Row(((f"{name:<{column}}", STRONG), (key.help, "")), _rank(key)) for name, key in zip(named, KEYS, strict=True)
    ]


def _rank(key: Key) -> int:
    return 0 if key.action in {Action.QUIT, Action.PAUSE, Action.BACK} else 1
