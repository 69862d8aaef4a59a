"""Segments as files over HTTP: a signed URL, at most one range, a strong validator."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from typing import NoReturn

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from focuscli.engine.envelope import forbidden, not_found, range_not_satisfiable, track_not_found, unavailable
from focuscli.engine.library import Library, Track
from focuscli.engine.looking import Looking
from focuscli.engine.objects import Objects, Placed, measure
from focuscli.engine.ranges import Part, Unsatisfiable, Whole, parse_range
from focuscli.engine.signing import Refused, Signer
from focuscli.engine.store import ReadySegment, Store

log = logging.getLogger(__name__)

_PATH = re.compile(
    r"/v1/media/([A-Za-z0-9_.-]{1,80})/([A-Za-z0-9_-]{1,80})/(0|[1-9][0-9]{0,8})/([0-9a-f]{64})\.flac", re.ASCII
)

_TRACK = re.compile(r"/v1/media/([A-Za-z0-9_.-]{1,80})/(mtrack_[0-9a-f]{12})/([0-9a-f]{64})\.flac", re.ASCII)


class Media:
    """Answers signed URLs. No path reaches the file system: organization, session and index name a row."""

    def __init__(
        self,
        store: Store,
        library: Library,
        objects: Objects,
        signer: Signer,
        work_to_do: Callable[[], None],
        looking: Looking,
    ) -> None:
        """`work_to_do` is called when a segment turned out damaged and was planned again."""
        self._store, self._library, self._objects, self._signer = store, library, objects, signer
        self._work_to_do, self._looking = work_to_do, looking
        self._found_whole: set[str] = set()

    async def get(self, request: Request) -> Response:
        """The audio, or the part asked for; raises ApiError 403, 404, 416, and 503 where it must be rendered again."""
        path = bytes(request.scope["raw_path"]).decode("latin-1")
        remaining_s = self._verify(path, request.scope["query_string"].decode("latin-1"))
        name, audio = await self._find(path)
        await self._check_whole(audio)
        etag = f'"{audio.sha256}"'
        wanted = _wanted(request, etag, audio.size_bytes)
        if isinstance(wanted, Unsatisfiable):
            raise range_not_satisfiable(audio.size_bytes)
        headers = {
            "ETag": etag,
            "Accept-Ranges": "bytes",
            "Cache-Control": f"private, max-age={int(remaining_s)}",
            "Referrer-Policy": "no-referrer",
            "Content-Disposition": f'attachment; filename="{name}.flac"',
        }
        part = wanted if isinstance(wanted, Part) else Part(0, audio.size_bytes)
        blocks = self._objects.stream(audio.object_key, part.start, part.stop)
        return Blocks(blocks, audio.size_bytes, wanted, headers)

    def _verify(self, path: str, query: str) -> float:
        try:
            return self._signer.verify(path, query)
        except Refused as exc:
            raise forbidden(f"Media URL refused: {exc}") from exc

    async def _find(self, path: str) -> tuple[str, ReadySegment | Track]:
        if named := _TRACK.fullmatch(path):
            organization_id, track_id, sha256 = named.groups()
            track = await self._looking(self._library.audio, organization_id, track_id)
            if track is None or track.sha256 != sha256:
                raise track_not_found(track_id)
            return track_id, track
        parts = _PATH.fullmatch(path)
        if parts is None:
            raise not_found("No such media", {"path": path})
        organization_id, session_id, index, sha256 = parts.groups()
        segment = await self._looking(self._store.segment, organization_id, session_id, int(index))
        if segment is None or segment.sha256 != sha256:
            raise not_found("Segment not found", {"session_id": session_id, "segment_index": int(index)})
        return f"{session_id}-{segment.segment_index:05d}", segment

    async def _check_whole(self, audio: ReadySegment | Track) -> None:
        """Compare the object with its digest at the first read; a segment that is damaged or gone is planned again."""
        found = await asyncio.to_thread(self._measure, audio)
        if found == Placed(audio.sha256, audio.size_bytes):
            self._found_whole.add(audio.object_key)
            return
        if found is None:
            log.info("%s is not kept any more", audio.object_key)
        else:
            log.error("%s is damaged", audio.object_key)
        await self._lose(audio)

    def _measure(self, audio: ReadySegment | Track) -> Placed | None:
        """The object as it is now; its content is looked at once, its size each time. None: not there."""
        try:
            size = self._objects.size(audio.object_key)
            if audio.object_key in self._found_whole and size == audio.size_bytes:
                return Placed(audio.sha256, size)
            with self._objects.file(audio.object_key) as file:
                return measure(file)
        except FileNotFoundError:
            return None

    async def _lose(self, audio: ReadySegment | Track) -> NoReturn:
        self._found_whole.discard(audio.object_key)
        if isinstance(audio, Track):  # nothing is made of it again: whatever is left of it stays where it is
            raise unavailable("The track's audio is damaged")
        await asyncio.to_thread(self._objects.quarantine, audio.object_key)
        await asyncio.to_thread(self._store.lose, audio)
        self._work_to_do()
        raise unavailable("The segment's audio is being rendered again")


def _wanted(request: Request, etag: str, size: int) -> Whole | Part | Unsatisfiable:
    """Range counts for GET alone, and not where If-Range names another body (RFC 9110, 13.1.5 and 14.2)."""
    if request.method != "GET" or request.headers.get("if-range", etag) != etag:
        return Whole()
    return parse_range(request.headers.get("range"), size)


class Blocks(Response):
    """An object, or a part of it, sent in blocks that are read off the event loop."""

    def __init__(self, blocks: Iterator[bytes], size: int, wanted: Whole | Part, headers: dict[str, str]) -> None:
        self._blocks = blocks
        part = wanted if isinstance(wanted, Part) else Part(0, size)
        if isinstance(wanted, Part):
            headers = {**headers, "Content-Range": f"bytes {part.start}-{part.stop - 1}/{size}"}
        headers = {**headers, "Content-Length": str(part.stop - part.start)}
        super().__init__(None, 206 if isinstance(wanted, Part) else 200, headers, "audio/flac")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send it (ASGI)."""
        if scope["method"] != "HEAD":
            block = await self._next()  # an object that cannot be read is told of while that can be told
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            while block:
                await send({"type": "http.response.body", "body": block, "more_body": True})
                block = await self._next()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self) -> bytes:
        return await asyncio.to_thread(next, self._blocks, b"")
