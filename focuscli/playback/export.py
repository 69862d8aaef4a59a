"""A whole session into a file or pipe, through the same pipeline that is heard."""

import queue
from collections.abc import Callable

from focuscli.clock import Clock, SystemClock
from focuscli.errors import FocusError
from focuscli.events import Event, PlaybackEnded
from focuscli.playback.decoder import Decoder
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.heard import Heard
from focuscli.playback.patience import Patience
from focuscli.playback.positions import Position
from focuscli.playback.programme import Programme
from focuscli.playback.sink import Sink
from focuscli.playback.source import SessionFeed
from focuscli.playback.supply import Supply
from focuscli.playback.timeline import Following, Timeline, Turn

BLOCK_FRAMES = 16_384


def export(
    feed: SessionFeed,
    fetcher: MediaFetcher,
    sink: Sink,
    emit: Callable[[Event], None],
    *,
    clock: Clock | None = None,
    patience: Patience | None = None,
    decoder: Decoder | None = None,
) -> None:
    """Write all segments of a session, waiting for those that are not ready; blocks until the last is written.

    An ended session gives what was ready. `emit` is called from the calling thread only. Raises FocusError (after
    PlaybackEnded("failed") was emitted) when the engine or the sink fails; an unfinished file is removed.
    """
    posted: queue.SimpleQueue[Event] = queue.SimpleQueue()
    supply = Supply(feed, fetcher, posted.put, clock=clock or SystemClock(), patience=patience, decoder=decoder)
    supply.start()
    try:
        _Export(supply, sink, emit, posted).run()
    except FocusError as exc:
        emit(PlaybackEnded("failed", exc.message))
        raise
    finally:
        supply.stop()
    emit(PlaybackEnded("finished"))


class _Export:
    def __init__(
        self, supply: Supply, sink: Sink, emit: Callable[[Event], None], posted: queue.SimpleQueue[Event]
    ) -> None:
        self._supply = supply
        self._sink = sink
        self._emit = emit
        self._posted = posted
        self._heard = Heard(Position(0, 0))

    def run(self) -> None:
        self._sink.open()
        try:
            self._write_all()
            self._sink.drain()
        except BaseException:
            self._sink.abort()
            raise
        finally:
            self._sink.close()

    def _write_all(self) -> None:
        self._wait(lambda: self._supply.wait_first(0.1))
        if self._supply.first is None:
            raise self._supply.error or FocusError("the session holds no segment that can be played")
        timeline = Timeline(self._supply.first, 0, self._following, self._turned)
        programme = Programme(timeline)
        try:
            while len(block := programme.read(BLOCK_FRAMES)):
                self._sink.write(block)
                self._heard.wrote(len(block), is_music=True)
                self._tell()
        finally:
            timeline.close()
        if self._supply.error is not None:
            raise self._supply.error

    def _following(self, index: int, at_seam: bool) -> Following:
        if at_seam:
            self._wait(lambda: self._supply.wait_following(index, 0.1))
        return self._supply.following(index)

    def _wait(self, is_over: Callable[[], bool]) -> None:
        """Wait without going silent: what happens meanwhile is told."""
        while not is_over():
            self._tell()

    def _turned(self, turn: Turn) -> None:
        self._heard.turned(turn)
        self._supply.playing(turn.position.segment_index)

    def _tell(self) -> None:
        while not self._posted.empty():
            self._emit(self._posted.get())
        for event in self._heard.advance(0):
            self._emit(event)
