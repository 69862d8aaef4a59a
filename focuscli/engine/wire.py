"""The bodies of the wire, key for key; here alone `engine_key` is spelled `engine`.

Their annotations are what the OpenAPI document is made of, and say no more than what is checked elsewhere.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from focuscli.clock import wire_time
from focuscli.engine.generators import DEFAULT_KEY
from focuscli.engine.library import Track
from focuscli.engine.spending import MICROCHF, Spent, Window
from focuscli.engine.store import ReadySegment, StoredSession
from focuscli.generator import Description
from focuscli.model import MAX_PROMPT_CHARACTERS, MAX_TARGET_MINUTES, Goal, Intensity, SessionStatus

MAX_TITLE_CHARACTERS = 200
VISIBLE = r"[^\s\x1c-\x1f\x85\uFEFF]"
"""A character that is no blank, in whichever dialect of regular expressions."""

SessionId = Annotated[str, Meta(pattern="^mfocus_[0-9a-f]{12}$")]
TrackId = Annotated[str, Meta(pattern="^mtrack_[0-9a-f]{12}$")]
Time = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[float, Meta(gt=0)]
Chf = Annotated[float, Meta(ge=0)]
LicenceClass = Literal["commercial_cleared", "commercial_enterprise", "personal_only", "unclear"]

_TargetMinutes = Annotated[int, Meta(ge=1, le=MAX_TARGET_MINUTES)]
_Divergence = Annotated[float, Meta(ge=0.0, le=1.0)]
_Prompt = Annotated[str, Meta(max_length=MAX_PROMPT_CHARACTERS, pattern=VISIBLE)]
_Title = Annotated[str, Meta(max_length=MAX_TITLE_CHARACTERS, pattern=VISIBLE)]


class StartBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"engine_key": "engine"}):
    """A session for one of the goals."""

    goal: Literal["focus", "relax", "sleep", "energize"]
    target_minutes: _TargetMinutes
    custom_prompt: str | None = None
    intensity: Intensity | None = None
    divergence: _Divergence | None = None
    engine_key: str | None = None


class PromptStartBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"engine_key": "engine"}):
    """A session for a prompt."""

    goal: Literal["custom_prompt"]
    target_minutes: _TargetMinutes
    custom_prompt: _Prompt
    intensity: Intensity | None = None
    divergence: _Divergence | None = None
    engine_key: str | None = None


class PromoteBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a promoted segment shall be called."""

    title: _Title | None = None


class SegmentBody(msgspec.Struct, frozen=True):
    """One ready segment: exactly six keys."""

    segment_index: Count
    playback_url: str
    measured_duration_seconds: Seconds
    target_lufs: float
    fade_in_ms: Count
    fade_out_ms: Count


class SessionBody(msgspec.Struct, frozen=True, rename={"engine_key": "engine"}):
    """A focus session: exactly ten keys."""

    session_id: SessionId
    status: SessionStatus
    goal: Goal
    engine_key: str
    target_minutes: _TargetMinutes
    total_segments: Annotated[int, Meta(ge=1)]
    ready_count: Count
    segments: list[SegmentBody]
    more_pending: bool
    next_ready_at: Time | None


class ListedSession(msgspec.Struct, frozen=True, rename={"engine_key": "engine"}):
    """A focus session in a list: the same without its segments."""

    session_id: SessionId
    status: SessionStatus
    goal: Goal
    engine_key: str
    target_minutes: _TargetMinutes
    total_segments: Annotated[int, Meta(ge=1)]
    ready_count: Count
    more_pending: bool
    next_ready_at: Time | None


class SessionPage(msgspec.Struct, frozen=True):
    """Some of a caller's sessions, newest first."""

    items: list[ListedSession]
    limit: Count
    offset: Count


class EngineBody(msgspec.Struct, frozen=True):
    """A music generator and what its music may be used for."""

    engine_key: str
    display_name: str
    description: str
    max_duration_seconds: Count
    supports_vocals: bool
    supports_lyrics: bool
    supports_stems: bool
    supported_languages: list[str]
    licence_class: LicenceClass
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
        licence_class=made_by.licence.value,
        commercial_use=made_by.commercial_use,
        requires_attribution=made_by.requires_attribution,
        default=made_by.key == DEFAULT_KEY,
    )


class EnginesBody(msgspec.Struct, frozen=True):
    """The music generators that can be asked for."""

    engines: list[EngineBody]


class TrackBody(msgspec.Struct, frozen=True, rename={"engine_key": "engine"}):
    """A promoted segment: exactly ten keys."""

    id: TrackId
    title: str | None
    engine_key: str
    mode: Literal["focus"]
    measured_duration_seconds: Seconds
    instrumental: bool
    licence_class: LicenceClass
    created_at: Time
    playback_url: str | None
    stem_urls: list[str]


class TrackPage(msgspec.Struct, frozen=True):
    """Some of a caller's tracks, newest first."""

    items: list[TrackBody]
    limit: Count
    offset: Count


class DeletedBody(msgspec.Struct, frozen=True):
    """What was removed."""

    success: bool
    id: str
    detail: str


class EngineUsage(msgspec.Struct, frozen=True, rename={"engine_key": "engine"}):
    """What one generator made in a window, and what it cost."""

    engine_key: str
    track_count: Count
    cost_chf: Chf


class UsageWindow(msgspec.Struct, frozen=True):
    """One stretch of the calendar."""

    window: Window
    window_start: Time
    cost_chf: Chf
    limit_chf: Chf | None
    by_engine: list[EngineUsage]


class UsageBody(msgspec.Struct, frozen=True):
    """What an organization spent today, this week and this month."""

    organization_id: str
    windows: list[UsageWindow]


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


def track_body(track: Track, playback_url: str | None) -> TrackBody:
    """A track, with a URL minted for it or (in a list) none."""
    return TrackBody(
        id=track.track_id,
        title=track.title,
        engine_key=track.engine_key,
        mode="focus",
        measured_duration_seconds=track.measured_duration_s,
        instrumental=track.instrumental,
        licence_class=msgspec.convert(track.licence_class, LicenceClass),
        created_at=wire_time(datetime.fromtimestamp(track.created_at, UTC)),
        playback_url=playback_url,
        stem_urls=[],
    )


def usage_window(spent: Spent) -> UsageWindow:
    """One window in francs."""
    by_engine = [EngineUsage(one.engine_key, one.track_count, one.microchf / MICROCHF) for one in spent.by_engine]
    return UsageWindow(
        window=spent.window,
        window_start=wire_time(spent.began),
        cost_chf=sum(one.microchf for one in spent.by_engine) / MICROCHF,
        limit_chf=None if spent.cap_microchf is None else spent.cap_microchf / MICROCHF,
        by_engine=by_engine,
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
