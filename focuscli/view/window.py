"""What a terminal's window shows around the picture: its title, progress in the taskbar, a notification.

Sources: XTerm Control Sequences (OSC 0; CSI 22 t and 23 t keep and restore titles); ConEmu, "ANSI X3.64", OSC 9;4
(progress, which Windows Terminal, Ghostty, WezTerm and others took over); iTerm2, OSC 9; urxvt, OSC 777.
"""

import contextlib
import os
import select
from collections import deque
from datetime import datetime, timedelta
from typing import IO, Protocol

from focuscli.events import Event
from focuscli.plain_text import printable
from focuscli.view import words
from focuscli.view.face import Face
from focuscli.view.keyboard import HungUp
from focuscli.view.keys import Action
from focuscli.view.snapshot import Phase, Snapshot

REPEATED_EVERY = timedelta(seconds=10)
"""Progress that is not told again goes away after a quarter of a minute (Ghostty)."""

_KEEP_TITLE, _RESTORE_TITLE = "\x1b[22;0t", "\x1b[23;0t"
_NO_PROGRESS = "\x1b]9;4;0;0\x07"
_STATES = {Phase.PLAYING: 1, Phase.HOLDING: 1, Phase.WAITING: 2, Phase.PREPARING: 3, Phase.PAUSED: 4}
"""Of OSC 9;4: normal, error, indeterminate, paused."""


class Window:
    """Says what to write for a snapshot, and what to write so that nothing of it remains.

    `rings` names the sequence of notifications, `osc9` or `osc777`.
    """

    def __init__(self, *, title: bool = False, progress: bool = False, rings: str = "osc9") -> None:
        self._has_title = title
        self._has_progress = progress
        self._rings = rings
        self._due: deque[str] = deque()
        self._title = ""
        self._progress = ""
        self._told_at: datetime | None = None

    def notify(self, sentence: str) -> None:
        """Have it shown with the next frame; from any thread."""
        self._due.append(sentence)

    def drawn(self, snapshot: Snapshot) -> str:
        """What is new since the last call."""
        parts = [self._titled(snapshot) if self._has_title else ""]
        parts.append(self._progressed(snapshot) if self._has_progress else "")
        while self._due:
            parts.append(self._rung(self._due.popleft()))
        return "".join(parts)

    def undone(self) -> str:
        """The title that was before, and no progress; where a terminal keeps no titles, none is better than ours."""
        parts = [_NO_PROGRESS if self._progress else "", f"\x1b]0;\x07{_RESTORE_TITLE}" if self._title else ""]
        self._title = self._progress = ""
        return "".join(parts)

    def _titled(self, snapshot: Snapshot) -> str:
        before, self._title = self._title, title(snapshot)
        if self._title == before:
            return ""
        return ("" if before else _KEEP_TITLE) + f"\x1b]0;{self._title}\x07"

    def _progressed(self, snapshot: Snapshot) -> str:
        state = _STATES.get(snapshot.phase)
        told = _NO_PROGRESS if state is None else f"\x1b]9;4;{state};{percent(snapshot)}\x07"
        recent = self._told_at is not None and snapshot.now - self._told_at < REPEATED_EVERY
        if told == self._progress and recent:
            return ""
        self._progress, self._told_at = told, snapshot.now
        return told

    def _rung(self, sentence: str) -> str:
        text = printable(f"focus: {sentence}")
        return f"\x1b]777;notify;focus;{text}\x07" if self._rings == "osc777" else f"\x1b]9;{text}\x07"


def title(snapshot: Snapshot) -> str:
    """What the window is called; it changes by the minute, so that nobody's eye is drawn to it."""
    goal = words.goal(snapshot)
    what = f"{goal} session" if goal else "focus"
    left = "" if snapshot.left_s is None else f", {words.amount(snapshot.left_s)} left"
    return f"{what}{left}" if snapshot.phase is Phase.PLAYING else f"{what}, {snapshot.phase.value}"


def percent(snapshot: Snapshot) -> int:
    """How much of the session has played."""
    if not snapshot.target_s:
        return 0
    return int(100.0 * min(1.0, snapshot.position_s / snapshot.target_s))


class Folding(Protocol):
    """A face that keeps a snapshot, which is what it has drawn last."""

    snapshot: Snapshot


class WindowFace(Face):
    """Another face on the same terminal, and the window around it."""

    def __init__(self, inner: Face, folding: Folding, window: Window, stream: IO[str]) -> None:
        self._inner = inner
        self._folding = folding
        self._window = window
        self._stream = stream

    def show(self, events: list[Event], now: datetime, *, visible: bool) -> None:
        """The picture, and then what is around it."""
        self._inner.show(events, now, visible=visible)
        if visible:
            self._say(self._window.drawn(self._folding.snapshot))

    def pressed(self, action: Action) -> bool:
        """The picture's affair."""
        return self._inner.pressed(action)

    def resized(self, *, visible: bool) -> None:
        """The picture's affair."""
        self._inner.resized(visible=visible)

    def suspended(self) -> None:
        """The shell gets its own title back; the next frame brings ours again."""
        self._inner.suspended()
        self._undo()

    def resumed(self) -> None:
        """The picture's affair."""
        self._inner.resumed()

    def restored(self) -> None:
        """Past all buffers, as the picture does it."""
        self._inner.restored()
        self._undo()

    def closed(self, *, hung_up: bool) -> None:
        """A terminal that went away is not waited for; one that only said so gets its title back."""
        self._inner.closed(hung_up=hung_up)
        if not hung_up or self._takes_more:
            self._undo()

    @property
    def _takes_more(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return bool(select.select([], [self._stream], [], 0.0)[1])
        return False

    def _say(self, text: str) -> None:
        if not text:
            return
        encoding = getattr(self._stream, "encoding", None) or "ascii"
        try:
            self._stream.write(text.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except OSError as exc:
            raise HungUp from exc

    def _undo(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            os.write(self._stream.fileno(), self._window.undone().encode("ascii"))
