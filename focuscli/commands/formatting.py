"""One line in a form of one's own: `{goal} [{left|duration} left]`, filled in for status bars.

Light on purpose: the quickest look fills it in too.
"""

import re
from collections.abc import Callable, Mapping

FIELDS: dict[str, str] = {
    "id": "the session's id",
    "status": "active, ended or stopped_cap",
    "goal": "what the music is for",
    "engine": "which generator makes it",
    "minutes": "how long the session is meant to be",
    "ready": "how many segments are ready",
    "total": "how many there will be",
    "ready_minutes": "how many minutes are ready, from the beginning",
    "more": "+ while more is being made",
    "state": "playing, paused or muted; empty where no player of this machine plays it",
    "segment": "which segment plays, counted from 1",
    "position": "seconds played",
    "left": "seconds until the end",
    "ends": "the time of day of the end, while it plays",
    "ahead": "seconds of music that are ready after the position",
    "percent": "how much of it has played, 0 to 100",
    "volume": "of the player, in percent",
    "device": "where the sound goes",
}
"""What a form can name. Those from `state` on are of the player, and empty where none plays the session."""

_TOKEN = re.compile(r"(\{\{|\}\}|\[\[|\]\]|\{[^{}]*\}|[\[\]{}])")
_LITERAL = {"{{": "{", "}}": "}", "[[": "[", "]]": "]"}
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&quot;"}


def duration(value: object, _argument: str) -> object:
    """Seconds as a clock shows them: 0:12, 17:50, 1:30:00."""
    minutes, second = divmod(round(_number(value)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def minutes(value: object, _argument: str) -> object:
    """Seconds as whole minutes, begun ones counted."""
    return int(-(-_number(value) // 60))


def trunc(value: object, argument: str) -> object:
    """At most so many characters; what is cut ends in three dots."""
    text, most = str(value), int(argument)
    return text if len(text) <= most else f"{text[: max(0, most - 3)]}..."[:most]


def pad(value: object, argument: str) -> object:
    """At least so many characters, to the right."""
    return str(value).rjust(int(argument))


def upper(value: object, _argument: str) -> object:
    """In capitals."""
    return str(value).upper()


def markup_escape(value: object, _argument: str) -> object:
    """Safe where Pango's markup is read, as in waybar."""
    return "".join(_MARKUP.get(character, character) for character in str(value))


def tmux_escape(value: object, _argument: str) -> object:
    """Safe in a status line of tmux, where # begins a command."""
    return str(value).replace("#", "##")


HELPERS: dict[str, Callable[[object, str], object]] = {
    "duration": duration,
    "minutes": minutes,
    "trunc": trunc,
    "pad": pad,
    "upper": upper,
    "markup_escape": markup_escape,
    "tmux_escape": tmux_escape,
}
"""What can stand after a field and `|`; `default` beside them gives its text for a field that is empty."""


def filled(form: str, fields: Mapping[str, object]) -> str:
    """The line that a form makes of the fields; raises ValueError that says what in the form is wrong.

    `{field|helper|helper:argument}` is the field, `[…]` is left out when a field inside is empty, and `{{ }} [[ ]]`
    are the brackets themselves.
    """
    pieces = [piece for piece in _TOKEN.split(form) if piece]
    line: list[str] = []
    group: list[str] | None = None
    whole = True
    for piece in pieces:
        if piece == "[" and group is None:
            group, whole = [], True
        elif piece == "]" and group is not None:
            line += group if whole else []
            group = None
        elif piece in {"[", "]", "{", "}"}:
            raise ValueError(f"{piece} stands alone (write {piece * 2} for the character)")
        else:
            text = _filled_piece(piece, fields)
            whole = whole and (text != "" or piece in _LITERAL)
            (line if group is None else group).append(text)
    if group is not None:
        raise ValueError("[ is not closed")
    return "".join(line)


def _filled_piece(piece: str, fields: Mapping[str, object]) -> str:
    if piece[0] != "{" or piece in _LITERAL:
        return _LITERAL.get(piece, piece)
    name, *helpers = piece[1:-1].split("|")
    if name not in FIELDS:
        raise ValueError(f"there is no field {name!r}; there are {', '.join(FIELDS)}")
    value = fields.get(name)
    for written in helpers:
        value = _helped(value, written)
    return "" if value is None else str(value)


def _helped(value: object, written: str) -> object:
    """The value after one helper; an empty one stays empty, but for `default`. The argument is checked either way."""
    name, _, argument = written.partition(":")
    if name == "default":
        return argument if value in {None, ""} else value
    if name not in HELPERS:
        raise ValueError(f"there is no helper {name!r}; there are default, {', '.join(HELPERS)}")
    if name in {"trunc", "pad"} and not argument.isdecimal():
        raise ValueError(f"{name} needs a number of characters, as in {name}:20")
    return value if value in {None, ""} else HELPERS[name](value, argument)


def _number(value: object) -> float:
    return float(str(value))
