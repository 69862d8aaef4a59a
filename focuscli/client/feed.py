"""One session as playback asks for it, again and again, and often enough to hold its lease."""

import threading
from collections.abc import Callable

from focuscli.client.api import EngineClient
from focuscli.errors import FocusError, NotFound
from focuscli.model import Session

RENEWALS = 4
"""A lease is renewed so many times before it would be over."""


class Feed:
    """Fits what playback expects of its source. To be closed, which gives the lease up to whoever asks next."""

    def __init__(self, client: EngineClient, session_id: str, closed: Callable[[float], bool] | None = None) -> None:
        """`closed` waits for so many seconds, and says whether the feed was closed meanwhile."""
        self._client = client
        self._session_id = session_id
        self._closed = threading.Event()
        self._wait = closed or self._closed.wait
        self._holder: threading.Thread | None = None

    @property
    def session_id(self) -> str:
        """Which session this is."""
        return self._session_id

    def get(self) -> Session:
        """The session as it stands now, with freshly signed media URLs; raises what `EngineClient.get` raises."""
        report = self._client.get(self._session_id)
        if report.lease_s is not None and self._holder is None:
            self._holder = threading.Thread(target=self._hold, args=(report.lease_s,), name="lease", daemon=True)
            self._holder.start()
        return report.session

    def close(self) -> None:
        """Hold the lease no longer."""
        self._closed.set()

    def _hold(self, lease_s: float) -> None:
        """In a thread of its own: ask although there is nothing to ask, as playback is quiet while it has enough."""
        while not self._wait(lease_s / RENEWALS):
            try:
                if self._client.get(self._session_id).lease_s is None:
                    return
            except NotFound:
                return
            except FocusError:  # playback tells of it; an engine that comes back begins leases anew
                continue
