"""How an event changes the snapshot: a pure function, total over all events."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from functools import singledispatch

from focuscli import events
from focuscli.clock import parse_wire_time
from focuscli.events import Event
from focuscli.model import Segment, Session
from focuscli.view.meter import FLOOR_DB
from focuscli.view.snapshot import Crossfade, Now, Snapshot
from focuscli.view.text import clean
from focuscli.view.words import amount

_STEADY_S = 2.0
_LONGEST_S = 10_000_000 * 60.0
_MOST_LAG_MS = 10_000.0
_MOST_GAIN_DB = 120.0


def fold(snapshot: Snapshot, event: Event, now: datetime) -> Snapshot:
    """The snapshot after an event that happened `now`; an event it does not know changes nothing but the time."""
    return _fold(event, snapshot.at(now))


@singledispatch
def _fold(_event: Event, snapshot: Snapshot) -> Snapshot:
    return snapshot


@_fold.register
def _(event: events.SessionSeen, snapshot: Snapshot) -> Snapshot:
    session = event.session
    seen = replace(
        snapshot,
        session_id=clean(session.session_id),
        goal=session.goal,
        status=session.status,
        target_s=_bounded(session.target_minutes * 60.0),
        total_segments=session.total_segments,
        ready_count=session.ready_count,
        lengths_s=_lengths_s(session, snapshot.lengths_s),
        more_pending=session.more_pending,
        next_ready_at=_moment(session.next_ready_at, snapshot.now),
        quiet_since=None,
        quiet_reason="",
    )
    return _with_end(seen)


@_fold.register
def _(event: events.EngineQuiet, snapshot: Snapshot) -> Snapshot:
    since = snapshot.quiet_since or snapshot.now
    return replace(snapshot, quiet_since=since, quiet_reason=clean(event.reason))


@_fold.register
def _(event: events.Offline, snapshot: Snapshot) -> Snapshot:
    return snapshot.say(f"no engine: playing what is kept here, {event.kept_count} of {event.ready_count} segments")


@_fold.register
def _(event: events.SegmentFetched, snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, fetched=snapshot.fetched | {event.segment_index})


@_fold.register
def _(event: events.SegmentStarted, snapshot: Snapshot) -> Snapshot:
    starts_s = _bounded(event.starts_s)
    playing = Now(
        event.segment_index, starts_s, max(starts_s, _bounded(event.ends_s)), _within(event.gain_db, _MOST_GAIN_DB)
    )
    return replace(snapshot, playing=playing, holding=False, sounding=True)


@_fold.register
def _(event: events.CrossfadeStarted, snapshot: Snapshot) -> Snapshot:
    duration_s, correlation = _bounded(event.duration_s), _bounded(event.correlation, low=-1.0, high=1.0)
    lag_ms = _within(event.lag_ms, _MOST_LAG_MS)
    fade = Crossfade(event.from_index, event.to_index, snapshot.position_s, duration_s, correlation, lag_ms)
    return replace(snapshot, crossfade=fade, seam=fade, holding=False)


@_fold.register
def _(_event: events.Holding, snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, holding=True)


@_fold.register
def _(event: events.SegmentSkipped, snapshot: Snapshot) -> Snapshot:
    return snapshot.say(f"segment {event.segment_index + 1} left out: {event.reason}", serious=True)


@_fold.register
def _(event: events.Played, snapshot: Snapshot) -> Snapshot:
    left, right = snapshot.meters
    heard_left, heard_right = event.level_db
    moved = replace(
        snapshot,
        position_s=_bounded(event.position_s),
        meters=(left.hear(heard_left), right.hear(heard_right)),
        buffered_s=_bounded(event.buffered_s),
        sounding=True,
    )
    if moved.crossfade is not None and moved.crossfade_progress >= 1.0:
        moved = replace(moved, crossfade=None)
    return _with_end(moved)


@_fold.register
def _(event: events.FirstSound, snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, first_sound_s=_bounded(event.after_s), sounding=True)


@_fold.register
def _(event: events.Underrun, snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, dropouts=snapshot.dropouts + 1, dropout_ms=snapshot.dropout_ms + _bounded(event.ms))


@_fold.register
def _(_event: events.Paused, snapshot: Snapshot) -> Snapshot:
    paused_at = snapshot.paused_at if snapshot.paused else snapshot.now
    return _silent(replace(snapshot, paused=True, paused_at=paused_at))


@_fold.register
def _(_event: events.Resumed, snapshot: Snapshot) -> Snapshot:
    stood_s = (snapshot.now - snapshot.paused_at).total_seconds() if snapshot.paused_at else 0.0
    return _with_end(
        replace(snapshot, paused=False, paused_at=None, sleeps_at=_later(snapshot.sleeps_at, max(0.0, stood_s)))
    )


@_fold.register
def _(event: events.VolumeChanged, snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, volume=min(100, max(0, event.volume)), muted=event.muted)


@_fold.register
def _(event: events.SleepTimerSet, snapshot: Snapshot) -> Snapshot:
    if event.ends_in_s is None:
        return replace(snapshot, sleeps_at=None).say("the sleep timer is off")
    in_s = _bounded(event.ends_in_s)
    return replace(snapshot, sleeps_at=_later(snapshot.now, in_s)).say(f"silent in {amount(in_s)}")


@_fold.register
def _(event: events.Promoted, snapshot: Snapshot) -> Snapshot:
    return snapshot.say(f"segment {event.segment_index + 1} is kept: {event.track_id}")


@_fold.register
def _(event: events.NotPromoted, snapshot: Snapshot) -> Snapshot:
    return snapshot.say(f"segment {event.segment_index + 1} cannot be kept: {event.reason}", serious=True)


@_fold.register
def _(event: events.KeyAnswered, snapshot: Snapshot) -> Snapshot:
    return snapshot.say(event.answer)


@_fold.register
def _(event: events.DeviceOpened, snapshot: Snapshot) -> Snapshot:
    name = clean(event.name)
    moved = bool(snapshot.device) and snapshot.device != name
    opened = replace(snapshot, device=name, device_gone=False, latency_s=_bounded(event.latency_s))
    return opened.say(f"sound goes to {name} now") if moved else opened


@_fold.register
def _(event: events.DeviceGone, snapshot: Snapshot) -> Snapshot:
    gone = _silent(replace(snapshot, device_gone=True))
    return gone.say(f"{clean(event.name)} went away; the sound waits for it", serious=True)


@_fold.register
def _(event: events.PlaybackEnded, snapshot: Snapshot) -> Snapshot:
    ended = _silent(replace(snapshot, ending=event, holding=False, crossfade=None))
    return ended.say(event.detail, serious=event.reason == "failed") if event.detail else ended


def _silent(snapshot: Snapshot) -> Snapshot:
    left, right = snapshot.meters
    return replace(snapshot, meters=(left.hear(FLOOR_DB), right.hear(FLOOR_DB)))


def _later(moment: datetime | None, seconds: float) -> datetime | None:
    try:
        return None if moment is None else moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _with_end(snapshot: Snapshot) -> Snapshot:
    """With the end's clock time, kept while it moves by less than blocks jitter: its minute must not flicker."""
    if snapshot.left_s is None:
        return snapshot
    ends_at, before = _later(snapshot.now, snapshot.left_s), snapshot.ends_at
    if ends_at and before and abs((ends_at - before).total_seconds()) < _STEADY_S:
        return snapshot
    return replace(snapshot, ends_at=ends_at)


def _lengths_s(session: Session, before: tuple[float, ...]) -> tuple[float, ...]:
    """What each ready segment adds to the session; the answer to `end` may leave the list out."""
    if not session.segments and session.ready_count:
        return before
    following: tuple[Segment | None, ...] = (*session.segments[1:], None)
    return tuple(_added_s(one, after) for one, after in zip(session.segments, following, strict=False))


def _added_s(segment: Segment, following: Segment | None) -> float:
    overlap_ms = min(segment.fade_out_ms, following.fade_in_ms) if following else 0
    return max(0.0, segment.measured_duration_seconds - overlap_ms / 1000.0)


def _moment(wire: str | None, now: datetime) -> datetime | None:
    try:
        return parse_wire_time(wire).astimezone(now.tzinfo) if wire else None
    except (ValueError, OverflowError):
        return None


def _bounded(value: float, low: float = 0.0, high: float = _LONGEST_S) -> float:
    return min(high, max(low, value)) if math.isfinite(value) else low


def _within(value: float, most: float) -> float:
    """To either side of nothing, which stands for what is no number."""
    return _bounded(value, low=-most, high=most) if math.isfinite(value) else 0.0
