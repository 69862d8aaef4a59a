"""The bodies of the wire, key for key; here alone `engine_key` is spelled `engine`."""

import msgspec

from focuscli.engine.generators import DEFAULT_KEY
from focuscli.engine.store import ReadySegment, StoredSession
from focuscli.generator import Description


class SegmentBody(msgspec.Struct, frozen=True):
    """One ready segment: exactly six keys."""

    segment_index: int
    playback_url: str
    measured_duration_seconds: float
    target_lufs: float
    fade_in_ms: int
    fade_out_ms: int


class SessionBody(msgspec.Struct, frozen=True, rename={"engine_key": "engine"}):
    """A focus session: exactly ten keys."""

    session_id: str
    status: str
    goal: str
    engine_key: str
    target_minutes: int
    total_segments: int
    ready_count: int
    segments: list[SegmentBody]
    more_pending: bool
    next_ready_at: str | None


class ListedSession(msgspec.Struct, frozen=True, rename={"engine_key": "engine"}):
    """A focus session in a list: the same without its segments."""

    session_id: str
    status: str
    goal: str
    engine_key: str
    target_minutes: int
    total_segments: int
    ready_count: int
    more_pending: bool
    next_ready_at: str | None


class SessionPage(msgspec.Struct, frozen=True):
    """Some of a caller's sessions, newest first."""

    items: list[ListedSession]
    limit: int
    offset: int


class EngineBody(msgspec.Struct, frozen=True):
    """A music generator and what its music may be used for."""

    engine_key: str
    display_name: str
    description: str
    max_duration_seconds: int
    supports_vocals: bool
    supports_lyrics: bool
    supports_stems: bool
    supported_languages: list[str]
    licence_class: str
    commercial_use: bool
    requires_attribution: bool
    default: bool


def engine_body(made_by: Description) -> EngineBody:
    """A generator as the wire has it."""
    return EngineBody(
        engine_key=made_by.key,
        display_name=made_by.display_name,
        description=made_by.sentence,
        max_duration_seconds=made_by.max_duration_s,
        supports_vocals=made_by.vocals,
        supports_lyrics=made_by.lyrics,
        supports_stems=made_by.stems,
        supported_languages=list(made_by.languages),
        licence_class=made_by.licence,
        commercial_use=made_by.commercial_use,
        requires_attribution=made_by.requires_attribution,
        default=made_by.key == DEFAULT_KEY,
    )


class EnginesBody(msgspec.Struct, frozen=True):
    """The music generators that can be asked for."""

    engines: list[EngineBody]


class HelloBody(msgspec.Struct, frozen=True):
    """Who answers at this address, with the proof that it holds the key."""

    proof: str
    version: str
    protocol: int
    organization_id: str
    pid: int
    uptime_s: float
    active_sessions: int


class Component(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the engine, and how it does: healthy, degraded or unhealthy."""

    name: str
    status: str
    details: str = ""


class HealthBody(msgspec.Struct, frozen=True):
    """All parts, and the worst of them."""

    status: str
    components: list[Component]


def segment_body(segment: ReadySegment, playback_url: str) -> SegmentBody:
    """A ready segment with a URL minted for it."""
    return SegmentBody(
        segment_index=segment.segment_index,
        playback_url=playback_url,
        measured_duration_seconds=segment.measured_duration_s,
        target_lufs=segment.target_lufs,
        fade_in_ms=segment.fade_in_ms,
        fade_out_ms=segment.fade_out_ms,
    )


def session_body(session: StoredSession, next_ready_at: str | None, segments: list[SegmentBody]) -> SessionBody:
    """A session with the segments to list."""
    return SessionBody(
        session_id=session.session_id,
        status=session.status,
        goal=session.goal,
        engine_key=session.engine_key,
        target_minutes=session.target_minutes,
        total_segments=session.total_segments,
        ready_count=session.ready_count,
        segments=segments,
        more_pending=session.next_segment is not None,
        next_ready_at=next_ready_at,
    )


def listed_session(session: StoredSession, next_ready_at: str | None) -> ListedSession:
    """A session as a row of a list."""
    return ListedSession(
        session_id=session.session_id,
        status=session.status,
        goal=session.goal,
        engine_key=session.engine_key,
        target_minutes=session.target_minutes,
        total_segments=session.total_segments,
        ready_count=session.ready_count,
        more_pending=session.next_segment is not None,
        next_ready_at=next_ready_at,
    )
