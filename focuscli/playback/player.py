"""The player: takes commands, emits events, and keeps the sound going."""

import queue
from collections.abc import Callable
from contextlib import suppress
from typing import assert_never

from focuscli.clock import Clock, SystemClock
from focuscli.errors import DeviceLost, FocusError, SoundError
from focuscli.events import (
    DeviceGone,
    DeviceOpened,
    Event,
    PlaybackEnded,
    SleepTimerSet,
    VolumeChanged,
)
from focuscli.playback.commands import (
    ChangeVolume,
    Command,
    Pause,
    Previous,
    Quit,
    Reopen,
    Resume,
    SeekBy,
    SeekTo,
    SetMuted,
    SetVolume,
    Skip,
    SleepAfter,
    StayAwake,
    Toggle,
    ToggleMute,
)
from focuscli.playback.deck import BLOCK_FRAMES, Deck, Ending, Leaving, Left, Pausing, Still
from focuscli.playback.decoder import Decoder
from focuscli.playback.delivery import Delivery
from focuscli.playback.desk import FADE_FRAMES, Desk
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.heard import Heard
from focuscli.playback.outset import place_at, session_s
from focuscli.playback.patience import Patience
from focuscli.playback.positions import Position
from focuscli.playback.route import Route
from focuscli.playback.sink import Sink
from focuscli.playback.source import SessionFeed
from focuscli.playback.supply import Supply
from focuscli.playback.timeline import Late, Next
from focuscli.playback.volume import Volume
from focuscli.units import frames, seconds

WAIT_FRAMES = frames(0.4)
"""A device is written to when it has room for this: the processor is woken so seldom. Commands wait for none of it."""

ENDED_FADE_FRAMES = frames(1.5)

WORK_FRAMES = frames(0.02)
"""How far ahead of the device a change is made: it takes a while to compute."""

JUMP_WORK_FRAMES = frames(0.03)
"""And into another place, whose file must be opened and compared."""

LOOK_S = 0.025
"""How often it is seen whether a device is still there: so much more than it held is played again when it is not."""

TOLD_S = 0.2
"""How often it is told meanwhile where the sound is."""

ASKED_EVERY_S = 0.3
"""How often a device that went away is looked for."""


class Player:
    """Plays one session into one sink.

    `run` mixes in the calling thread; asking, fetching and preparing happen in a thread of the player's own.
    `emit` is called from the mixing thread only, in order, and must not block. `started_monotonic` is the moment,
    on the clock's monotonic scale, from which the time to the first sound counts. `rise_s` lets the sound rise from
    silence over so many seconds at its beginning.

    A device may hold seconds of sound. A command takes back what has not been played of it, changes it from there
    on, and writes it anew; the gains are functions of the frame's number, so nothing else is different.
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
        self._desk = Desk(volume, muted, frames(rise_s))
        self._heard = Heard(self._start_at)
        self._skips_from: int | None = None
        self._goal: Position | None = None
        self._was_active = False
        self._delivery = Delivery(sink, self._heard, emit, lambda: self._clock.monotonic() - self._started)
        self._deck = Deck(sink, self._heard, self._delivery, self._desk, emit)

    def send(self, command: Command) -> None:
        """Ask for something; may be called from any thread, never blocks."""
        self._commands.put(command)

    @property
    def position(self) -> Position:
        """The place of the next frame to be heard; to be read in the mixing thread, as from `emit`."""
        return self._heard.position

    def run(self) -> Position:
        """Play until the session is finished or ended, or until told to quit; blocks.

        Returns the place where the sound stopped, or, after the sleep timer, where it began to fall. A device that
        goes away is waited for. Raises FocusError (after PlaybackEnded("failed") was emitted) when the sink fails
        otherwise, or when nothing can be got from the engine.
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
            if self._deck.route is not None:
                self._deck.route.close()
        self._tell_posted()
        self._emit(PlaybackEnded(reason))
        falls_at = self._desk.sleep.falls_at
        return self._heard.place(falls_at) if reason == "asleep" and falls_at is not None else self._heard.position

    def _play(self) -> str:
        self._open()
        try:
            self._tell_volume()
            reason = self._play_into_open_sink()
            if self._deck.is_open:
                self._drain()
        except BaseException:
            if self._deck.is_open:
                self._sink.abort()
            raise
        finally:
            self._sink.close()
        if self._supply.error is not None and reason == "finished":
            raise self._supply.error
        return reason

    def _open(self) -> None:
        self._sink.open()
        self._deck.is_open = True
        self._emit(DeviceOpened(self._sink.name, self._sink.latency_s))

    def _drain(self) -> None:
        try:
            self._sink.drain()
        except DeviceLost:
            if not self._sink.returns:
                raise
            return  # with the last of it; there is nothing to wait for
        self._delivery.tell(self._seconds_ahead)

    def _play_into_open_sink(self) -> str:
        while not isinstance(self._deck.mode, Left):
            try:
                self._step()
            except DeviceLost:
                if not self._sink.returns:
                    raise
                self._wait_for_device()
        return self._deck.mode.reason

    def _step(self) -> None:
        self._tell_posted()
        while not self._commands.empty():
            self._obey(self._commands.get())
        if self._deck.route is None:
            self._begin()
            return
        self._leave_when_ended()
        self._skip_when_possible()
        self._land_when_possible(self._deck.route)
        if isinstance(self._deck.mode, Ending):
            self._end(self._deck.mode)
        elif not isinstance(self._deck.mode, Left):
            self._write_or_wait(self._deck.route)

    def _begin(self) -> None:
        """Wait a moment for the first segment; nothing is written before it, so nothing can run dry."""
        if isinstance(self._deck.mode, Left) or not self._supply.wait_first(0.02):
            return
        first, session = self._supply.first, self._supply.session
        if first is None or session is None:
            self._deck.mode = Left("finished")
            return
        at_frame = self._start_at.frame if first.segment_index == self._start_at.segment_index else 0
        begins_s = session_s(session, Position(first.segment_index, at_frame))
        self._heard.begins(begins_s)
        self._deck.route = Route(self._supply, self._heard, first, at_frame, begins_s)
        if at_frame or first.segment_index:
            self._desk.enter(0)

    def _write_or_wait(self, route: Route) -> None:
        room = self._sink.room_frames
        if room >= BLOCK_FRAMES:
            self._deck.write(route, room)
            self._tell_posted()
            self._delivery.tell(self._seconds_ahead)
        else:
            most = WAIT_FRAMES if self._goal is None else BLOCK_FRAMES
            self._wait(seconds(min(most, (room + self._sink.queued_frames) // 2) - room))

    def _end(self, ending: Ending) -> None:
        """Listen for other wishes until the last frame is out of reach."""
        loose = self._sink.loose_frames
        if loose <= 0:
            self._deck.mode = Left(ending.reason)
        else:
            self._delivery.tell(self._seconds_ahead)
            self._wait(min(0.1, seconds(loose)))

    def _wait(self, timeout_s: float) -> None:
        """Until it is time to write, or until somebody wants something; where the device is is noted meanwhile."""
        while timeout_s > 0.0:
            self._delivery.tell(self._seconds_ahead)
            part_s = min(TOLD_S, timeout_s)
            if (command := self._command_within(part_s)) is not None:
                self._obey(command)
                return
            timeout_s -= part_s

    def _command_within(self, timeout_s: float) -> Command | None:
        """What is asked for first in that time; what finds the device gone does not wait any longer."""
        while timeout_s > 0.0:
            with suppress(queue.Empty):
                return self._commands.get(timeout=max(0.001, min(LOOK_S, timeout_s)))
            timeout_s = timeout_s - LOOK_S if self._sink.is_there else 0.0
        return None

    def _wait_for_device(self) -> None:
        """Its frames are lost, and will be played again by the next one; until then only commands are obeyed."""
        self._emit(DeviceGone(self._sink.name))
        self._let_device_go()
        self._open_when_possible()

    def _reopen(self) -> None:
        """The old output plays the fade to its end; the next one goes on from there."""
        if not self._deck.is_open or not self._sink.returns:
            return
        self._deck.fade_away(WORK_FRAMES)
        self._drain()
        self._let_device_go()
        try:
            self._open()
        except SoundError:
            self._emit(DeviceGone(self._sink.name))
            self._open_when_possible()

    def _let_device_go(self) -> None:
        self._deck.lose_device()
        self._sink.close()

    def _open_when_possible(self) -> None:
        while not self._deck.is_open and not isinstance(self._deck.mode, Left):
            self._tell_posted()
            with suppress(SoundError):
                self._open()
                return
            with suppress(queue.Empty):
                self._obey(self._commands.get(timeout=ASKED_EVERY_S))

    def _seconds_ahead(self) -> float:
        left = self._deck.route.frames_left if self._deck.route is not None else 0
        return seconds(left) + self._supply.seconds_ahead

    def _tell_posted(self) -> None:
        while not self._posted.empty():
            self._emit(self._posted.get())

    def _leave_when_ended(self) -> None:
        session = self._supply.session
        if session is None:
            return
        if session.is_over and self._was_active and not isinstance(self._deck.mode, Leaving | Left):
            with self._deck.changing(WORK_FRAMES):
                self._deck.leave("ended", ENDED_FADE_FRAMES)
        self._was_active = self._was_active or not session.is_over

    def _obey(self, command: Command) -> None:
        """Change what has not been heard yet, and all that follows."""
        if isinstance(self._deck.mode, Leaving | Left):
            return
        match command:
            case Skip():
                self._skips_from = self._here()
                self._skip_when_possible()
            case Previous():
                self._go_back()
            case SeekBy(by_s):
                self._seek(self._there_s + by_s)
            case SeekTo(to_s):
                self._seek(to_s)
            case Reopen():
                self._reopen()
            case _:
                with self._deck.changing(WORK_FRAMES) as at:
                    self._change(command, at)

    def _change(self, command: Command, at: int) -> None:
        match command:
            case Pause():
                self._deck.pause(at)
            case Resume():
                self._deck.resume(at)
            case Toggle():
                self._deck.resume(at) if isinstance(self._deck.mode, Still | Pausing) else self._deck.pause(at)
            case SetVolume() | ChangeVolume() | SetMuted() | ToggleMute():
                turn(self._desk.volume, command, at)
                self._tell_volume()
            case SleepAfter(after_s, fade_s, ends):
                self._emit(SleepTimerSet(after_s, self._desk.sleep.set(after_s, fade_s, at, ends=ends)))
            case StayAwake():
                self._desk.sleep.cancel(at)
                self._emit(SleepTimerSet(None))
            case Quit():
                self._deck.leave("quit", FADE_FRAMES)
            case Skip() | Previous() | SeekBy() | SeekTo() | Reopen():
                raise AssertionError(command)
            case _:
                assert_never(command)

    def _tell_volume(self) -> None:
        self._emit(VolumeChanged(self._desk.volume.volume, self._desk.volume.muted))

    def _here(self) -> int | None:
        return None if self._deck.route is None else self._heard.position.segment_index

    def _skip_when_possible(self) -> None:
        """As soon as it is known what follows the segment that was to be left."""
        if self._skips_from is None or self._deck.route is None or isinstance(self._deck.mode, Leaving | Left):
            return
        if self._here() != self._skips_from:
            self._skips_from = None
            return
        following = self._deck.route.following(self._skips_from)
        if isinstance(following, Late):
            return
        self._skips_from = None
        if isinstance(following, Next):
            self._deck.jump(self._deck.route, Position(following.prepared.segment_index, 0), JUMP_WORK_FRAMES)
        else:
            with self._deck.changing(WORK_FRAMES):
                self._deck.leave("finished", FADE_FRAMES)

    def _go_back(self) -> None:
        route = self._deck.route
        if route is not None:
            self._go(route, Position(route.before(self._heard.position), 0))

    def _seek(self, to_s: float) -> None:
        route, session = self._deck.route, self._supply.session
        place = None if session is None else place_at(session, to_s)
        if route is not None and place is not None:
            self._go(route, place)

    @property
    def _there_s(self) -> float:
        """Where in the session the sound is, or is about to be."""
        session = self._supply.session
        return self._heard.landed_s if self._goal is None or session is None else session_s(session, self._goal)

    def _go(self, route: Route, place: Position) -> None:
        """Cross over to that place, at once, or as soon as its segment is here."""
        self._skips_from = None
        if route.knows(place.segment_index):
            self._deck.jump(route, place, JUMP_WORK_FRAMES)
        else:
            self._goal = place
            self._supply.go_to(place.segment_index)

    def _land_when_possible(self, route: Route) -> None:
        head = self._supply.first
        if self._goal is None or head is None or isinstance(self._deck.mode, Leaving | Left):
            return
        goal, self._goal = self._goal, None
        route.learn(head)
        frame = goal.frame if head.segment_index == goal.segment_index else 0
        self._deck.jump(route, Position(head.segment_index, frame), JUMP_WORK_FRAMES)


def turn(volume: Volume, command: SetVolume | ChangeVolume | SetMuted | ToggleMute, at: int) -> None:
    """What is asked of the knob, from frame `at` on."""
    match command:
        case SetVolume(percent):
            volume.turn(percent, at)
        case ChangeVolume(delta):
            volume.turn(volume.volume + delta, at)
        case SetMuted(muted):
            volume.mute(muted, at)
        case ToggleMute():
            volume.mute(not volume.muted, at)
        case _:
            assert_never(command)
