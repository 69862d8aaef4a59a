"""Keeping the segment that plays, at one key: it becomes a track while the sound goes on."""

import threading
from collections.abc import Callable

from focuscli.client.api import EngineClient
from focuscli.errors import FocusError
from focuscli.events import Event, NotPromoted, Promoted

PATIENCE_S = 5.0
"""Who leaves waits so long for what is still on its way."""


class Keeper:
    """Promotes segments of one session in threads of their own; what came of it is told as an event."""

    def __init__(self, client: EngineClient, session_id: str, tell: Callable[[Event], None]) -> None:
        """`tell` is called from those threads."""
        self._client, self._session_id, self._tell = client, session_id, tell
        self._threads: list[threading.Thread] = []

    def keep(self, segment_index: int) -> None:
        """Ask the engine for it; returns at once."""
        thread = threading.Thread(target=self._promote, args=(segment_index,), name="keep", daemon=True)
        self._threads.append(thread)
        thread.start()

    def finish(self) -> None:
        """Wait for what was asked for."""
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _promote(self, segment_index: int) -> None:
        try:
            track = self._client.promote(self._session_id, segment_index)
        except FocusError as error:
            self._tell(NotPromoted(segment_index, error.message))
        else:
            self._tell(Promoted(segment_index, str(track.get("id", ""))))
