"""The key that turns the sound to the next of this machine's outputs."""

import threading
from collections.abc import Callable, Sequence

from focuscli.errors import FocusError
from focuscli.events import Event, KeyAnswered
from focuscli.playback.commands import Command, Reopen
from focuscli.playback.sink import Device, Turnable, list_devices

PATIENCE_S = 2.0
"""Who leaves waits so long for a list of outputs."""


class OutputKey:
    """Asks for the outputs in a thread of its own, for that may take a while, and turns to the one after this.

    `send` takes commands to the player, `tell` events to the view; neither blocks.
    """

    def __init__(
        self,
        sink: Turnable | None,
        send: Callable[[Command], None],
        tell: Callable[[Event], None],
        device: str = "",
        listed: Callable[[], Sequence[Device]] = list_devices,
    ) -> None:
        """`sink` is None where nothing is heard; `device` is what somebody named."""
        self._sink = sink
        self._send = send
        self._tell = tell
        self._listed = listed
        self._thread: threading.Thread | None = None
        self._chosen = device
        self._wanted = ""
        self._failed = ""

    def pressed(self) -> None:
        """Returns at once; a press while the outputs are still being listed counts for nothing."""
        if self._sink is None:
            self._tell(KeyAnswered("there is no output to change: it plays silently"))
        elif self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._turn, args=(self._sink,), name="outputs", daemon=True)
            self._thread.start()

    def opened(self) -> str:
        """To be called when an output has opened: the one that was named or turned to; empty where none was."""
        wanted, self._wanted = self._wanted, ""
        if wanted and self._sink is not None:
            if self._sink.device == wanted:
                self._chosen, self._failed = wanted, ""
            else:
                self._failed = wanted
                self._tell(KeyAnswered(f"{wanted} cannot be opened; the sound stays where it was"))
        return self._chosen

    def finish(self) -> None:
        """Wait for a list that was asked for."""
        if self._thread is not None:
            self._thread.join(PATIENCE_S)

    def _turn(self, sink: Turnable) -> None:
        try:
            found = following(sink.name, self._listed(), self._failed)
        except FocusError as error:
            self._tell(KeyAnswered(error.message))
            return
        if found is None:
            self._tell(KeyAnswered("there is no other output"))
            return
        self._wanted = found
        sink.turn_to(found)
        self._send(Reopen())


def following(name: str, devices: Sequence[Device], tried: str = "") -> str | None:
    """The name of the output after that one, or after the one that was tried last, around the list; None for no other.

    An output that is not in the list is one that goes wherever the default does.
    """
    names = list(dict.fromkeys(device.name for device in devices))
    if name not in names:
        name = next((device.name for device in devices if device.is_default), name)
    last = next((names.index(one) for one in (tried, name) if one in names), -1)
    ring = names[last + 1 :] + names[: last + 1]
    return next((other for other in ring if other != name), None)
