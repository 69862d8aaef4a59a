"""The player: takes commands, emits events, and keeps the sound going."""

import queue
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import assert_never

from focuscli.audio.block import silence
from focuscli.clock import Clock, SystemClock
from focuscli.errors import DeviceLost, FocusError, SoundError
from focuscli.events import (
    DeviceGone,
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
    Previous,
    Quit,
    Resume,
    SetMuted,
    SetVolume,
    Skip,
    SleepAfter,
    StayAwake,
    Toggle,
    ToggleMute,
)
from focuscli.playback.delivery import Delivery, Piece
from focuscli.playback.desk import FADE_FRAMES, Desk
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.heard import Heard
from focuscli.playback.outset import starts_s
from focuscli.playback.positions import Position
from focuscli.playback.route import Route
from focuscli.playback.sink import Sink
from focuscli.playback.source import SessionFeed
from focuscli.playback.supply import Patience, Supply
from focuscli.playback.timeline import Late, Next
from focuscli.playback.volume import Volume
from focuscli.units import frames, seconds

BLOCK_FRAMES = 4800
"""0.1 s."""

WAIT_FRAMES = 2 * BLOCK_FRAMES
"""A device is written to when it has room for this: the processor is woken so seldom. Commands wait for none of it."""

MOST_FRAMES = 24_000
"""Who was held up writes more at once: each look at the clock may hold him up again."""

UNLIMITED_FRAMES = 1 << 20
"""Nobody is held up who writes into what has room for more than this."""

ENDED_FADE_FRAMES = frames(1.5)

WORK_FRAMES = frames(0.02)
"""How far ahead of the device a change is made: it takes a while to compute."""

JUMP_WORK_FRAMES = frames(0.03)
"""And into another place, whose file must be opened and compared."""

SOON_FRAMES = frames(1.5)
"""How much is changed first. The rest is old for the moment that it takes to compute it."""

ASKED_EVERY_S = 0.3
"""How often a device that went away is looked for."""


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
class _Ending:
    """All is written, but not all is heard: there is time yet to think otherwise."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Left:
    """Nothing more will be written."""

    reason: str


_Mode = _Playing | _Pausing | _Still | _Leaving | _Ending | _Left


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
        )
        self._desk = Desk(volume, muted, frames(rise_s))
        self._heard = Heard(self._start_at)
        self._mode: _Mode = _Playing()
        self._route: Route | None = None
        self._skips_from: int | None = None
        self._decided = 0
        self._is_open = False
        self._was_active = False
        self._delivery = Delivery(sink, self._heard, emit, lambda: self._clock.monotonic() - self._started)

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
            if self._route is not None:
                self._route.close()
        self._tell_posted()
        self._emit(PlaybackEnded(reason))
        falls_at = self._desk.sleep.falls_at
        return self._heard.place(falls_at) if reason == "asleep" and falls_at is not None else self._heard.position

    def _play(self) -> str:
        self._open()
        try:
            self._tell_volume()
            reason = self._play_into_open_sink()
            if self._is_open:
                self._drain()
        except BaseException:
            if self._is_open:
                self._sink.abort()
            raise
        finally:
            self._sink.close()
        if self._supply.error is not None and reason == "finished":
            raise self._supply.error
        return reason

    def _open(self) -> None:
        self._sink.open()
        self._is_open = True
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
        while not isinstance(self._mode, _Left):
            try:
                self._step()
            except DeviceLost:
                if not self._sink.returns:
                    raise
                self._wait_for_device()
        return self._mode.reason

    def _step(self) -> None:
        self._tell_posted()
        while not self._commands.empty():
            self._obey(self._commands.get())
        if self._route is None:
            self._begin()
            return
        self._leave_when_ended()
        self._skip_when_possible()
        if isinstance(self._mode, _Ending):
            self._end(self._mode)
        elif not isinstance(self._mode, _Left):
            self._write_or_wait(self._route)

    def _begin(self) -> None:
        """Wait a moment for the first segment; nothing is written before it, so nothing can run dry."""
        if isinstance(self._mode, _Left) or not self._supply.wait_first(0.02):
            return
        first, session = self._supply.first, self._supply.session
        if first is None or session is None:
            self._mode = _Left("finished")
            return
        at_frame = self._start_at.frame if first.segment_index == self._start_at.segment_index else 0
        begins_s = self._delivery.base_s = starts_s(session, first.segment_index) + seconds(at_frame)
        self._route = Route(self._supply, self._heard, first, at_frame, begins_s)
        if at_frame or first.segment_index:
            self._desk.enter(0)

    def _write_or_wait(self, route: Route) -> None:
        room = self._sink.room_frames
        if room >= BLOCK_FRAMES:
            most = min(room, MOST_FRAMES) if room < UNLIMITED_FRAMES else BLOCK_FRAMES
            self._delivery.write([self._next_piece(route, most)])
            self._after_writing(route)
        else:
            self._wait(seconds(WAIT_FRAMES - room))

    def _after_writing(self, route: Route) -> None:
        self._tell_posted()
        self._delivery.tell(self._seconds_ahead)
        route.reel.forget(self._heard.music_frames)
        if isinstance(self._mode, _Pausing) and not self._desk.until_shut(route.reel.at):
            self._mode = _Still()
            self._emit(Paused())

    def _next_piece(self, route: Route, most: int) -> Piece:
        """What comes next, as far as it is one thing, and up to so many frames."""
        at, left = route.reel.at, self._desk.until_shut(route.reel.at)
        match self._mode:
            case _Still():
                return Piece(silence(most), is_music=False)
            case _Pausing() | _Leaving():
                if not left:
                    return self._nothing_more(most)
                most = min(most, left)
            case _Playing() | _Ending() | _Left():
                pass
            case _:
                assert_never(self._mode)
        silent_at = self._desk.sleep.silent_at
        if silent_at is not None:
            most = max(0, min(most, silent_at - at))
        block = self._desk.apply(route.reel.read(most), at)
        if not len(block) and not isinstance(self._mode, _Leaving):
            self._mode = _Ending("finished" if silent_at is None or at < silent_at else "asleep")
        elif not len(block):
            return self._nothing_more(most)
        return Piece(block)

    def _nothing_more(self, most: int) -> Piece:
        if isinstance(self._mode, _Leaving):
            self._mode = _Left(self._mode.reason)
        return Piece(silence(most if isinstance(self._mode, _Pausing) else 0), is_music=False)

    def _end(self, ending: _Ending) -> None:
        """Listen for other wishes until the last frame is out of reach."""
        loose = self._sink.loose_frames
        if loose <= 0:
            self._mode = _Left(ending.reason)
        else:
            self._delivery.tell(self._seconds_ahead)
            self._wait(min(0.1, seconds(loose)))

    def _wait(self, timeout_s: float) -> None:
        """Until it is time to write, or until somebody wants something."""
        self._delivery.tell(self._seconds_ahead)
        with suppress(queue.Empty):
            self._obey(self._commands.get(timeout=max(0.001, timeout_s)))

    def _wait_for_device(self) -> None:
        """Its frames are lost, and will be played again by the next one; until then only commands are obeyed."""
        self._emit(DeviceGone(self._sink.name))
        self._is_open = False
        self._delivery.lose()
        self._sink.close()
        if self._route is not None:
            self._route.reel.back_to(self._heard.music_frames)
            if isinstance(self._mode, _Playing | _Ending):
                self._mode = _Playing()
                self._desk.enter(self._route.reel.at)
        self._decided = self._delivery.frames
        while not self._is_open and not isinstance(self._mode, _Left):
            self._tell_posted()
            with suppress(SoundError):
                self._open()
                return
            with suppress(queue.Empty):
                self._obey(self._commands.get(timeout=ASKED_EVERY_S))

    def _take_back(self, work_frames: int) -> int:
        """As much as can still be changed after so many frames of work; how much that is."""
        if self._route is None or not self._is_open:
            return 0
        count = max(0, min(self._sink.loose_frames - work_frames, self._delivery.frames - self._decided))
        self._route.reel.back_to(self._route.reel.at - self._delivery.take_back(count))
        self._decided = self._delivery.frames
        if isinstance(self._mode, _Still) and self._desk.until_shut(self._route.reel.at):
            self._mode = _Pausing()
        if isinstance(self._mode, _Ending) and count:
            self._mode = _Playing()
        return count

    def _write_anew(self, count: int) -> None:
        """All that was taken back: much at once, for old sound must not come back, whoever holds us up."""
        if self._route is None:
            return
        for part in (min(count, SOON_FRAMES), count - SOON_FRAMES):
            if part > 0:
                self._write_part_anew(self._route, part)
        if count:
            self._after_writing(self._route)

    def _write_part_anew(self, route: Route, count: int) -> None:
        pieces: list[Piece] = []
        missing = count
        while missing > 0 and not isinstance(self._mode, _Ending | _Left):
            piece = self._next_piece(route, min(missing, BLOCK_FRAMES))
            pieces.append(piece)
            missing -= len(piece.block)
        pieces.append(Piece(silence(missing), is_music=False))
        self._delivery.write(pieces)

    def _seconds_ahead(self) -> float:
        left = self._route.frames_left if self._route is not None else 0
        return seconds(left) + self._supply.seconds_ahead

    def _tell_posted(self) -> None:
        while not self._posted.empty():
            self._emit(self._posted.get())

    def _leave_when_ended(self) -> None:
        session = self._supply.session
        if session is None:
            return
        if session.is_over and self._was_active and not isinstance(self._mode, _Leaving | _Left):
            count = self._take_back(WORK_FRAMES)
            self._leave("ended", ENDED_FADE_FRAMES)
            self._write_anew(count)
        self._was_active = self._was_active or not session.is_over

    def _obey(self, command: Command) -> None:
        """Change what has not been heard yet, and all that follows."""
        if isinstance(self._mode, _Leaving | _Left):
            return
        match command:
            case Skip():
                self._skips_from = self._here()
                self._skip_when_possible()
            case Previous():
                self._go_back()
            case _:
                count = self._take_back(WORK_FRAMES)
                self._change(command, self._route.reel.at if self._route is not None else 0)
                self._write_anew(count)

    def _change(self, command: Command, at: int) -> None:
        match command:
            case Pause():
                self._pause(at)
            case Resume():
                self._resume(at)
            case Toggle():
                self._resume(at) if isinstance(self._mode, _Still | _Pausing) else self._pause(at)
            case SetVolume() | ChangeVolume() | SetMuted() | ToggleMute():
                turn(self._desk.volume, command, at)
                self._tell_volume()
            case SleepAfter(after_s, fade_s):
                self._emit(SleepTimerSet(after_s, self._desk.sleep.set(after_s, fade_s, at)))
            case StayAwake():
                self._desk.sleep.cancel(at)
                self._emit(SleepTimerSet(None))
            case Quit():
                self._leave("quit", FADE_FRAMES)
            case Skip() | Previous():
                raise AssertionError(command)
            case _:
                assert_never(command)

    def _pause(self, at: int) -> None:
        if isinstance(self._mode, _Playing):
            self._mode = _Pausing()
            self._desk.shut(at)

    def _resume(self, at: int) -> None:
        if isinstance(self._mode, _Pausing | _Still):
            self._mode = _Playing()
            self._desk.open(at)
            self._emit(Resumed())

    def _tell_volume(self) -> None:
        self._emit(VolumeChanged(self._desk.volume.volume, self._desk.volume.muted))

    def _here(self) -> int | None:
        return None if self._route is None else self._heard.position.segment_index

    def _skip_when_possible(self) -> None:
        """As soon as it is known what follows the segment that was to be left."""
        if self._skips_from is None or self._route is None or isinstance(self._mode, _Leaving | _Left):
            return
        if self._here() != self._skips_from:
            self._skips_from = None
            return
        following = self._route.following(self._skips_from)
        if isinstance(following, Late):
            return
        self._skips_from = None
        if isinstance(following, Next):
            self._jump(self._route, following.prepared.segment_index)
        else:
            count = self._take_back(WORK_FRAMES)
            self._leave("finished", FADE_FRAMES)
            self._write_anew(count)

    def _go_back(self) -> None:
        if self._route is not None:
            self._jump(self._route, self._route.before(self._heard.position))

    def _jump(self, route: Route, index: int) -> None:
        count = self._take_back(JUMP_WORK_FRAMES)
        route.jump(index)
        if isinstance(self._mode, _Ending):
            self._mode = _Playing()
        self._write_anew(count)

    def _leave(self, reason: str, fade_frames: int) -> None:
        if self._route is None or not self._is_open or isinstance(self._mode, _Still):
            self._mode = _Left(reason)
        else:
            self._mode = _Leaving(reason)
            self._desk.shut(self._route.reel.at, fade_frames)


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
