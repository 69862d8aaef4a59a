"""Who is told what happens beside the listener: hooks, the machine that shall stay awake, and the desktop."""

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol, Self

from focuscli import assemble
from focuscli.clock import SystemClock
from focuscli.commands.hooks import Hooks
from focuscli.commands.output import note
from focuscli.desktop.mpris import Mpris
from focuscli.desktop.notices import ByOsascript, Notices
from focuscli.desktop.session_bus import SessionBus, address_of
from focuscli.events import Event

Notify = Callable[[str], None]


class Bystander(Protocol):
    """Told of every event in order, from the mixing thread; it must not wait."""

    def tell(self, event: Event) -> None:
        """Something happened."""


@dataclass(frozen=True, slots=True)
class Links:
    """What bystanders need of the player: to wish, to note whether the machine is held, to notify in the terminal.

    `wish` takes the words that other shells use, from any thread. `notify` is None where no picture is drawn.
    """

    wish: Callable[[Mapping[str, object]], None]
    held: Callable[[bool], None]
    notify: Notify | None = None


class Bystanders:
    """All of them, from entry to exit; those that were set off are not there."""

    def __init__(self, around: assemble.Surroundings, session_id: str, links: Links, *, audible: bool) -> None:
        self._around = around
        self._session_id = session_id
        self._links = links
        self._audible = audible
        self._present: list[Bystander] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        around, settings = self._around, self._around.settings
        with ExitStack() as stack:
            hooks = Hooks(settings.hooks, self._session_id, around.environment, SystemClock(), _complain)
            self._present.append(stack.enter_context(hooks))
            awake = assemble.awake(around, self._links.held, audible=self._audible)
            self._present.append(stack.enter_context(awake))
            bus = stack.enter_context(SessionBus(address_of(around.environment)))
            if settings["mpris"] == "on":
                self._present.append(Mpris(bus, self._links.wish))
            if notify := self._notify(bus, stack):
                self._present.append(Notices(settings["notify"], notify))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def tell(self, event: Event) -> None:
        """Something happened; to be called in order, from one thread."""
        for bystander in self._present:
            bystander.tell(event)

    def _notify(self, bus: SessionBus, stack: ExitStack) -> Notify | None:
        """By the way that was set; None where it is not there."""
        if self._around.settings["notify"] == "off":
            return None
        if self._around.settings["notify_by"] != "desktop":
            return self._links.notify
        if sys.platform == "darwin":
            return stack.enter_context(ByOsascript(self._around.environment)).notify
        return bus.notify


def _complain(sentence: str) -> None:
    note(f"focus: note: {sentence}")
