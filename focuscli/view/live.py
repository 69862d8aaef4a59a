"""The live panel, drawn inline: the last picture stays in the scrollback."""

import atexit
import contextlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Self, TextIO

from rich.console import Console
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType

from focuscli.clock import Clock
from focuscli.events import Event
from focuscli.view import words
from focuscli.view.face import Face
from focuscli.view.fold import fold
from focuscli.view.keyboard import HungUp, Keyboard, open_keyboard
from focuscli.view.keys import Action
from focuscli.view.loop import Hooks, View
from focuscli.view.meter import Meter
from focuscli.view.panel import Picture, panel
from focuscli.view.snapshot import Snapshot
from focuscli.view.terminal import Terminal
from focuscli.view.window import Window, WindowFace

RATE_HZ = 4.0
_SHOW_CURSOR = b"\x1b[?25h\r\n"
_USUAL_SIZE = os.terminal_size((80, 24))


class LiveView(View):
    """A panel at 4 frames a second; frames that look like the last one are not drawn.

    See View for how it is used and for the hooks; `snapshot` is the picture to begin with, `window` what is around it.
    """

    def __init__(
        self,
        console: Console,
        keys: Keyboard | None,
        actions: Callable[[Action], None],
        clock: Clock,
        *,
        snapshot: Snapshot,
        ascii: bool = False,  # noqa: A002  said so by callers
        hooks: Hooks | None = None,
        window: Window | None = None,
    ) -> None:
        self.face = LiveFace(console, snapshot, ascii_only=ascii)
        face = self.face if window is None else WindowFace(self.face, self.face, window, console.file)
        super().__init__(face, keys, actions, clock, rate_hz=RATE_HZ, hooks=hooks)

    @classmethod
    def on(
        cls,
        stream: TextIO,
        terminal: Terminal,
        actions: Callable[[Action], None],
        clock: Clock,
        *,
        snapshot: Snapshot,
        hooks: Hooks | None = None,
        window: Window | None = None,
    ) -> Self:
        """A view on a stream that was judged fit for it, with this process's keyboard."""
        return cls(
            console_on(stream, color=terminal.color),
            open_keyboard(paste=True),
            actions,
            clock,
            snapshot=snapshot,
            ascii=terminal.ascii,
            hooks=hooks,
            window=window,
        )


def console_on(stream: TextIO, *, color: bool) -> Console:
    """A rich console that decides nothing by itself: what the stream can take was judged before."""
    return Console(
        file=stream,
        force_terminal=True,
        force_interactive=True,
        color_system="standard",
        no_color=not color,
        highlight=False,
        _environ={},
    )


class LiveFace(Face):
    """Folds events into a snapshot, and draws its panel where it has changed."""

    def __init__(self, console: Console, snapshot: Snapshot, *, ascii_only: bool = False) -> None:
        self.snapshot = snapshot
        self.frames = 0
        self._console = console
        self._ascii = ascii_only
        self._live: Live | None = None
        self._drawn: Picture | None = None

    def show(self, events: list[Event], now: datetime, *, visible: bool) -> None:
        """One frame, if it differs from the last one."""
        for event in events:
            self.snapshot = fold(self.snapshot, event, now)
        self.snapshot = self.snapshot.at(now)
        if visible:
            self._draw()

    def pressed(self, action: Action) -> bool:
        """The help page, the technical line and the screen itself are the face's own affair."""
        if action is Action.REDRAW:
            self._begin_anew()
        elif action is Action.TECHNICAL:
            self.snapshot = replace(self.snapshot, technical=not self.snapshot.technical)
        elif action is Action.HELP:
            self.snapshot = replace(self.snapshot, help=not self.snapshot.help)
        elif action is Action.BACK:
            self.snapshot = replace(self.snapshot, help=False)
        return super().pressed(action)

    def resized(self, *, visible: bool) -> None:
        """Clear what the terminal made of the old picture, where it has wrapped lines too long for the new window."""
        if visible and self._live is not None and self._drawn is not None:
            columns = self._size().columns
            extra = sum(max(0, width - 1) // columns for width in self._drawn.widths)
            up = ((ControlType.ERASE_IN_LINE, 2), (ControlType.CURSOR_UP, 1))
            with _hang_ups():
                self._console.control(Control(ControlType.CARRIAGE_RETURN, *(up * extra)))
        self._drawn = None

    def suspended(self) -> None:
        """Leave the picture as it is, and the cursor visible."""
        self._stop()

    def resumed(self) -> None:
        """The next frame begins a new picture, below what the shell has written."""
        self._drawn = None

    def restored(self) -> None:
        """Show the cursor, past all buffers."""
        if self._live is not None:
            with contextlib.suppress(OSError, ValueError):
                os.write(self._console.file.fileno(), _SHOW_CURSOR)

    def closed(self, *, hung_up: bool) -> None:
        """Leave the last state, and one line on how things go on."""
        if hung_up:
            self._console.file = io.StringIO()
        self.snapshot = replace(self.snapshot, closed=True, help=False, technical=False, meters=(Meter(), Meter()))
        with contextlib.suppress(HungUp):
            if self._live is not None:
                self._draw()
                self._stop()
            with _hang_ups():
                if said := words.closing(self.snapshot):
                    self._console.print(said, markup=False)

    def _begin_anew(self) -> None:
        with _hang_ups():
            self._console.control(Control.clear(), Control.home())
        self._drawn = None

    def _draw(self) -> None:
        size = self._size()
        picture = panel(self.snapshot, size.columns, size.lines, ascii=self._ascii)
        if picture == self._drawn:
            return
        self._console.size = size
        self._drawn = picture
        self.frames += 1
        with _hang_ups():
            self._started().update(picture, refresh=True)

    def _started(self) -> Live:
        """The picture that is on the screen, begun only when there is something to draw: it hides the cursor."""
        if self._live is None:
            atexit.register(self.restored)
            self._live = Live(console=self._console, auto_refresh=False, vertical_overflow="crop")
            self._live.start()
        return self._live

    def _stop(self) -> None:
        live, self._live = self._live, None
        atexit.unregister(self.restored)
        if live is not None:
            with _hang_ups():
                live.stop()

    def _size(self) -> os.terminal_size:
        try:
            size = os.get_terminal_size(self._console.file.fileno())
        except (OSError, ValueError):
            return _USUAL_SIZE
        return size if size.columns and size.lines else _USUAL_SIZE


@contextlib.contextmanager
def _hang_ups() -> Iterator[None]:
    """A terminal that cannot be written to has gone away."""
    try:
        yield
    except OSError as exc:
        raise HungUp from exc
