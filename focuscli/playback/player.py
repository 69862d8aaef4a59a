"""The player: takes commands, emits events, and keeps the sound going."""

import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from focuscli.audio.block import Block, silence
from focuscli.clock import Clock, SystemClock
from focuscli.errors import FocusError
from focuscli.events import (
    DeviceOpened,
    Event,
    Paused,
    PlaybackEnded,
    Resumed,
    SleepTimerSet,
    VolumeChanged,
)
from focuscli.playback.commands import (
    ChangeVolume,
    Command,
    Pause,
    Quit,
    Resume,
    SetVolume,
    Skip,
    SleepAfter,
    StayAwake,
    Toggle,
    ToggleMute,
)
from focuscli.playback.decoder import Decoder
from focuscli.playback.delivery import Delivery
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.heard import Heard
from focuscli.playback.outset import starts_s
from focuscli.playback.patience import Patience
from focuscli.playback.positions import Position
from focuscli.playback.programme import Programme
from focuscli.playback.sink import Sink
from focuscli.playback.sleep import SleepTimer
from focuscli.playback.source import SessionFeed
from focuscli.playback.supply import Supply
from focuscli.playback.timeline import Following, Timeline, Turn
from focuscli.playback.volume import Ramp, Volume
from focuscli.units import frames, seconds

BLOCK_FRAMES = 1920
"""40 ms: large enough that the interpreter is seldom asked for, small enough for commands to feel immediate."""

FADE_FRAMES = frames(0.15)
"""Of pause, resume, quit, and of beginning in the middle."""

ENDED_FADE_FRAMES = frames(1.5)


@dataclass(frozen=True, slots=True)
class _Playing:
    """The music goes on."""


@dataclass(frozen=True, slots=True)
class _Pausing:
    """The music fades into a pause."""


@dataclass(frozen=True, slots=True)
class _Still:
    """Silence keeps the device running."""


@dataclass(frozen=True, slots=True)
class _Leaving:
    """The music fades for good."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Left:
    """All that will be written has been."""

    reason: str


_Mode = _Playing | _Pausing | _Still | _Leaving | _Left


class Player:
    """Plays one session into one sink.

    `run` mixes in the calling thread; asking, fetching and preparing happen in a thread of the player's own.
    `emit` is called from the mixing thread only, in order, and must not block. `started_monotonic` is the moment,
    on the clock's monotonic scale, from which the time to the first sound counts. `rise_s` lets the sound rise from
    silence over so many seconds at its beginning.
    """

    def __init__(
        self,
        feed: SessionFeed,
        fetcher: MediaFetcher,
        sink: Sink,
        emit: Callable[[Event], None],
        *,
        clock: Clock | None = None,
        volume: int = 100,
        muted: bool = False,
        start_at: Position | None = None,
        started_monotonic: float | None = None,
        patience: Patience | None = None,
        rise_s: float = 0.0,
        decoder: Decoder | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._start_at = start_at or Position(0, 0)
        self._started = self._clock.monotonic() if started_monotonic is None else started_monotonic
        self._sink = sink
        self._emit = emit
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._posted: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._supply = Supply(
            feed,
            fetcher,
            self._posted.put,
            clock=self._clock,
            start_index=self._start_at.segment_index,
            patience=patience,
            decoder=decoder,
        )
        self._volume = Volume(volume, muted)
        self._gate = Ramp(1.0)
        self._sleep = SleepTimer(frames(rise_s))
        self._heard = Heard(self._start_at)
        self._mode: _Mode = _Playing()
        self._programme: Programme | None = None
        self._was_active = False
        self._delivery = Delivery(sink, self._heard, emit, lambda: self._clock.monotonic() - self._started)

    def send(self, command: Command) -> None:
        """Ask for something; may be called from any thread, never blocks."""
        self._commands.put(command)

    def run(self) -> Position:
        """Play until the session is finished or ended, or until told to quit; blocks.

        Returns the place where the sound stopped, or, after the sleep timer, where it began to fall. Raises
        FocusError (after PlaybackEnded("failed") was emitted) when the sink fails, or when nothing can be got from
        the engine.
        """
        self._supply.start()
        try:
            reason = self._play()
        except FocusError as exc:
            self._tell_posted()
            self._emit(PlaybackEnded("failed", exc.message))
            raise
        finally:
            self._supply.stop()
            if self._programme is not None:
                self._programme.timeline.close()
        self._tell_posted()
        self._emit(PlaybackEnded(reason))
        return self._sleep.resumes_at or self._heard.position

    def _play(self) -> str:
        self._sink.open()
        try:
            self._emit(DeviceOpened(self._sink.name, self._sink.latency_s))
            self._emit(VolumeChanged(self._volume.volume, self._volume.muted))
            reason = self._play_into_open_sink()
            self._sink.drain()
            self._delivery.tell_heard()
        except BaseException:
            self._sink.abort()
            raise
        finally:
            self._sink.close()
        if self._supply.error is not None and reason == "finished":
            raise self._supply.error
        return reason

    def _play_into_open_sink(self) -> str:
        while not isinstance(self._mode, _Left):
            self._obey_all()
            self._tell_posted()
            if self._programme is None:
                self._begin()
            else:
                self._leave_when_ended()
                self._write_block(self._programme)
        return self._mode.reason

    def _begin(self) -> None:
        """Wait a moment for the first segment; nothing is written before it, so nothing can run dry."""
        if not self._supply.wait_first(0.02):
            return
        first, session = self._supply.first, self._supply.session
        if isinstance(self._mode, _Leaving) or first is None or session is None:
            self._mode = _Left(self._mode.reason if isinstance(self._mode, _Leaving) else "finished")
            return
        at_frame = self._start_at.frame if first.segment_index == self._start_at.segment_index else 0
        begins_s = self._delivery.base_s = starts_s(session, first.segment_index) + seconds(at_frame)
        timeline = Timeline(first, at_frame, self._following, self._turned, starts_s=begins_s)
        self._programme = Programme(timeline)
        if at_frame or first.segment_index:
            self._gate.move(0.0, 0)
            self._open_gate()

    def _write_block(self, programme: Programme) -> None:
        match self._mode:
            case _Still():
                self._delivery.pause(silence(BLOCK_FRAMES))
            case _Playing():
                block = programme.read(BLOCK_FRAMES)
                self._deliver(block)
                if not len(block):
                    self._mode = _Left("finished")
            case _Pausing() | _Leaving():
                self._fade_further(programme)
            case _Left():
                pass
            case _:
                assert_never(self._mode)

    def _fade_further(self, programme: Programme) -> None:
        block = programme.read(max(1, min(BLOCK_FRAMES, self._gate.frames_left)))
        self._deliver(block)
        if self._gate.frames_left and len(block):
            return
        if isinstance(self._mode, _Leaving):
            self._mode = _Left(self._mode.reason)
        else:
            self._mode = _Still()
            self._emit(Paused())

    def _deliver(self, block: Block) -> None:
        self._tell_posted()
        awake = self._sleep.apply(self._gate.apply(block), self._written_position)
        self._delivery.music(self._volume.apply(awake), self._seconds_ahead)
        if self._sleep.resumes_at is not None and not isinstance(self._mode, _Left):
            self._mode = _Left("asleep")

    def _written_position(self) -> Position:
        assert self._programme is not None
        return self._programme.timeline.position

    def _seconds_ahead(self) -> float:
        left = self._programme.timeline.frames_left if self._programme is not None else 0
        return seconds(left) + self._supply.seconds_ahead

    def _tell_posted(self) -> None:
        while not self._posted.empty():
            self._emit(self._posted.get())

    def _following(self, index: int, _at_seam: bool) -> Following:
        return self._supply.following(index)

    def _turned(self, turn: Turn) -> None:
        self._heard.turned(turn)
        self._supply.playing(turn.position.segment_index)

    def _leave_when_ended(self) -> None:
        session = self._supply.session
        if session is None:
            return
        if session.is_over and self._was_active and not isinstance(self._mode, _Leaving):
            self._leave("ended", ENDED_FADE_FRAMES)
        self._was_active = self._was_active or not session.is_over

    def _obey_all(self) -> None:
        while not self._commands.empty():
            self._obey(self._commands.get())

    def _obey(self, command: Command) -> None:
        match command:
            case Pause():
                self._pause()
            case Resume():
                self._resume()
            case Toggle():
                self._resume() if isinstance(self._mode, _Still | _Pausing) else self._pause()
            case Skip():
                self._skip()
            case SetVolume() | ChangeVolume():
                self._turn_knob(command)
            case ToggleMute():
                self._toggle_mute()
            case SleepAfter() | StayAwake():
                self._set_sleep_timer(command)
            case Quit():
                self._leave("quit", FADE_FRAMES)
            case _:
                assert_never(command)

    def _pause(self) -> None:
        if isinstance(self._mode, _Playing):
            self._mode = _Pausing()
            self._gate.move(0.0, FADE_FRAMES)

    def _resume(self) -> None:
        if isinstance(self._mode, _Pausing | _Still):
            self._mode = _Playing()
            self._open_gate()
            self._emit(Resumed())

    def _open_gate(self) -> None:
        self._gate.move(1.0, FADE_FRAMES)

    def _skip(self) -> None:
        if self._programme is None or isinstance(self._mode, _Leaving):
            return
        if self._programme.timeline.is_last:
            self._leave("finished", FADE_FRAMES)
        else:
            self._programme.timeline.skip()

    def _toggle_mute(self) -> None:
        self._volume.toggle_mute()
        self._emit(VolumeChanged(self._volume.volume, self._volume.muted))

    def _turn_knob(self, command: SetVolume | ChangeVolume) -> None:
        wanted = command.volume if isinstance(command, SetVolume) else self._volume.volume + command.delta
        self._volume.turn(wanted)
        self._emit(VolumeChanged(self._volume.volume, self._volume.muted))

    def _set_sleep_timer(self, command: SleepAfter | StayAwake) -> None:
        match command:
            case SleepAfter(after_s, fade_s):
                self._emit(SleepTimerSet(after_s, self._sleep.set(after_s, fade_s)))
            case StayAwake():
                self._sleep.cancel()
                self._emit(SleepTimerSet(None))

    def _leave(self, reason: str, fade_frames: int) -> None:
        if self._programme is None or isinstance(self._mode, _Still):
            self._mode = _Left(reason)
        elif not isinstance(self._mode, _Left):
            self._mode = _Leaving(reason)
            self._gate.move(0.0, fade_frames)
