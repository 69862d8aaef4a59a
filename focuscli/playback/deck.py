"""What is being written to the sink: how the music goes on from one frame to the next, and what of it is changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import assert_never

from focuscli.audio.block import silence
from focuscli.events import Event, Paused, Resumed
from focuscli.playback.delivery import Delivery, Piece
from focuscli.playback.desk import Desk
from focuscli.playback.heard import Heard
from focuscli.playback.positions import Position
from focuscli.playback.route import Route
from focuscli.playback.sink import Sink
from focuscli.units import frames

BLOCK_FRAMES = 4800
"""0.1 s."""

MOST_FRAMES = 24_000
"""Who was held up writes more at once: each look at the clock may hold him up again."""

UNLIMITED_FRAMES = 1 << 20
"""Nobody is held up who writes into what has room for more than this."""

SOON_FRAMES = frames(1.5)
"""How much is changed first. The rest is old for the moment that it takes to compute it."""


@dataclass(frozen=True, slots=True)
class Playing:
    """The music goes on."""


@dataclass(frozen=True, slots=True)
class Pausing:
    """The music fades into a pause."""


@dataclass(frozen=True, slots=True)
class Still:
    """Silence keeps the device running."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """The music fades for good."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ending:
    """All is written, but not all is heard: there is time yet to think otherwise."""

    reason: str


@dataclass(frozen=True, slots=True)
class Left:
    """Nothing more will be written."""

    reason: str


Mode = Playing | Pausing | Still | Leaving | Ending | Left


class Deck:
    """The reel under the desk's gains, written to the sink; used from the mixing thread only.

    Until there is a `route` nothing is written, and while the sink is not open nothing is taken back.
    """

    def __init__(self, sink: Sink, heard: Heard, delivery: Delivery, desk: Desk, emit: Callable[[Event], None]) -> None:
        self._sink = sink
        self._heard = heard
        self._delivery = delivery
        self._desk = desk
        self._emit = emit
        self._decided = 0
        self.route: Route | None = None
        self.mode: Mode = Playing()
        self.is_open = False

    def write(self, route: Route, room: int) -> None:
        """What comes next, as far as there is room; may block, raises DeviceLost."""
        self._delivery.write(
            [self._next_piece(route, min(room, MOST_FRAMES) if room < UNLIMITED_FRAMES else BLOCK_FRAMES)]
        )
        self._after_writing(route)

    @contextmanager
    def changing(self, work_frames: int) -> Iterator[int]:
        """Take back what can still be changed after so many frames of work, and write it anew afterwards.

        Yields the frame of music from which on it is changed.
        """
        count = self._take_back(work_frames)
        yield self.route.reel.at if self.route is not None else 0
        if self.route is not None and count:
            for part in (min(count, SOON_FRAMES), count - SOON_FRAMES):
                if part > 0:
                    self._write_anew(self.route, part)
            self._after_writing(self.route)

    def fade_away(self, work_frames: int) -> None:
        """Let what is written end in a short fade, as soon as that can still be heard."""
        self._take_back(work_frames)
        if self.route is None or not isinstance(self.mode, Playing | Pausing):
            return
        at = self.route.reel.at
        if isinstance(self.mode, Playing):
            self._desk.shut(at)
        self._delivery.write([Piece(self._desk.apply(self.route.reel.read(self._desk.until_shut(at)), at))])

    def lose_device(self) -> None:
        """What it held will be played again by the next one, from silence."""
        self.is_open = False
        self._delivery.lose()
        if self.route is not None:
            self.route.reel.back_to(self._heard.music_frames)
            if isinstance(self.mode, Playing | Ending):
                self.mode = Playing()
                self._desk.enter(self.route.reel.at)
        self._decided = self._delivery.frames

    def pause(self, at: int) -> None:
        """Fade into silence, where music plays."""
        if isinstance(self.mode, Playing):
            self.mode = Pausing()
            self._desk.shut(at)

    def resume(self, at: int) -> None:
        """Go on, where it is paused."""
        if isinstance(self.mode, Pausing | Still):
            self.mode = Playing()
            self._desk.open(at)
            self._emit(Resumed())

    def leave(self, reason: str, fade_frames: int) -> None:
        """Fade for good, where anything sounds."""
        if self.route is None or not self.is_open or isinstance(self.mode, Still):
            self.mode = Left(reason)
        else:
            self.mode = Leaving(reason)
            self._desk.shut(self.route.reel.at, fade_frames)

    def jump(self, route: Route, to: Position, work_frames: int) -> None:
        """Cross over into a segment that the route knows."""
        with self.changing(work_frames):
            route.jump(to.segment_index, to.frame)
            if isinstance(self.mode, Ending):
                self.mode = Playing()

    def _take_back(self, work_frames: int) -> int:
        """As much as is not decided yet; how much that is."""
        if self.route is None or not self.is_open:
            return 0
        count = max(0, min(self._sink.loose_frames - work_frames, self._delivery.frames - self._decided))
        self.route.reel.back_to(self.route.reel.at - self._delivery.take_back(count))
        self._decided = self._delivery.frames
        if isinstance(self.mode, Still) and self._desk.until_shut(self.route.reel.at):
            self.mode = Pausing()
        if isinstance(self.mode, Ending) and count:
            self.mode = Playing()
        return count

    def _write_anew(self, route: Route, count: int) -> None:
        """At once: old sound must not come back in between, whoever holds us up."""
        pieces: list[Piece] = []
        missing = count
        while missing > 0 and not isinstance(self.mode, Ending | Left):
            piece = self._next_piece(route, min(missing, MOST_FRAMES))
            pieces.append(piece)
            missing -= len(piece.block)
        if not isinstance(self.mode, Left):  # then nobody waits for what was taken back
            pieces.append(Piece(silence(missing), is_music=False))
        self._delivery.write(pieces)

    def _after_writing(self, route: Route) -> None:
        route.reel.forget(self._heard.music_frames)
        if isinstance(self.mode, Pausing) and not self._desk.until_shut(route.reel.at):
            self.mode = Still()
            self._emit(Paused())

    def _next_piece(self, route: Route, most: int) -> Piece:
        """What comes next, as far as it is one thing, and up to so many frames."""
        at, left = route.reel.at, self._desk.until_shut(route.reel.at)
        match self.mode:
            case Still():
                return Piece(silence(most), is_music=False)
            case Pausing() | Leaving():
                if not left:
                    return self._nothing_more(most)
                most = min(most, left)
            case Playing() | Ending() | Left():
                pass
            case _:
                assert_never(self.mode)
        silent_at = self._desk.sleep.silent_at
        if silent_at is not None:
            most = max(0, min(most, silent_at - at))
        block = self._desk.apply(route.reel.read(most), at)
        if not len(block) and not isinstance(self.mode, Leaving):
            self.mode = Ending("finished" if silent_at is None or at < silent_at else self._desk.sleep.reason)
        elif not len(block):
            return self._nothing_more(most)
        return Piece(block)

    def _nothing_more(self, most: int) -> Piece:
        if isinstance(self.mode, Leaving):
            self.mode = Left(self.mode.reason)
        return Piece(silence(most if isinstance(self.mode, Pausing) else 0), is_music=False)
