"""Brings segments onto this machine: out of the cache, or over a client that holds no secret."""

import errno
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from focuscli.errors import Conflict, EngineFailed, LimitReached, MediaDamaged, MediaRefused, TimedOut
from focuscli.model import Segment, Session
from focuscli.playback.cache import SegmentCache
from focuscli.playback.kept import KeptSessions
from focuscli.playback.media_client import Answer, MediaClient
from focuscli.playback.workplace import Workplace

if TYPE_CHECKING:
    import ssl

MOST_BYTES = 64 << 20
DEADLINE_S = 120.0
QUOTA_BYTES = 2 << 30

_REFUSALS = {401, 403, 404, 410}


@dataclass(slots=True)
class _Begun:
    """A download that broke off: what its server said of the body, so that the rest can be told to belong to it."""

    path: str
    validator: str
    size: int | None


class MediaFetcher:
    """The only place that touches `playback_url`, and it keeps none.

    A body is taken as raw bytes (a compressed one is refused), up to a size and a total time, into a file that gets
    its name once it is whole; what was cut off is asked for from where it ended. `owner` tells engine and
    organization apart in the cache. Used by one thread.
    """

    def __init__(
        self,
        cache: Path,
        api_base: str,
        *,
        owner: str = "local",
        quota_bytes: int = QUOTA_BYTES,
        most_bytes: int = MOST_BYTES,
        deadline_s: float = DEADLINE_S,
        certificates: "ssl.SSLContext | None" = None,
    ) -> None:
        self._client = MediaClient(api_base, certificates)
        self._cache = SegmentCache(cache / "segments", quota_bytes)
        self._kept = KeptSessions(cache / "sessions", owner, self._cache)
        self._workplace = Workplace(cache / "playing")
        self._most_bytes = most_bytes
        self._deadline_s = deadline_s
        self._begun: dict[Path, _Begun] = {}

    def fetch(self, session_id: str, segment: Segment, *, cancelled: Callable[[], bool] = lambda: False) -> Path:
        """The segment's file, whole, on this machine; at once where it is in the cache.

        Raises MediaRefused (the URL has expired or is not to be asked: ask the engine for the session anew; or there
        is no URL, and the segment is not in the cache), MediaDamaged (too large, compressed), EngineUnreachable,
        EngineFailed (broken off), LimitReached, TimedOut, Conflict (disk full). `cancelled` is asked between pieces
        and ends the download like a time-out.
        """
        try:
            return self._fetched(session_id, segment, cancelled)
        except OSError as exc:
            if exc.errno == errno.ENOSPC:
                self._cache.empty()
            raise Conflict(f"the segment could not be stored: {exc}", hint="is the disk full?") from exc

    def seen(self, session: Session) -> None:
        """The engine answered with the session as it stands."""
        self._kept.seen(session)

    def kept(self, session_id: str) -> Session | None:
        """What is on this machine of a session, for when its engine is not there."""
        return self._kept.session(session_id)

    def reject(self, session_id: str, segment: Segment) -> None:
        """What was fetched for the segment cannot be played: it is to be fetched anew."""
        self._kept.forget(session_id, segment)

    def forget(self, *, before: int) -> None:
        """Segments of a lower index will not be played from again; the cache may keep them."""
        self._workplace.forget(before=before)

    def sweep(self) -> None:
        """Remove what players that crashed have left, and sessions of which nothing is kept."""
        self._workplace.sweep()
        self._kept.sweep()

    def close(self) -> None:
        """Close the connections, and let go of the files."""
        self._client.close()
        self._workplace.close()

    def _fetched(self, session_id: str, segment: Segment, cancelled: Callable[[], bool]) -> Path:
        file = self._workplace.folder / f"{segment.segment_index}-segment"
        content = self._kept.content(session_id, segment)
        if content is not None and self._cache.lend(content, file):
            return file
        if not segment.playback_url:
            raise MediaRefused("the segment is not on this machine")
        part = file.with_suffix(".part")
        try:
            self._download(segment.playback_url, part, cancelled)
        except MediaDamaged:
            self._abandon(part)
            raise
        part.replace(file)
        self._kept.put(session_id, segment, self._cache.keep(file))
        return file

    def _abandon(self, part: Path) -> None:
        part.unlink(missing_ok=True)
        self._begun.pop(part, None)

    def _download(self, url: str, part: Path, cancelled: Callable[[], bool]) -> None:
        path, deadline = urlsplit(url).path, time.monotonic() + self._deadline_s
        begun = self._begun.get(part)
        have = part.stat().st_size if begun is not None and begun.path == path and part.is_file() else 0
        with self._client.ask(url, _rest(begun, have), deadline) as answer:
            if answer.status == 416:
                self._abandon(part)
                raise EngineFailed("the segment on the engine is shorter than what was fetched of it")
            _check(answer)
            resumed = answer.status == 206 and _goes_on(answer, have)
            size = self._whole_size(answer, have if resumed else 0)
            if resumed and begun is not None and None not in {size, begun.size} and size != begun.size:
                self._abandon(part)
                raise EngineFailed("the segment on the engine changed while it was fetched")
            self._begun[part] = _Begun(path, _validator(answer), size)
            with _opened(part, resumed=resumed) as file:
                self._store(answer, file, deadline, cancelled)
                whole = file.tell()
        if whole == 0 or (size is not None and whole != size):
            raise EngineFailed("the segment's download broke off")
        self._begun.pop(part, None)

    def _store(self, answer: Answer, file: BinaryIO, deadline: float, cancelled: Callable[[], bool]) -> None:
        for piece in answer.pieces:
            file.write(piece)
            if file.tell() > self._most_bytes:
                raise MediaDamaged(f"the segment is larger than {self._most_bytes >> 20} MiB")
            if time.monotonic() > deadline or cancelled():
                raise TimedOut(f"the segment was not fetched within {self._deadline_s:.0f} s")

    def _whole_size(self, answer: Answer, have: int) -> int | None:
        """The size of the whole body where the server tells."""
        length = answer.headers.get("content-length", "")
        if not length.isdecimal():
            return None
        if have + int(length) > self._most_bytes:
            raise MediaDamaged(f"the segment is larger than {self._most_bytes >> 20} MiB")
        return have + int(length)


def _opened(part: Path, *, resumed: bool) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(part, flags | (os.O_APPEND if resumed else os.O_TRUNC), 0o600)
    return os.fdopen(descriptor, "ab" if resumed else "wb")


def _rest(begun: _Begun | None, have: int) -> dict[str, str]:
    """The headers that ask for what is missing of a body, if it is the same body still."""
    if begun is None or not have:
        return {}
    same = {"If-Range": begun.validator} if begun.validator else {}
    return {"Range": f"bytes={have}-", **same}


def _check(answer: Answer) -> None:
    status = answer.status
    if status in _REFUSALS:
        raise MediaRefused(f"the media server refuses it ({status})")
    if status == 429:
        raise LimitReached("the media server asks for patience", retry_after_s=_retry_after_s(answer))
    if status >= 500 or status == 408:
        raise EngineFailed(f"the media server answered {status}")
    if status not in {200, 206}:
        raise MediaRefused(f"the media server answered {status}")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise MediaDamaged("the segment came compressed, which was not asked for")


def _retry_after_s(answer: Answer) -> float | None:
    asked = answer.headers.get("retry-after", "")
    return float(asked) if asked.isdecimal() else None


def _validator(answer: Answer) -> str:
    """What `If-Range` can be asked with (RFC 9110, 13.1.5): a strong one; empty where there is none."""
    tag = answer.headers.get("etag", "")
    return tag if tag.startswith('"') else ""


def _goes_on(answer: Answer, have: int) -> bool:
    if not answer.headers.get("content-range", "").startswith(f"bytes {have}-"):
        raise EngineFailed("the media server answered with another range than was asked for")
    return True
