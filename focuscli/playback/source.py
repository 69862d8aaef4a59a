"""Where the player asks for its session; the HTTP client fits this without knowing it."""

from typing import Protocol

from focuscli.model import Session


class SessionFeed(Protocol):
    """One session of one engine. Called from one thread only, which is not the mixing thread."""

    @property
    def session_id(self) -> str:
        """Which session; known before its engine answers."""

    def get(self) -> Session:
        """The session as it stands now, with freshly signed media URLs. Blocks for as long as the engine takes.

        Raises EngineUnreachable (EngineFailed among them) where asking again later can help, and NotFound or
        NotSignedIn where it cannot.
        """
