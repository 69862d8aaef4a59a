"""Promotion: a ready segment becomes a track, with a copy of its audio that no retention touches."""

import asyncio
import hashlib
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from focuscli.clock import Clock
from focuscli.engine.envelope import segment_not_found, session_not_found, unavailable
from focuscli.engine.generators import described
from focuscli.engine.library import Library, Track
from focuscli.engine.looking import Looking
from focuscli.engine.objects import Objects, Placed
from focuscli.engine.store import Idempotency, Owner, ReadySegment, Store, StoredSession

TRACKS_FOLDER = "tracks"


class Promotion:
    """Makes tracks and removes them. All methods are called on the event loop; what blocks goes to threads."""

    def __init__(
        self,
        store: Store,
        library: Library,
        objects: Objects,
        clock: Clock,
        work_to_do: Callable[[], None],
        looking: Looking,
    ) -> None:
        """`work_to_do` is called when a segment turned out damaged or gone, and was planned again."""
        self._store, self._library, self._objects, self._clock = store, library, objects, clock
        self._work_to_do, self._looking = work_to_do, looking

    async def promote(
        self, owner: Owner, session_id: str, segment_index: int, title: str | None, key: str | None
    ) -> tuple[Track, bool]:
        """The track of a segment, and whether it was made just now.

        A segment becomes one track, whatever the title of a second call; it stays so when the segment itself has
        gone. Raises ApiError 404 where the segment is unknown or not ready, KeyReused, StoreUnavailable.
        """
        request = Idempotency(key, _digest(session_id, segment_index, title)) if key else None
        known = await asyncio.to_thread(self._library.known, owner, session_id, segment_index, request)
        if known is not None:
            return known, False
        track = await self._copied(owner, session_id, segment_index, title)
        stored = await asyncio.to_thread(self._library.add, track, request)
        if stored.track_id != track.track_id:  # somebody else was quicker
            await asyncio.to_thread(self._objects.remove, track.object_key)
        return stored, stored.track_id == track.track_id

    async def delete(self, owner: Owner, track_id: str) -> bool:
        """Remove a track and its audio for good; False where it is not there or not the owner's."""
        key = await asyncio.to_thread(self._library.delete, owner, track_id)
        if key is None:
            return False
        await asyncio.to_thread(self._objects.remove, key)
        return True

    async def _copied(self, owner: Owner, session_id: str, segment_index: int, title: str | None) -> Track:
        session, segment = await self._looking(self._ready, owner, session_id, segment_index)
        made_by = described(session.engine_key)
        track_id = f"mtrack_{secrets.token_hex(6)}"
        object_key = f"{TRACKS_FOLDER}/{track_id}.flac"
        if not await asyncio.to_thread(self._copy, segment, object_key):
            await asyncio.to_thread(self._store.lose, segment)
            self._work_to_do()
            raise unavailable("The segment's audio is being rendered again")
        return Track(
            track_id=track_id,
            organization_id=owner.organization_id,
            user_id=owner.user_id,
            session_id=session_id,
            segment_index=segment_index,
            title=title,
            engine_key=session.engine_key,
            licence_class=made_by.licence.value,
            instrumental=not made_by.vocals,
            measured_duration_s=segment.measured_duration_s,
            object_key=object_key,
            sha256=segment.sha256,
            size_bytes=segment.size_bytes,
            created_at=self._clock.now().timestamp(),
        )

    def _copy(self, segment: ReadySegment, object_key: str) -> bool:
        """Place a copy of the segment's audio; False where that is damaged or gone."""

        def copy(file: Path) -> None:
            with self._objects.file(segment.object_key) as source:
                shutil.copyfile(source, file)

        try:
            placed = self._objects.place(object_key, copy)
        except FileNotFoundError:
            return False
        if placed == Placed(segment.sha256, segment.size_bytes):
            return True
        self._objects.remove(object_key)
        return False

    def _ready(self, owner: Owner, session_id: str, segment_index: int) -> tuple[StoredSession, ReadySegment]:
        listing = self._store.listing(owner, session_id)
        if listing is None:
            raise session_not_found(session_id)
        session, ready = listing
        if segment_index >= len(ready):
            raise segment_not_found(session_id, segment_index)
        return session, ready[segment_index]


def _digest(session_id: str, segment_index: int, title: str | None) -> str:
    return hashlib.sha256(msgspec.json.encode(["promote", session_id, segment_index, title])).hexdigest()
