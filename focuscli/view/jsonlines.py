"""What happens, as JSON Lines for scripts: the first record says hello, the last one says bye."""

import json
import math
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import singledispatchmethod
from typing import Any, TextIO

from focuscli import events
from focuscli.clock import Clock, wire_time
from focuscli.errors import ExitCode, FocusError, LimitReached
from focuscli.events import Event
from focuscli.model import Session
from focuscli.view.face import Face
from focuscli.view.fold import fold
from focuscli.view.keyboard import Keyboard
from focuscli.view.keys import Action
from focuscli.view.loop import Hooks, View
from focuscli.view.snapshot import Snapshot

SCHEMA = 1
"""Raised when a record's meaning changes; records, fields and words are otherwise only added."""

_POSITION_EVERY_S = 1.0
_FRAME = frozenset({"hello", "error", "bye"})
"""Records that are always whole."""


class JsonLines:
    """A record a line, flushed, numbered, with the time; any thread may write. A closed pipe raises BrokenPipeError.

    Where fields are named, the records between hello and bye have those of them that they know, and no others.
    """

    def __init__(self, stream: TextIO, clock: Clock, fields: Collection[str] = ()) -> None:
        self._stream = stream
        self._fields = frozenset(fields)
        self._clock = clock
        self._lock = threading.Lock()
        self._seq = 0
        self._snapshot = Snapshot(now=clock.now())
        self._session: Session | None = None
        self._position_at = -math.inf
        self._ending = "finished"

    def hello(self, session: str | None, engine: str) -> None:
        """The first record."""
        self._write("hello", {"schema": SCHEMA, "session": session, "engine": engine})

    def post(self, event: Event) -> None:
        """The records of an event: positions thinned to one a second, states that did not change left out."""
        self._snapshot = fold(self._snapshot, event, self._clock.now())
        self._tell(event)

    def idle(self) -> None:
        """There is no session any longer, or not yet."""
        self._session = None
        self._write("idle", {})

    def log_line(self, line: str) -> None:
        """A line of the engine's log, as it stands there."""
        self._write("line", {"line": line})

    def estimate(self, ready_in_s: float) -> None:
        """How long it takes until all of a session is ready, as measured so far."""
        self._write("estimate", {"ready_in_s": ready_in_s})

    def error(self, error: FocusError) -> None:
        """What went wrong, in the words that it has on stderr too."""
        told = {
            "code": error.code,
            "message": error.message,
            "hint": error.hint,
            "exit_code": int(error.exit_code),
            "request_id": error.request_id,
            "retry_after_s": error.retry_after_s if isinstance(error, LimitReached) else None,
        }
        self._write("error", {"error": told})

    def bye(self, reason: str | None = None, exit_code: int = ExitCode.OK) -> None:
        """The last record; the player's own reason, unless another is given."""
        self._write("bye", {"reason": reason or self._ending, "exit_code": int(exit_code)})

    def _write(self, kind: str, fields: Mapping[str, Any]) -> None:
        if self._fields and kind not in _FRAME:
            fields = {name: value for name, value in fields.items() if name in self._fields}
        with self._lock:
            record = {"type": kind, **fields, "ts": wire_time(self._clock.now()), "seq": self._seq}
            self._seq += 1
            line = json.dumps(_finite(record), allow_nan=False, separators=(",", ":"))
            self._stream.write(line + "\n")
            self._stream.flush()

    @singledispatchmethod
    def _tell(self, _event: Event) -> None:
        """Nothing to tell about what is not known here."""

    @_tell.register
    def _(self, event: events.SessionSeen) -> None:
        session, before = event.session, self._session
        self._session = session
        if before is None or session.status is not before.status or session.session_id != before.session_id:
            self._write("session", session.facts)
        if before is None or session.ready_count != before.ready_count:
            ahead_s = round(self._snapshot.ready_ahead_s, 1)
            fields = {"ready_count": session.ready_count, "total_segments": session.total_segments, "ahead_s": ahead_s}
            pending = {"more_pending": session.more_pending, "next_ready_at": session.next_ready_at}
            self._write("ready", fields | pending)

    @_tell.register
    def _(self, event: events.EngineQuiet) -> None:
        self._write("engine_quiet", {"reason": event.reason})

    @_tell.register
    def _(self, event: events.Offline) -> None:
        self._write("offline", {"kept_count": event.kept_count, "ready_count": event.ready_count})

    @_tell.register
    def _(self, event: events.SegmentFetched) -> None:
        fields = {"segment_index": event.segment_index, "bytes": event.bytes_fetched}
        loud = {"loudness_lufs": event.loudness_lufs, "true_peak_db": event.true_peak_db}
        most = {"momentary_max_lufs": event.momentary_max_lufs, "short_term_max_lufs": event.short_term_max_lufs}
        self._write("fetched", fields | loud | most)

    @_tell.register
    def _(self, event: events.SegmentStarted) -> None:
        fields = {"segment_index": event.segment_index, "starts_s": event.starts_s, "ends_s": event.ends_s}
        self._write("now", fields | {"gain_db": event.gain_db})

    @_tell.register
    def _(self, event: events.CrossfadeStarted) -> None:
        fields = {"from_index": event.from_index, "to_index": event.to_index}
        match = {"correlation": event.correlation, "lag_ms": event.lag_ms}
        self._write("crossfade", fields | {"duration_s": event.duration_s} | match)

    @_tell.register
    def _(self, event: events.Holding) -> None:
        self._write("holding", {"segment_index": event.segment_index})

    @_tell.register
    def _(self, event: events.SegmentSkipped) -> None:
        self._write("skipped", {"segment_index": event.segment_index, "reason": event.reason})

    @_tell.register
    def _(self, event: events.Played) -> None:
        at = self._clock.monotonic()
        if at - self._position_at < _POSITION_EVERY_S:
            return
        self._position_at = at
        fields = {"position_s": event.position_s, "segment_index": event.segment_index}
        heard = {"remaining_s": self._snapshot.left_s, "level_db": list(event.level_db)}
        self._write("position", fields | heard | {"buffered_s": event.buffered_s})

    @_tell.register
    def _(self, event: events.FirstSound) -> None:
        self._write("first_sound", {"after_s": event.after_s})

    @_tell.register
    def _(self, event: events.Underrun) -> None:
        self._write("underrun", {"ms": event.ms})

    @_tell.register
    def _(self, _event: events.Paused) -> None:
        self._write("paused", {})

    @_tell.register
    def _(self, _event: events.Resumed) -> None:
        self._write("resumed", {})

    @_tell.register
    def _(self, event: events.SleepTimerSet) -> None:
        self._write("sleep", {"ends_in_s": event.ends_in_s, "fade_s": event.fade_s})

    @_tell.register
    def _(self, event: events.Promoted) -> None:
        self._write("promoted", {"segment_index": event.segment_index, "track_id": event.track_id})

    @_tell.register
    def _(self, event: events.NotPromoted) -> None:
        self._write("not_promoted", {"segment_index": event.segment_index, "reason": event.reason})

    @_tell.register
    def _(self, event: events.VolumeChanged) -> None:
        self._write("volume", {"volume": event.volume, "muted": event.muted})

    @_tell.register
    def _(self, event: events.DeviceOpened) -> None:
        self._write("device", {"name": event.name, "latency_s": event.latency_s})

    @_tell.register
    def _(self, event: events.DeviceGone) -> None:
        self._write("device_gone", {"name": event.name})

    @_tell.register
    def _(self, event: events.PlaybackEnded) -> None:
        self._ending = event.reason


class JsonView(View):
    """JSON Lines behind the loop of every view, so that a slow reader never holds up the player."""

    def __init__(
        self,
        lines: JsonLines,
        keys: Keyboard | None,
        actions: Callable[[Action], None],
        clock: Clock,
        hooks: Hooks | None = None,
    ) -> None:
        super().__init__(_JsonFace(lines), keys, actions, clock, prompt=True, hooks=hooks)


class _JsonFace(Face):
    def __init__(self, lines: JsonLines) -> None:
        self._lines = lines

    def show(self, events: list[Event], now: datetime, *, visible: bool) -> None:  # noqa: ARG002
        for event in events:
            self._lines.post(event)


def _finite(value: Any) -> Any:
    """JSON has no infinity: what is not finite is unknown."""
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
