"""The user's session bus, in a thread of its own, opened when something is first to be told.

Nothing that happens on a bus is worth a stop of the music: without the library, without a bus, or after the bus died,
what should have been told is dropped, with a line in the log.
"""

import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from focuscli.desktop.exported import PROPERTIES, Exported, Typed

if TYPE_CHECKING:
    import asyncio

    from focuscli.desktop.dbus_connection import Connection

LEFT_WITHIN_S = 2.0
SHOWN_WITHIN_S = 2.0

_log = logging.getLogger(__name__)

Job = Callable[["Connection"], Awaitable[object]]


def address_of(environment: Mapping[str, str]) -> str | None:
    """Where the session bus is: as the variable says, else where a login puts it; None where there is none."""
    if address := environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    runtime = environment.get("XDG_RUNTIME_DIR")
    there = Path(runtime, "bus") if runtime else None
    return f"unix:path={there}" if there is not None and there.exists() else None


class SessionBus:
    """Does what it is told, in order; its methods may be called from any thread, and never wait.

    With None for an address it does nothing at all.
    """

    def __init__(self, address: str | None) -> None:
        self._address = address
        self._turn = threading.Lock()
        self._waiting: list[Job] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._connection: Connection | None = None
        self._over = address is None
        self._thread: threading.Thread | None = None
        self._shown: list[threading.Event] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread is not None and self._thread.is_alive():
            for shown in self._shown:
                shown.wait(SHOWN_WITHIN_S)
        with self._turn:
            self._over = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._thread is not None:
            self._thread.join(LEFT_WITHIN_S)

    def serve(self, exported: Exported, name: str) -> None:
        """Be found under that name, or where it is taken under that of this instance, and answer for the object."""
        self._do(lambda connection: connection.serve(exported, name))

    def changed(self, exported: Exported, interface: str, properties: Mapping[str, Typed]) -> None:
        """Tell that these properties of an object are other ones now."""
        arguments = [Typed("s", interface), Typed("a{sv}", properties), Typed("as", [])]
        self.signal(exported, PROPERTIES, "PropertiesChanged", arguments)

    def signal(self, exported: Exported, interface: str, name: str, arguments: Sequence[Typed]) -> None:
        """Tell that something happened to an object."""
        self._do(lambda connection: connection.signal(exported.path, interface, name, arguments))

    def notify(self, sentence: str) -> None:
        """Have a notification shown, if somebody shows them; leaving waits a moment for it."""
        shown = threading.Event()

        async def show(connection: "Connection") -> None:
            try:
                await connection.notify(sentence)
            finally:
                shown.set()

        if self._do(show):
            self._shown.append(shown)

    def _do(self, job: Job) -> bool:
        """Whether there is a bus that it may still be done on."""
        with self._turn:
            if self._over:
                return False
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="session-bus", daemon=True)
                self._thread.start()
            if self._loop is None or self._connection is None:
                self._waiting.append(job)
            else:
                self._loop.call_soon_threadsafe(_begin, job, self._connection)
        return True

    def _run(self) -> None:
        try:
            import asyncio

            asyncio.run(self._live())
        except Exception as error:  # noqa: BLE001  # whatever is wrong with a bus, the music plays on
            _log.info("no session bus: %s: %s", type(error).__name__, error)
        finally:
            with self._turn:
                self._over, self._loop = True, None
                self._waiting.clear()

    async def _live(self) -> None:
        import asyncio

        from focuscli.desktop.dbus_connection import Connection

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, about: _log.debug("on the session bus: %s", about.get("message")))
        with self._turn:
            self._loop, self._task = loop, asyncio.current_task()
            if self._over:
                return
        with contextlib.suppress(asyncio.CancelledError):  # we leave
            connection = await Connection.open(self._address or "")
            try:
                self._attend(connection)
                await connection.closed()
            finally:
                await connection.close()

    def _attend(self, connection: "Connection") -> None:
        with self._turn:
            self._connection = connection
            for job in self._waiting:
                _begin(job, connection)
            self._waiting.clear()


def _begin(job: Job, connection: "Connection") -> None:
    """In the loop: jobs begin one after the other, and wait for none before them."""
    import asyncio

    asyncio.ensure_future(job(connection)).add_done_callback(_forget)


def _forget(done: "asyncio.Future[object]") -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        _log.info("the session bus did not take it: %s: %s", type(error).__name__, error)
