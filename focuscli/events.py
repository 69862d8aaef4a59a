"""What happens while a session plays, as frozen facts: the view folds them, `--json` writes them."""

import math
from dataclasses import dataclass

from focuscli.model import Session


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """The engine answered with the session as it stands."""

    session: Session


@dataclass(frozen=True, slots=True)
class EngineQuiet:
    """The engine could not be asked; what is on disk goes on playing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Offline:
    """There is no engine from the start: so many segments of those that were ready are on this machine and play."""

    kept_count: int
    ready_count: int


@dataclass(frozen=True, slots=True)
class SegmentFetched:
    """A segment is on this machine, whole and decodable, and was measured: in LUFS, its true peak in dBTP."""

    segment_index: int
    bytes_fetched: int
    loudness_lufs: float = -math.inf
    true_peak_db: float = -math.inf
    momentary_max_lufs: float = -math.inf
    short_term_max_lufs: float = -math.inf


@dataclass(frozen=True, slots=True)
class SegmentStarted:
    """A segment has begun to sound; times are seconds of the whole session as played."""

    segment_index: int
    starts_s: float
    ends_s: float
    gain_db: float


@dataclass(frozen=True, slots=True)
class CrossfadeStarted:
    """Two segments overlap now; `correlation` says how alike they are (1 = the same music).

    `lag_ms` is the shift of the incoming segment at which they are most alike.
    """

    from_index: int
    to_index: int
    duration_s: float
    correlation: float
    lag_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Holding:
    """The next segment is late: the last one is being prolonged so that the sound goes on."""

    segment_index: int


@dataclass(frozen=True, slots=True)
class SegmentSkipped:
    """A segment could not be played and was left out."""

    segment_index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Played:
    """How far the sound is, and how loud it is now (a few times a second).

    `position_s` counts frames that were played, never the clock; `level_db` is the RMS of each channel
    over the last block in dBFS.
    """

    position_s: float
    segment_index: int
    level_db: tuple[float, float]
    buffered_s: float


@dataclass(frozen=True, slots=True)
class FirstSound:
    """The first frame that is not silent was handed to the sink."""

    after_s: float


@dataclass(frozen=True, slots=True)
class Underrun:
    """The device wanted frames and got none: a dropout of about so many milliseconds."""

    ms: float


@dataclass(frozen=True, slots=True)
class Paused:
    """The sound stopped on request."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The sound goes on."""


@dataclass(frozen=True, slots=True)
class VolumeChanged:
    """The knob stands here now, in percent."""

    volume: int
    muted: bool


@dataclass(frozen=True, slots=True)
class SleepTimerSet:
    """The sound will be silent in so many seconds of music, falling over the last `fade_s`; None: it will not."""

    ends_in_s: float | None
    fade_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Promoted:
    """A segment was kept for good, as this track."""

    segment_index: int
    track_id: str


@dataclass(frozen=True, slots=True)
class NotPromoted:
    """A segment could not be kept."""

    segment_index: int
    reason: str


@dataclass(frozen=True, slots=True)
class KeyAnswered:
    """What a key has to say to whoever pressed it, where nothing else shows it; scripts have no keys."""

    answer: str


@dataclass(frozen=True, slots=True)
class DeviceOpened:
    """Sound goes to this output."""

    name: str
    latency_s: float


@dataclass(frozen=True, slots=True)
class DeviceGone:
    """The output went away; the sound waits, at its place, until it is back or another takes its place."""

    name: str


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """The player stopped: `finished` (all was played), `quit`, `ended` (the session was), `asleep` or `failed`."""

    reason: str
    detail: str = ""


Event = (
    SessionSeen
    | EngineQuiet
    | Offline
    | SegmentFetched
    | SegmentStarted
    | CrossfadeStarted
    | Holding
    | SegmentSkipped
    | Played
    | FirstSound
    | Underrun
    | Paused
    | Resumed
    | VolumeChanged
    | SleepTimerSet
    | Promoted
    | NotPromoted
    | KeyAnswered
    | DeviceOpened
    | DeviceGone
    | PlaybackEnded
)
