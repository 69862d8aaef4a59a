"""All that the screen needs to know about one moment, frozen."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from focuscli.events import PlaybackEnded
from focuscli.model import Goal, Intensity, SessionStatus
from focuscli.view.meter import Meter
from focuscli.view.text import clean

MESSAGE_S = 12.0
"""How long a message stays on the screen."""

_KEPT_MESSAGES = 5


class Phase(StrEnum):
    """What the sound is doing, in the word that the screen says."""

    PREPARING = "preparing"
    PLAYING = "playing"
    PAUSED = "paused"
    HOLDING = "holding"
    WAITING = "waiting for the sound device"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Now:
    """The segment that plays; times are seconds of the session as played."""

    segment_index: int
    starts_s: float
    ends_s: float
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Crossfade:
    """Two segments that overlap; `started_s` is the position at which it began."""

    from_index: int
    to_index: int
    started_s: float
    duration_s: float
    correlation: float
    lag_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for the listener; a serious one is worth a colour."""

    text: str
    at: datetime
    serious: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the screen needs at the moment `now`, whose time zone is the one that clock times are shown in."""

    now: datetime
    engine: str = "local"
    session_id: str = ""
    goal: Goal | None = None
    intensity: Intensity | None = None
    status: SessionStatus | None = None
    target_s: float | None = None
    total_segments: int = 0
    ready_count: int = 0
    lengths_s: tuple[float, ...] = ()
    more_pending: bool = False
    next_ready_at: datetime | None = None
    position_s: float = 0.0
    ends_at: datetime | None = None
    sleeps_at: datetime | None = None
    paused_at: datetime | None = None
    playing: Now | None = None
    crossfade: Crossfade | None = None
    seam: Crossfade | None = None
    meters: tuple[Meter, Meter] = (Meter(), Meter())
    fetched: frozenset[int] = frozenset()
    quiet_since: datetime | None = None
    quiet_reason: str = ""
    volume: int = 100
    muted: bool = False
    paused: bool = False
    holding: bool = False
    sounding: bool = False
    device: str = ""
    device_gone: bool = False
    latency_s: float | None = None
    buffered_s: float | None = None
    dropouts: int = 0
    dropout_ms: float = 0.0
    first_sound_s: float | None = None
    ending: PlaybackEnded | None = None
    messages: tuple[Message, ...] = ()
    technical: bool = False
    help: bool = False
    closed: bool = False

    @property
    def phase(self) -> Phase:
        """What the sound is doing."""
        if self.closed or self.ending is not None:
            return Phase.STOPPED
        if self.device_gone:
            return Phase.WAITING
        if self.paused:
            return Phase.PAUSED
        if self.holding:
            return Phase.HOLDING
        return Phase.PLAYING if self.sounding else Phase.PREPARING

    @property
    def left_s(self) -> float | None:
        """Time to the session's target; None while the target is unknown."""
        return None if self.target_s is None else max(0.0, self.target_s - self.position_s)

    @property
    def ready_ahead_s(self) -> float:
        """How much music after the position is ready to be fetched or already here, within the session's target."""
        ahead_s = self._ahead_s(len(self.lengths_s))
        return ahead_s if self.left_s is None else min(ahead_s, self.left_s)

    @property
    def here_ahead_s(self) -> float:
        """How much music after the position is on this machine: it plays on without the engine."""
        following = self.playing.segment_index + 1 if self.playing else 0
        while following in self.fetched:
            following += 1
        return self._ahead_s(following)

    def _ahead_s(self, until_index: int) -> float:
        if self.playing is None:
            return max(0.0, sum(self.lengths_s[:until_index]) - self.position_s)
        rest = max(0.0, self.playing.ends_s - self.position_s)
        return rest + sum(self.lengths_s[self.playing.segment_index + 1 : until_index])

    @property
    def next_ready_s(self) -> float | None:
        """Seconds until the next segment is promised (0 when overdue); None when none is pending."""
        if not self.more_pending or self.next_ready_at is None:
            return None
        return max(0.0, (self.next_ready_at - self.now).total_seconds())

    @property
    def segment_progress(self) -> float:
        """How much of the segment has played, from 0 to 1."""
        now = self.playing
        return _ratio(self.position_s - now.starts_s, now.ends_s - now.starts_s) if now else 0.0

    @property
    def crossfade_progress(self) -> float:
        """How much of the crossfade has played, from 0 to 1."""
        fade = self.crossfade
        return _ratio(self.position_s - fade.started_s, fade.duration_s) if fade else 0.0

    @property
    def message(self) -> Message | None:
        """The newest message that is still fresh."""
        latest = self.messages[-1] if self.messages else None
        fresh = latest is not None and (self.now - latest.at).total_seconds() < MESSAGE_S
        return latest if fresh else None

    def say(self, text: str, *, serious: bool = False) -> "Snapshot":
        """The same with a message for the listener."""
        message = Message(clean(text), self.now, serious)
        return replace(self, messages=(*self.messages, message)[-_KEPT_MESSAGES:])

    def at(self, now: datetime) -> "Snapshot":
        """The same at a later moment: meters fall, countdowns go on."""
        elapsed_s = (now - self.now).total_seconds()
        left, right = self.meters
        return replace(self, now=now, meters=(left.fall(elapsed_s), right.fall(elapsed_s)))


def _ratio(part: float, whole: float) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0.0 else 0.0
