"""The words of the wire contract as frozen types: sessions, segments, goals."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

NOMINAL_SEGMENT_S = 120
"""Sixty minutes are thirty segments."""

MAX_TARGET_MINUTES = 1440
MAX_PROMPT_CHARACTERS = 2000


class Goal(StrEnum):
    """What the music is for."""

    FOCUS = "focus"
    RELAX = "relax"
    SLEEP = "sleep"
    ENERGIZE = "energize"
    CUSTOM_PROMPT = "custom_prompt"


class Intensity(StrEnum):
    """How much of it: density, brightness, drive and register, never loudness alone."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Modulation(StrEnum):
    """How deep the sound dips sixteen times a second; a wish of ours beside the wire's documented ones."""

    OFF = "off"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class SessionStatus(StrEnum):
    """Where a session stands; the last two are terminal."""

    ACTIVE = "active"
    ENDED = "ended"
    STOPPED_CAP = "stopped_cap"


def total_segments(target_minutes: int, segment_s: int = NOMINAL_SEGMENT_S) -> int:
    """How many segments a session of so many minutes is planned to have."""
    return max(1, math.ceil(target_minutes * 60 / segment_s))


def _field(data: dict[str, Any], key: str, *kinds: type) -> Any:
    value = data.get(key)
    if key not in data or not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise ValueError(f"{key} is missing or not a {kinds[0].__name__}")
    return value


def _number(data: dict[str, Any], key: str, low: float, high: float) -> float:
    value = float(_field(data, key, float, int))
    if not low <= value <= high:  # also refuses NaN
        raise ValueError(f"{key} is out of range: {value!r}")
    return value


@dataclass(frozen=True, slots=True)
class Segment:
    """One ready segment as the wire has it. `playback_url` is short-lived: use it, never keep it."""

    segment_index: int
    playback_url: str
    measured_duration_seconds: float
    target_lufs: float
    fade_in_ms: int
    fade_out_ms: int

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> Self:
        """Check one segment object; raises ValueError naming the field that is wrong."""
        duration_s = _number(data, "measured_duration_seconds", 0.0, 24 * 3600.0)
        return cls(
            segment_index=int(_number(data, "segment_index", 0, 1_000_000)),
            playback_url=str(_field(data, "playback_url", str)),
            measured_duration_seconds=duration_s,
            target_lufs=_number(data, "target_lufs", -70.0, 0.0),
            fade_in_ms=int(_number(data, "fade_in_ms", 0, max(1.0, duration_s * 1000))),
            fade_out_ms=int(_number(data, "fade_out_ms", 0, max(1.0, duration_s * 1000))),
        )


@dataclass(frozen=True, slots=True)
class Session:
    """A focus session: the ten keys of the wire, checked once."""

    session_id: str
    status: SessionStatus
    goal: Goal
    engine_key: str
    target_minutes: int
    total_segments: int
    ready_count: int
    segments: tuple[Segment, ...]
    more_pending: bool
    next_ready_at: str | None

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> Self:
        """Check a session object; unknown keys are ignored. Raises ValueError naming what is wrong."""
        next_ready_at = data.get("next_ready_at")
        if next_ready_at is not None and not isinstance(next_ready_at, str):
            raise ValueError("next_ready_at is neither a string nor null")
        segments = _field(data, "segments", list) if "segments" in data else []
        return cls(
            session_id=_field(data, "session_id", str),
            status=SessionStatus(_field(data, "status", str)),
            goal=Goal(_field(data, "goal", str)),
            engine_key=_field(data, "engine", str),
            target_minutes=int(_number(data, "target_minutes", 1, 10_000_000)),
            total_segments=int(_number(data, "total_segments", 0, 10_000_000)),
            ready_count=int(_number(data, "ready_count", 0, 10_000_000)),
            segments=tuple(Segment.from_wire(item) for item in segments),
            more_pending=_field(data, "more_pending", bool),
            next_ready_at=next_ready_at,
        )

    @property
    def facts(self) -> dict[str, Any]:
        """On the wire, without its segments and what is known of them: their URLs are short-lived."""
        return {
            "session_id": self.session_id,
            "status": self.status.value,
            "goal": self.goal.value,
            "engine": self.engine_key,
            "target_minutes": self.target_minutes,
            "total_segments": self.total_segments,
        }

    @property
    def is_over(self) -> bool:
        """Whether the session's status is terminal."""
        return self.status is not SessionStatus.ACTIVE

    @property
    def ready_seconds(self) -> float:
        """How much music is ready, from the beginning."""
        return sum(segment.measured_duration_seconds for segment in self.segments)
