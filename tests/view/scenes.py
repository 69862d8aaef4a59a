"""Moments of a session, made from events, that golden panels, the demonstration and pictures share."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from focuscli import events
from focuscli.clock import wire_time
from focuscli.model import Goal, Intensity, Segment, Session, SessionStatus
from focuscli.view.fold import fold
from focuscli.view.snapshot import Snapshot

NOW = datetime(2026, 11, 22, 22, 28, 50, tzinfo=UTC)
SEGMENT_S = 121.5
FADE_MS = 1500


def session(
    ready: int,
    *,
    goal: Goal = Goal.SLEEP,
    minutes: int = 90,
    status: SessionStatus = SessionStatus.ACTIVE,
    next_in_s: float | None = 12,
    now: datetime = NOW,
) -> Session:
    total = minutes // 2
    return Session(
        session_id="mfocus_7c2a9f4e1b8d",
        status=status,
        goal=goal,
        engine_key="local",
        target_minutes=minutes,
        total_segments=total,
        ready_count=ready,
        segments=tuple(
            Segment(index, f"http://127.0.0.1/{index}", SEGMENT_S, -14.0, FADE_MS, FADE_MS) for index in range(ready)
        ),
        more_pending=ready < total and status is SessionStatus.ACTIVE,
        next_ready_at=None if next_in_s is None else wire_time(now + timedelta(seconds=next_in_s)),
    )


def started(index: int) -> events.SegmentStarted:
    step_s = SEGMENT_S - FADE_MS / 1000
    return events.SegmentStarted(index, index * step_s, index * step_s + SEGMENT_S, -0.4)


def played(position_s: float, left_db: float = -17.0, right_db: float = -19.5) -> events.Played:
    return events.Played(position_s, int(position_s // 120), (left_db, right_db), 2.0)


def after(snapshot: Snapshot, happened: Iterable[events.Event], now: datetime = NOW) -> Snapshot:
    for event in happened:
        snapshot = fold(snapshot, event, now)
    return snapshot


def opening(now: datetime = NOW) -> Snapshot:
    return Snapshot(now=now, engine="local", volume=60)


def preparing() -> Snapshot:
    return after(opening(), [events.SessionSeen(session(0, next_in_s=3)), events.DeviceOpened(DEVICE, 0.3)])


DEVICE = "Built-in Audio Analog Stereo"


def playing() -> Snapshot:
    loud = played(1070.0, -11.0, -12.0)
    snapshot = after(
        opening(),
        [
            events.DeviceOpened(DEVICE, 0.3),
            events.SessionSeen(session(15)),
            *(events.SegmentFetched(index, 2_000_000) for index in range(11)),
            started(8),
            events.VolumeChanged(60, muted=False),
            loud,
        ],
        NOW - timedelta(seconds=0.8),
    )
    return fold(snapshot, played(1070.8), NOW).at(NOW + timedelta(seconds=0.2))


def crossfading() -> Snapshot:
    return after(playing(), [played(1078.6), events.CrossfadeStarted(8, 9, 8.0, 0.31), played(1082.1)])


def paused() -> Snapshot:
    return after(playing(), [events.Paused()]).at(NOW + timedelta(seconds=9))


def muted() -> Snapshot:
    return after(playing(), [events.VolumeChanged(60, muted=True), played(1071.0, -99.0, -99.0)])


def holding() -> Snapshot:
    return after(playing(), [events.SessionSeen(session(9)), events.Holding(9), events.Underrun(120.0), played(1082.0)])


def quiet() -> Snapshot:
    snapshot = replace(playing(), engine="music.example.org", intensity=Intensity.LOW)
    return after(snapshot, [events.EngineQuiet("connection refused")])


def skipping() -> Snapshot:
    return after(
        playing(),
        [
            events.SegmentSkipped(
                9, "what came cannot be decoded as the audio that it should be, and a second try failed"
            ),
            events.Underrun(80.0),
            events.Underrun(40.0),
        ],
    )


def sleeping() -> Snapshot:
    """The sleep timer was set a while ago, and a pause of ten minutes does not count."""
    set_at = NOW - timedelta(minutes=20)
    asleep = after(playing(), [events.SleepTimerSet(2700.0, 60.0)], set_at)
    paused = fold(asleep, events.Paused(), set_at + timedelta(minutes=5))
    resumed = fold(paused, events.Resumed(), set_at + timedelta(minutes=15))
    return fold(resumed, played(1070.9), NOW)


def wide() -> Snapshot:
    snapshot = after(
        playing(),
        [events.DeviceOpened("外付けスピーカー（USB オーディオ）低遅延モード", 0.3)],
    )
    return after(snapshot, [events.SegmentSkipped(9, "ファイルが壊れています")])


def ended() -> Snapshot:
    happened = [
        events.SessionSeen(session(45, next_in_s=None, status=SessionStatus.ENDED)),
        played(5400.0),
        events.PlaybackEnded("finished"),
    ]
    return replace(after(playing(), happened), closed=True)


def technical() -> Snapshot:
    """The technical line, after a seam at which the music went on, shifted a little."""
    seam = events.CrossfadeStarted(7, 8, 1.5, 0.993, -2.3)
    return replace(after(playing(), [seam, played(1071.0)]), technical=True)


def help_page() -> Snapshot:
    return replace(playing(), help=True)


SCENES = {
    "opening": opening,
    "preparing": preparing,
    "playing": playing,
    "crossfading": crossfading,
    "paused": paused,
    "muted": muted,
    "holding": holding,
    "quiet": quiet,
    "skipping": skipping,
    "sleeping": sleeping,
    "wide": wide,
    "ended": ended,
    "technical": technical,
    "help": help_page,
}
