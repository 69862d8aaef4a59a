"""What is remembered of a session that was played: enough to play it again without its engine."""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from focuscli.model import Segment, Session
from focuscli.paths import write_private
from focuscli.playback.cache import SegmentCache

_SCHEMA = 1
_SEGMENT_KEYS = ("measured_duration_seconds", "target_lufs", "fade_in_ms", "fade_out_ms")


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """A segment as it was announced, without its URL; the path of that, as a digest; and its content's digest."""

    segment: Segment
    path: str
    content: str


class KeptSessions:
    """A small file a session. `owner` tells the engine and the organization: ids are only unique there."""

    def __init__(self, folder: Path, owner: str, cache: SegmentCache) -> None:
        self._folder = folder
        self._owner = owner
        self._cache = cache
        self._sessions: dict[str, dict[str, Any]] = {}

    def seen(self, session: Session) -> None:
        """The engine answered: how the session stands is remembered where something of it is kept."""
        known = self._load(session.session_id)
        standing = _standing(session)
        if known["session"] != standing:
            known["session"] = standing
            if known["segments"]:
                self._save(session.session_id)

    def put(self, session_id: str, segment: Segment, content: str) -> None:
        """The segment was fetched, and this is its content's digest."""
        announced = {key: getattr(segment, key) for key in _SEGMENT_KEYS}
        kept = announced | {"path": _path_digest(segment), "content": content}
        self._load(session_id)["segments"][str(segment.segment_index)] = kept
        self._save(session_id)

    def content(self, session_id: str, segment: Segment) -> str | None:
        """The digest of what was fetched for the segment; without a URL, of what was fetched for its index.

        The path of a URL names the content, the query only permits it.
        """
        kept = self._segments(session_id).get(segment.segment_index)
        if kept is None or (segment.playback_url and kept.path != _path_digest(segment)):
            return None
        return kept.content

    def forget(self, session_id: str, segment: Segment) -> None:
        """What was fetched for the segment is no good."""
        known = self._load(session_id)
        kept = known["segments"].pop(str(segment.segment_index), None)
        if kept is not None:
            self._cache.drop(str(kept["content"]))
            self._save(session_id)

    def session(self, session_id: str) -> Session | None:
        """The session as it was last seen, with those of its segments that are here, and no URLs; None without any."""
        here = [kept.segment for kept in self._segments(session_id).values() if self._cache.has(kept.content)]
        if not here:
            return None
        try:
            known = Session.from_wire({**self._load(session_id)["session"], "segments": []})
        except ValueError:
            return None
        return replace(known, segments=tuple(sorted(here, key=lambda segment: segment.segment_index)))

    def sweep(self) -> None:
        """Forget the sessions of which nothing is here any longer."""
        for file in self._folder.glob("*.json"):
            known = _read(file)
            if not any(self._cache.has(kept.content) for kept in _kept(known).values()):
                file.unlink(missing_ok=True)

    def _segments(self, session_id: str) -> dict[int, KeptSegment]:
        return _kept(self._load(session_id))

    def _load(self, session_id: str) -> dict[str, Any]:
        if session_id not in self._sessions:
            self._sessions[session_id] = _read(self._file(session_id))
        return self._sessions[session_id]

    def _save(self, session_id: str) -> None:
        write_private(self._file(session_id), json.dumps({"schema": _SCHEMA, **self._sessions[session_id]}))

    def _file(self, session_id: str) -> Path:
        return self._folder / f"{_digest(f'{self._owner} {session_id}')}.json"


def _standing(session: Session) -> dict[str, Any]:
    """The session on the wire, but for its segments."""
    return {
        **session.facts,
        "ready_count": session.ready_count,
        "more_pending": session.more_pending,
        "next_ready_at": None,
    }


def _read(file: Path) -> dict[str, Any]:
    """What a file remembers; nothing where it cannot be read."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if found["schema"] == _SCHEMA and isinstance(found["segments"], dict) and isinstance(found["session"], dict):
            return {"session": found["session"], "segments": found["segments"]}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return {"session": {}, "segments": {}}


def _kept(known: dict[str, Any]) -> dict[int, KeptSegment]:
    segments = {}
    for index, kept in known["segments"].items():
        try:
            wire = {**kept, "segment_index": int(index), "playback_url": ""}
            segment = Segment.from_wire(wire)
            segments[segment.segment_index] = KeptSegment(segment, str(kept["path"]), _hexadecimal(kept["content"]))
        except (ValueError, KeyError, TypeError):
            continue
    return segments


def _hexadecimal(text: object) -> str:
    """It becomes part of a file's name."""
    if not isinstance(text, str) or len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise ValueError("no digest")
    return text


def _path_digest(segment: Segment) -> str:
    return _digest(urlsplit(segment.playback_url).path)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
