"""What the loop of a view calls to have things shown."""

from datetime import datetime

from focuscli.events import Event
from focuscli.view.keys import Action

OWN_ACTIONS = frozenset({Action.TECHNICAL, Action.HELP, Action.BACK, Action.REDRAW})
"""What concerns the view alone, and is never passed on."""


class Face:
    """A way of showing what happens; by default nothing is shown.

    All calls come from the main thread, `closed` last. All but that one may raise HungUp.
    """

    def show(self, events: list[Event], now: datetime, *, visible: bool) -> None:
        """What happened since the last call, in the listener's time zone; draw only if the terminal is ours."""

    def pressed(self, action: Action) -> bool:
        """Whether the face itself has done what was asked."""
        return action in OWN_ACTIONS

    def resized(self, *, visible: bool) -> None:
        """The window has another size; the next frame follows at once."""

    def suspended(self) -> None:
        """The program is about to be stopped."""

    def resumed(self) -> None:
        """The program goes on, on a terminal that others have written to."""

    def restored(self) -> None:
        """Undo now what would outlive the program: it is being killed. Called inside a signal handler."""

    def closed(self, *, hung_up: bool) -> None:
        """The terminal is about to be given back; after a hang-up nothing may be written to it."""
