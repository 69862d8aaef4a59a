"""The one table of keys, and how bytes from a terminal become what the listener wants."""

import codecs
import re
from dataclasses import dataclass
from enum import Enum


class Action(Enum):
    """What the listener asks for."""

    PAUSE = "pause"
    LOUDER = "louder"
    SOFTER = "softer"
    SLIGHTLY_LOUDER = "slightly louder"
    SLIGHTLY_SOFTER = "slightly softer"
    MUTE = "mute"
    NEXT = "next"
    PREVIOUS = "previous"
    KEEP = "keep"
    FORWARD = "forward"
    BACKWARD = "backward"
    SLEEP = "sleep"
    OUTPUT = "output"
    END = "end"
    TECHNICAL = "technical"
    HELP = "help"
    BACK = "back"
    REDRAW = "redraw"
    QUIT = "quit"

    @property
    def volume_step(self) -> int:
        """By how many percent this moves the volume; 0 for what does not."""
        return _VOLUME_STEPS.get(self, 0)


_VOLUME_STEPS = {
    Action.LOUDER: 5,
    Action.SOFTER: -5,
    Action.SLIGHTLY_LOUDER: 1,
    Action.SLIGHTLY_SOFTER: -1,
}


@dataclass(frozen=True, slots=True)
class Key:
    """One row of the table: the keys (the first is the one that is shown), what they do, a sentence, a hint."""

    keys: tuple[str, ...]
    action: Action
    help: str
    hint: str = ""


KEYS: tuple[Key, ...] = (
    Key(("space", "p"), Action.PAUSE, "pause, or go on", "pause"),
    Key(("up", "+", "="), Action.LOUDER, "volume up by 5 %", "volume"),
    Key(("down", "-"), Action.SOFTER, "volume down by 5 %", "volume"),
    Key(("0",), Action.SLIGHTLY_LOUDER, "volume up by 1 %"),
    Key(("9",), Action.SLIGHTLY_SOFTER, "volume down by 1 %"),
    Key(("m",), Action.MUTE, "mute, or unmute", "mute"),
    Key(("n", "s", ">"), Action.NEXT, "next segment", "next"),
    Key(("<",), Action.PREVIOUS, "back to where the segment began"),
    Key(("right",), Action.FORWARD, "ten seconds on"),
    Key(("left",), Action.BACKWARD, "ten seconds back"),
    Key(("b",), Action.KEEP, "keep this segment for good, as a track"),
    Key(("t",), Action.SLEEP, "sleep timer: 15, 30, 60, 90 min, off"),
    Key(("d",), Action.OUTPUT, "next output device"),
    Key(("i",), Action.TECHNICAL, "show or hide the technical line"),
    Key(("?",), Action.HELP, "show or hide the keys", "keys"),
    Key(("esc",), Action.BACK, "hide the keys"),
    Key(("ctrl-l",), Action.REDRAW, "draw the screen again"),
    Key(("e",), Action.END, "end the session: press it twice"),
    Key(("q",), Action.QUIT, "leave; the session goes on", "quit"),
)
ACTION_OF: dict[str, Action] = {name: key.action for key in KEYS for name in key.keys}

ESC_S = 0.025
"""An Esc that is followed by nothing for so long is the key itself; terminals send a sequence in one piece."""

_ESC = "\x1b"
_PASTE_BEGINS = "[200~"
_PASTE_ENDS = "\x1b[201~"
_SEQUENCE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O[ -~]|[^\[O])", re.DOTALL)
_UNFINISHED = re.compile(r"\x1b(\[[0-?]*[ -/]*|O)?\Z")
_LONGEST_SEQUENCE = 32
_ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}
_NAMED = {" ": "space", "\x0c": "ctrl-l"}


class KeyParser:
    """Bytes in, names of keys out; keeps what is unfinished between reads.

    Escape sequences that mean nothing here, text in any script, and whatever a terminal marks as pasted are
    swallowed whole, so that no part of them is ever taken for a key.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""
        self._pasting = False

    @property
    def waiting(self) -> bool:
        """Whether the end of what was read may be a lone Esc: call `flush` after ESC_S without more."""
        return bool(self._rest) and not self._pasting

    def feed(self, data: bytes) -> list[str]:
        """The keys that are complete with these bytes, in the order in which they were pressed."""
        self._rest += self._decoder.decode(data)
        names: list[str] = []
        while self._rest and (name := self._take()) is not None:
            if name:
                names.append(name)
        return names

    def flush(self) -> list[str]:
        """Nothing came after an Esc: it was the key. An unfinished sequence is dropped."""
        rest, self._rest = self._rest, ""
        return ["esc"] if rest == _ESC else []

    def _take(self) -> str | None:
        """The next key; empty for what is swallowed, None when more is needed."""
        if self._pasting:
            return self._take_paste()
        if self._rest[0] != _ESC:
            character, self._rest = self._rest[0], self._rest[1:]
            return _NAMED.get(character, character if character.isprintable() else "")
        if self._rest.startswith(_ESC + _ESC):  # Esc, and then something of its own
            self._rest = self._rest[1:]
            return "esc"
        return self._take_sequence()

    def _take_sequence(self) -> str | None:
        if match := _SEQUENCE.match(self._rest):
            self._rest = self._rest[match.end() :]
            self._pasting = match[1] == _PASTE_BEGINS
            known = match[1][0] in "[O" and len(match[1]) == 2
            return _ARROWS.get(match[1][-1], "") if known else ""
        if _UNFINISHED.match(self._rest) and len(self._rest) < _LONGEST_SEQUENCE:
            return None
        self._rest = self._rest[1:]  # no sequence at all: drop the Esc, and read on
        return ""

    def _take_paste(self) -> str | None:
        before, ends, after = self._rest.partition(_PASTE_ENDS)
        if ends:
            self._pasting, self._rest = False, after
            return ""
        self._rest = before[-len(_PASTE_ENDS) + 1 :]
        return None


def actions_of(names: list[str]) -> list[Action]:
    """What the keys ask for; letters count in either case, unknown keys for nothing."""
    found = (ACTION_OF.get(name) or ACTION_OF.get(name.lower()) for name in names)
    return [action for action in found if action is not None]
