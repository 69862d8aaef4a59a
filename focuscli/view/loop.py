"""The one loop that every view runs in the main thread: keys, signals, and a clock for frames."""

import os
import selectors
import signal
import threading
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

from focuscli.clock import Clock
from focuscli.errors import ExitCode
from focuscli.events import Event, PlaybackEnded
from focuscli.view import signals
from focuscli.view.face import Face
from focuscli.view.keyboard import HungUp, Keyboard
from focuscli.view.keys import ESC_S, Action, KeyParser, actions_of

_ASK_S = 0.05
"""How often a keyboard is asked that cannot be waited for."""

_AFTER_KEY_S = 0.06
"""When the first frame after a key is drawn: late enough to show what the key did."""


class Leaving(Enum):
    """Why a view was left."""

    FINISHED = "finished"
    QUIT = "quit"
    INTERRUPTED = "interrupted"
    TERMINATED = "terminated"
    HUNG_UP = "hung_up"

    @property
    def exit_code(self) -> ExitCode:
        """What the program exits with when nothing else went wrong."""
        return _EXIT_CODES.get(self, ExitCode.OK)


_EXIT_CODES = {
    Leaving.INTERRUPTED: ExitCode.INTERRUPTED,
    Leaving.TERMINATED: ExitCode.TERMINATED,
    Leaving.HUNG_UP: ExitCode.HANG_UP,
}
_LEAVING_BY = {"SIGTERM": Leaving.TERMINATED, "SIGHUP": Leaving.HUNG_UP}


@dataclass(frozen=True, slots=True)
class Hooks:
    """What else has to be done, in the main thread, when the system has its way with the program.

    `suspended` is called before the terminal is given back on Ctrl-Z, `resumed` when the program goes on, and
    `signalled` with the number of INT, TERM or HUP before `run` returns; it may raise instead.
    """

    suspended: Callable[[], None] = lambda: None
    resumed: Callable[[], None] = lambda: None
    signalled: Callable[[int], None] = lambda _number: None


class View:
    """A face, kept up to date. `with view: view.run(until)` in the main thread, `post` from any other.

    `post` only appends to a queue: whoever plays is never held up by whoever draws. Actions other than the
    view's own go to `actions`; `q` and the signals INT, TERM and HUP end `run`, which says why.
    """

    def __init__(
        self,
        face: Face,
        keys: Keyboard | None,
        actions: Callable[[Action], None],
        clock: Clock,
        *,
        rate_hz: float = 1.0,
        prompt: bool = False,
        hooks: Hooks | None = None,
    ) -> None:
        self._face = face
        self._keys = keys
        self._actions = actions
        self._clock = clock
        self._period_s = 1.0 / rate_hz
        self._prompt = prompt
        self._hooks = hooks or Hooks()
        self._events: deque[Event] = deque()
        self._parser = KeyParser()
        self._esc_at: float | None = None
        self._frame_at = 0.0
        self._stopped = False
        self._leaving: Leaving | None = None
        self._stack = ExitStack()
        self._signals = signals.Signals(self._at_once)
        self._selector = selectors.SelectSelector()  # kqueue cannot wait for a terminal on macOS

    def post(self, event: Event) -> None:
        """Tell the view what happened; from any thread, never blocks."""
        self._events.append(event)
        if self._prompt or isinstance(event, PlaybackEnded):
            self._signals.wake()

    def run(self, until: threading.Event) -> Leaving:
        """Show what happens until that is set, or until the listener or the system ends it."""
        while self._leaving is None and not until.is_set():
            self._guarded(self._step)
        self._leaving = self._leaving or Leaving.FINISHED
        self._guarded(self._show)
        return self._leaving

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._signals)
            stack.callback(self._selector.close)
            self._selector.register(self._signals.fileno(), selectors.EVENT_READ)
            if self._keys is not None:
                stack.callback(self._keys.close)
                self._attend()
            stack.callback(lambda: self._face.closed(hung_up=self._leaving is Leaving.HUNG_UP))
            self._guarded(self._show)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def _is_visible(self) -> bool:
        """Whether the terminal is ours to draw on: not while another job has the foreground."""
        gone = self._stopped or self._leaving is Leaving.HUNG_UP
        return not gone and (self._keys is None or self._keys.attend())

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except HungUp:
            self._leaving = Leaving.HUNG_UP

    def _step(self) -> None:
        self._wait()
        self._obey(self._signals.take())
        self._tick()

    def _wait(self) -> None:
        deadline = self._frame_at if self._esc_at is None else min(self._frame_at, self._esc_at)
        timeout_s = max(0.0, deadline - self._clock.monotonic())
        asking = self._keys is not None and self._keys.fileno() is None
        ready = self._selector.select(min(timeout_s, _ASK_S) if asking else timeout_s)
        if asking or any(key.fd != self._signals.fileno() for key, _ in ready):
            self._read()
        elif self._esc_at is not None and self._clock.monotonic() >= self._esc_at:
            self._esc_at = None
            self._press(self._parser.flush())

    def _read(self) -> None:
        if self._keys is None or self._stopped:
            return
        names = self._parser.feed(self._keys.read())
        self._esc_at = self._clock.monotonic() + ESC_S if self._parser.waiting else None
        self._press(names)

    def _press(self, names: list[str]) -> None:
        for action in actions_of(names):
            self._frame_at = min(self._frame_at, self._clock.monotonic() + _AFTER_KEY_S)
            if action is Action.QUIT:
                self._leaving = Leaving.QUIT
                return
            if not self._face.pressed(action):
                self._actions(action)

    def _obey(self, numbers: list[int]) -> None:
        for number in numbers:
            if number in signals.LEAVE:
                self._leave(number)
            elif number in signals.SUSPEND:
                self._suspend()
            elif number in signals.CONTINUE:
                self._resume()
            else:
                self._frame_at = 0.0
                self._face.resized(visible=self._is_visible)

    def _leave(self, number: int) -> None:
        self._hooks.signalled(number)
        self._leaving = _LEAVING_BY.get(signal.Signals(number).name, Leaving.INTERRUPTED)

    def _suspend(self) -> None:
        self._hooks.suspended()
        self._face.suspended()
        if self._keys is not None:
            self._keys.release()
        self._stopped = True
        os.kill(os.getpid(), signal.SIGSTOP)  # raising SIGTSTP again would race with the handler

    def _resume(self) -> None:
        """After SIGCONT, also where the stop was not asked for here (SIGSTOP cannot be caught)."""
        self._stopped = False
        if self._keys is not None:
            self._keys.release()
        self._attend()
        self._frame_at = 0.0
        self._face.resumed()
        self._hooks.resumed()

    def _tick(self) -> None:
        woken = self._prompt and bool(self._events)
        if self._stopped or not (woken or self._clock.monotonic() >= self._frame_at):
            return
        self._frame_at = self._clock.monotonic() + self._period_s
        self._attend()
        self._show()

    def _show(self) -> None:
        happened = []
        while self._events:
            happened.append(self._events.popleft())
        self._face.show(happened, self._clock.now().astimezone(), visible=self._is_visible)

    def _attend(self) -> None:
        """Wait for keys while they are ours; in the background reading them would stop the program."""
        if self._keys is None or (descriptor := self._keys.fileno()) is None:
            return
        known = descriptor in self._selector.get_map()
        attending = self._keys.attend()
        if attending and not known:
            self._selector.register(descriptor, selectors.EVENT_READ)
        elif known and not attending:
            self._selector.unregister(descriptor)

    def _at_once(self) -> None:
        self._face.restored()
        if self._keys is not None:
            self._keys.release()
