"""Where a segment or a track can be fetched: at the engine, or at the bucket that has it. Each call signs anew."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from focuscli.engine.library import Track
from focuscli.engine.objects import Links
from focuscli.engine.resource import Call
from focuscli.engine.signing import Signer
from focuscli.engine.store import ReadySegment


class MediaUrls(Protocol):
    """Makes URLs for the answer to a call, whose caller has already proved the right to what they lead to.

    Raises ObjectsAway where none can be made just now.
    """

    async def of_segments(self, call: Call, session_id: str, segments: Sequence[ReadySegment]) -> list[str]:
        """A URL for each segment of the caller's session."""

    async def of_track(self, call: Call, track: Track) -> str:
        """A URL for the caller's track."""


class EngineUrls:
    """At the engine itself, by the name under which it was asked."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    async def of_segments(self, call: Call, session_id: str, segments: Sequence[ReadySegment]) -> list[str]:
        """See `MediaUrls`."""
        organization_id, origin = call.caller.owner.organization_id, call.origin
        signed = self._signer.sign_all([segment_path(organization_id, session_id, segment) for segment in segments])
        return [origin + target for target in signed]

    async def of_track(self, call: Call, track: Track) -> str:
        """See `MediaUrls`."""
        return call.origin + self._signer.sign(track_path(track))


class BucketUrls:
    """At the bucket, which knows nothing of callers: the URL alone is the right to what it leads to."""

    def __init__(self, links: Links, ttl_s: float) -> None:
        self._links, self._ttl_s = links, ttl_s

    async def of_segments(self, call: Call, session_id: str, segments: Sequence[ReadySegment]) -> list[str]:  # noqa: ARG002
        """See `MediaUrls`."""
        return await self._linked([segment.object_key for segment in segments])

    async def of_track(self, call: Call, track: Track) -> str:  # noqa: ARG002
        """See `MediaUrls`."""
        (url,) = await self._linked([track.object_key])
        return url

    async def _linked(self, keys: list[str]) -> list[str]:
        """In a thread: credentials may have to be renewed for it, and some buckets sign themselves."""
        return await asyncio.to_thread(self._links.links, keys, self._ttl_s)


def track_path(track: Track) -> str:
    """Where the engine serves a track, unsigned."""
    return f"/v1/media/{track.organization_id}/{track.track_id}/{track.sha256}.flac"


def segment_path(organization_id: str, session_id: str, segment: ReadySegment) -> str:
    """Where the engine serves a segment, unsigned."""
    return f"/v1/media/{organization_id}/{session_id}/{segment.segment_index}/{segment.sha256}.flac"
