"""Downloads segments over a client that holds no secret, into a private cache."""

from pathlib import Path

from focuscli.model import Segment


class MediaFetcher:
    """The only place that touches `playback_url`."""

    def __init__(self, cache: Path, api_base: str) -> None:
        raise NotImplementedError

    def fetch(self, session_id: str, segment: Segment) -> Path:
        """The segment's file, whole, on this machine."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the connections."""
        raise NotImplementedError
