"""The key that ends the session: it is asked whether that is meant, and the sound falls before."""

from collections.abc import Callable

from focuscli.clock import Clock
from focuscli.commands.silencing import usual_fade_s
from focuscli.events import Event, KeyAnswered
from focuscli.model import Goal
from focuscli.playback.commands import Command, Quit, SleepAfter, StayAwake

MEANT_WITHIN_S = 5.0
"""A slip is not followed by the same key so soon."""


class EndKey:
    """The second press ends the session once its sound has fallen, one more does not wait for that.

    `send` takes commands to the player, `tell` events to the view; neither blocks. Used from the main thread, but for
    `sent`, which may be called from any.
    """

    def __init__(self, send: Callable[[Command], None], tell: Callable[[Event], None], clock: Clock) -> None:
        self._send = send
        self._tell = tell
        self._clock = clock
        self._asked_at: float | None = None
        self.ends = False
        """Whether the session is to be ended when the player has left."""

    def pressed(self, goal: Goal | None) -> None:
        """`goal` is that of the session whose music sounds; None where nothing does, so that nothing need fall."""
        if self.ends:
            self._send(Quit())
        elif not self._is_meant():
            self._tell(KeyAnswered(f"press e again within {MEANT_WITHIN_S:.0f} s to end the session"))
        elif goal is None:
            self.ends = True
            self._send(Quit())
        else:
            fade_s = usual_fade_s(goal)
            self._send(SleepAfter(fade_s, fade_s, ends=True))
            self.ends = True

    def sent(self, command: Command) -> None:
        """Another wish for the sleep timer calls the end off."""
        if isinstance(command, SleepAfter | StayAwake):
            self.ends = False

    def _is_meant(self) -> bool:
        before, self._asked_at = self._asked_at, self._clock.monotonic()
        return before is not None and self._asked_at - before <= MEANT_WITHIN_S
