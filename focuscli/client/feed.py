"""One session as playback asks for it, again and again."""

from focuscli.client.api import EngineClient
from focuscli.model import Session


class Feed:
    """Fits what playback expects of its source."""

    def __init__(self, client: EngineClient, session_id: str) -> None:
        self._client = client
        self._session_id = session_id

    @property
    def session_id(self) -> str:
        """Which session this is."""
        return self._session_id

    def get(self) -> Session:
        """The session as it stands now, with freshly signed media URLs; raises what `EngineClient.get` raises."""
        return self._client.get(self._session_id).session
