"""Lines that are only ever appended: for pipes, logs, screen readers, and terminals that cannot do more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import singledispatchmethod
from typing import TextIO

from focuscli import events
from focuscli.clock import Clock
from focuscli.events import Event
from focuscli.view import words
from focuscli.view.face import Face
from focuscli.view.fold import fold
from focuscli.view.keyboard import Keyboard
from focuscli.view.keys import KEYS, Action
from focuscli.view.loop import Hooks, View
from focuscli.view.snapshot import Phase, Snapshot
from focuscli.view.text import plain_ascii

HEARTBEAT = timedelta(minutes=1)
_DROPOUTS_APART = timedelta(seconds=10)


class PlainView(View):
    """A line a change, and a heartbeat at most once a minute. See View for how it is used and for the hooks."""

    def __init__(
        self,
        stream: TextIO,
        keys: Keyboard | None,
        actions: Callable[[Action], None],
        clock: Clock,
        *,
        snapshot: Snapshot,
        stamped: bool = False,
        hooks: Hooks | None = None,
    ) -> None:
        self.face = PlainFace(stream, snapshot, stamped=stamped)
        super().__init__(self.face, keys, actions, clock, prompt=True, hooks=hooks)


class PlainFace(Face):
    """Writes what is new in words; with `stamped`, after the time of day."""

    def __init__(self, stream: TextIO, snapshot: Snapshot, *, stamped: bool = False) -> None:
        self.snapshot = snapshot
        self._stream = stream
        self._stamped = stamped
        self._named_segment: int | None = None
        self._beat_at: datetime | None = None
        self._dropout_at: datetime | None = None

    def show(self, events: list[Event], now: datetime, *, visible: bool) -> None:  # noqa: ARG002  a log is never hidden
        """A line for each change that a listener cares about."""
        for event in events:
            before, self.snapshot = self.snapshot, fold(self.snapshot, event, now)
            if line := self._line(event, before):
                self._say(line)
        self.snapshot = self.snapshot.at(now)
        self._beat()

    def pressed(self, action: Action) -> bool:
        """`?` lists the keys, `i` says the technical line as it is now."""
        if action is Action.HELP:
            for key in KEYS:
                self._say(f"{' or '.join(key.keys)}: {key.help}")
        elif action is Action.TECHNICAL:
            self._say(", ".join(words.technical(self.snapshot)) or "nothing is known yet")
        return super().pressed(action)

    def closed(self, *, hung_up: bool) -> None:
        """The one line that stays."""
        said = "" if hung_up else words.closing(replace(self.snapshot, closed=True))
        if said:
            self._say(said)

    def _say(self, line: str) -> None:
        stamp = f"{self.snapshot.now:%H:%M:%S} " if self._stamped else ""
        encoding = getattr(self._stream, "encoding", None) or "ascii"
        text = stamp + line
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            text = plain_ascii(text)
        self._stream.write(text + "\n")
        self._stream.flush()

    def _beat(self) -> None:
        now = self.snapshot.now
        if self._beat_at is None:
            self._beat_at = now
        elif now - self._beat_at >= HEARTBEAT and self.snapshot.phase is not Phase.STOPPED:
            self._beat_at = now
            self._say(", ".join(self._state()))

    def _state(self) -> list[str]:
        snapshot = self.snapshot
        said = [words.phase(snapshot), words.left(snapshot), words.ready_ahead(snapshot), words.dropouts(snapshot)]
        return [text for text in said if text]

    @singledispatchmethod
    def _line(self, _event: Event, _before: Snapshot) -> str:
        return ""

    @_line.register
    def _(self, _event: events.SessionSeen, before: Snapshot) -> str:
        now = self.snapshot
        if not before.session_id:
            return (
                f"{words.goal(now)}{words.session(now)} {now.session_id}, {words.left(now)}, engine {words.engine(now)}"
            )
        if now.status is not before.status:
            return words.pending(now)
        if before.quiet_since is not None:
            return "the engine answers again"
        whole = now.ready_count >= now.total_segments > before.ready_count
        first = now.ready_count and not before.ready_count
        return words.ready_count(now) if whole or first else ""

    @_line.register
    def _(self, _event: events.EngineQuiet, before: Snapshot) -> str:
        if before.quiet_since is not None:
            return ""
        said = f"the engine does not answer: {self.snapshot.quiet_reason}"
        if self.snapshot.here_ahead_s < 1.0:
            return said
        return f"{said}; {words.amount(self.snapshot.here_ahead_s)} of music are on this machine"

    @_line.register
    def _(self, event: events.SegmentStarted, _before: Snapshot) -> str:
        return self._segment(event.segment_index, "")

    @_line.register
    def _(self, event: events.CrossfadeStarted, _before: Snapshot) -> str:
        return self._segment(event.to_index, f", crossfaded, {words.correlation(event.correlation)}")

    @_line.register
    def _(self, event: events.Holding, before: Snapshot) -> str:
        return "" if before.holding else f"segment {event.segment_index + 1} is late, the sound is held"

    @_line.register(events.Offline)
    @_line.register(events.SegmentSkipped)
    @_line.register(events.SleepTimerSet)
    @_line.register(events.Promoted)
    @_line.register(events.NotPromoted)
    @_line.register(events.KeyAnswered)
    @_line.register(events.DeviceGone)
    @_line.register(events.PlaybackEnded)
    def _(self, _event: Event, before: Snapshot) -> str:
        return self.snapshot.messages[-1].text if self.snapshot.messages != before.messages else ""

    @_line.register
    def _(self, event: events.FirstSound, _before: Snapshot) -> str:
        return f"first sound after {event.after_s:.1f} s"

    @_line.register
    def _(self, event: events.Underrun, _before: Snapshot) -> str:
        now = self.snapshot.now
        if self._dropout_at is not None and now - self._dropout_at < _DROPOUTS_APART:
            return ""
        self._dropout_at = now
        return f"{words.dropouts(self.snapshot)} so far, the last one of {event.ms:.0f} ms"

    @_line.register(events.Paused)
    @_line.register(events.Resumed)
    def _(self, _event: Event, before: Snapshot) -> str:
        return words.phase(self.snapshot) if self.snapshot.paused is not before.paused else ""

    @_line.register
    def _(self, _event: events.VolumeChanged, before: Snapshot) -> str:
        now = self.snapshot
        if (now.volume, now.muted) == (before.volume, before.muted):
            return ""
        return f"volume {now.volume} %" + (", muted" if now.muted else "")

    @_line.register
    def _(self, _event: events.DeviceOpened, before: Snapshot) -> str:
        known = self.snapshot.device == before.device and not before.device_gone
        return "" if known else f"output: {self.snapshot.device}"

    def _segment(self, index: int, how: str) -> str:
        """A segment is named once, by whichever comes first: its crossfade or its start."""
        if self._named_segment == index:
            return ""
        self._named_segment = index
        total = self.snapshot.total_segments
        return f"segment {index + 1}" + (f" of {total}" if total else "") + how
