"""Keeps the next segments at hand: asks the engine, fetches, prepares and joins, in a thread of its own."""

import threading
from collections.abc import Callable

from focuscli.clock import Clock, parse_wire_time
from focuscli.errors import (
    EngineFailed,
    FocusError,
    LimitReached,
    MediaDamaged,
    MediaError,
    NotFound,
    NotSignedIn,
    TimedOut,
)
from focuscli.events import EngineQuiet, Event, SegmentFetched, SegmentSkipped
from focuscli.model import Segment, Session
from focuscli.playback.asking import Asking
from focuscli.playback.decoder import Decoder, TrustingDecoder
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.patience import Pace, Patience
from focuscli.playback.prepare import Prepared, prepare
from focuscli.playback.seam import join
from focuscli.playback.source import SessionFeed
from focuscli.playback.timeline import Following, Late, Next, NoMore
from focuscli.units import seconds

AHEAD = 2
"""Segments kept ready beyond the one that sounds, at least."""

AHEAD_S = 90.0
"""And more of them where they are short: the way into each is known a minute before it is due."""

MOST_AHEAD = 16

START_PATIENCE_S = 30.0
"""Before anything has been heard, an engine that cannot be reached for this long is an error."""

STOPPED_WITHIN_S = 0.2
"""Nobody who leaves waits longer for what is being fetched."""

MOST_LEFT_OUT = 3
"""So many in a row that cannot be played are no accident: the engine or its media server is wrong."""


class Supply:
    """The segments of one session from `start_index` on. `post` is called from the thread and must not block."""

    def __init__(
        self,
        feed: SessionFeed,
        fetcher: MediaFetcher,
        post: Callable[[Event], None],
        *,
        clock: Clock,
        start_index: int = 0,
        patience: Patience | None = None,
        decoder: Decoder | None = None,
    ) -> None:
        self._asking = Asking(feed, fetcher, post)
        self._fetcher = fetcher
        self._post = post
        self._clock = clock
        self._decoder = decoder or TrustingDecoder()
        self._patience = patience or Patience()
        self._pace = Pace(self._patience)
        self._next_index = start_index
        self._playing = start_index
        self._goal: int | None = None
        self._goes_over = False
        self._has_begun = False
        self._last: Prepared | None = None
        self._ways: dict[int, Next] = {}
        self._exhausted = False
        self._left_out = 0
        self._failing_since: float | None = None
        self._change = threading.Condition()
        self._stopped = False
        self._woken = False
        self._began = clock.monotonic()
        self._thread = threading.Thread(target=self._run, name="supply", daemon=True)
        self.first: Prepared | None = None
        self.error: FocusError | None = None
        """Why there will be no more, where that is not the session's end."""

    def start(self) -> None:
        """Begin to ask and fetch."""
        self._decoder.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop soon; a download that hangs is left to the daemon thread."""
        with self._change:
            self._stopped = True
            self._change.notify_all()
        self._decoder.close()
        self._thread.join(STOPPED_WITHIN_S)

    def following(self, index: int) -> Following:
        """What comes after that segment, as far as is known now."""
        with self._change:
            return self._following(index)

    def wait_following(self, index: int, timeout_s: float) -> bool:
        """Wait until it is known what comes after that segment; False when the time is over before."""
        with self._change:
            return self._change.wait_for(lambda: not isinstance(self._following(index), Late), timeout_s)

    def wait_first(self, timeout_s: float) -> bool:
        """Wait until there is a first segment or there will be none; False when the time is over before."""
        with self._change:
            return self._change.wait_for(lambda: self.first is not None or self._exhausted, timeout_s)

    def playing(self, index: int) -> None:
        """Segments up to this one will not be asked for again: drop them, fetch further ones."""
        with self._change:
            if self.first is None or not self.first.segment_index <= index < self._next_index:
                return  # where the sound still is, while it is to go elsewhere
            self._goes_over = False
            self._playing = max(index, self._playing)
            self._ways = {before: way for before, way in self._ways.items() if index <= before < self._next_index}
            self._woken = True
            self._change.notify_all()

    def go_to(self, index: int) -> None:
        """Begin anew with that segment: it is `first` as soon as it can be played.

        What is known of others stays, until `playing` says that the sound has gone over.
        """
        with self._change:
            self._goal, self.first, self._goes_over = index, None, True
            self._woken = True
            self._change.notify_all()

    @property
    def session(self) -> Session | None:
        """As last seen; read from any thread."""
        return self._asking.session

    @property
    def seconds_ahead(self) -> float:
        """How much music is prepared beyond the segment that sounds."""
        with self._change:
            return sum(seconds(way.prepared.frames) for before, way in self._ways.items() if before >= self._playing)

    def _following(self, index: int) -> Following:
        way = self._ways.get(index)
        if way is not None:
            return way
        return NoMore() if self._exhausted else Late()

    def _run(self) -> None:
        while not self._stopped:
            wait_s = self._step()
            with self._change:
                self._change.wait_for(lambda: self._stopped or self._woken, wait_s)
                self._woken = False
        self._fetcher.sweep()

    def _step(self) -> float | None:
        """Ask once, gather what is wanted; seconds until it is worth asking again, None for never."""
        self._turn_to_goal()
        try:
            session = self._asking.ask()
            self._gather(session)
        except (NotFound, NotSignedIn, MediaError) as exc:
            self._give_up(exc)
            return None
        except FocusError as exc:
            return self._failed(exc)
        except Exception as exc:  # noqa: BLE001  # a thread that dies unheard would leave the player holding for ever
            self._give_up(FocusError(f"the next segment could not be got: {exc!r}"))
            return None
        return self._pace.after_failure_s() if self._asking.is_alone else self._pause(session)

    def _failed(self, error: FocusError) -> float | None:
        self._post(EngineQuiet(error.message))
        if not self._has_begun and self._clock.monotonic() - self._began > START_PATIENCE_S:
            self._give_up(error)
            return None
        return self._pace.after_failure_s(error.retry_after_s if isinstance(error, LimitReached) else None)

    def _turn_to_goal(self) -> None:
        with self._change:
            if self._goal is None:
                return
            self._next_index = self._playing = self._goal
            self._goal = self._last = self.error = None
            self._exhausted = False

    def _gather(self, session: Session) -> None:
        ready = {segment.segment_index: segment for segment in session.segments}
        while self._wants_more():
            if self._next_index in ready:
                self._obtain(session.session_id, ready)
            elif self._asking.is_hole(self._next_index, session):
                self._post(SegmentSkipped(self._next_index, "it is not on this machine, and the engine is not there"))
            else:
                break
            self._next_index += 1
        if self._asking.is_end(self._next_index, session):
            self._exhaust()
        self._fetcher.forget(before=0 if self._goes_over else self._playing - 1)

    def _wants_more(self) -> bool:
        ahead = self._next_index - self._playing
        return (
            self._goal is None
            and not self._stopped
            and (ahead <= AHEAD or (ahead <= MOST_AHEAD and self.seconds_ahead < AHEAD_S))
        )

    def _obtain(self, session_id: str, ready: dict[int, Segment]) -> None:
        """Fetch, prepare and join the next segment; what fails is asked for anew once, then left out."""
        segment = ready[self._next_index]
        try:
            self._add(self._prepared_at_last(session_id, segment))
        except MediaError as exc:
            if not self._stopped:
                self._leave_out(segment, exc)
            return
        except (EngineFailed, TimedOut) as exc:
            if not self._is_hopeless(ready):
                raise
            self._leave_out(segment, MediaDamaged(exc.message))
            return
        self._left_out = 0
        self._failing_since = None
        self.error = None
        self._pace.succeeded()

    def _prepared_at_last(self, session_id: str, segment: Segment) -> Prepared:
        """An expired URL is refused once: a fresh one that is refused as well was meant to be."""
        try:
            return self._prepared(session_id, segment)
        except MediaError:
            if self._stopped:
                raise
            return self._prepared(session_id, self._asking.again_for(segment.segment_index))

    def _is_hopeless(self, ready: dict[int, Segment]) -> bool:
        now = self._clock.monotonic()
        self._failing_since = now if self._failing_since is None else self._failing_since
        return now - self._failing_since > self._patience.give_up_s and self._next_index + 1 in ready

    def _leave_out(self, segment: Segment, error: MediaError) -> None:
        self._failing_since = None
        self._left_out += 1
        self._post(SegmentSkipped(segment.segment_index, error.message))
        if self._left_out >= MOST_LEFT_OUT:
            raise error
        if self.first is None:
            self.error = error

    def _prepared(self, session_id: str, segment: Segment) -> Prepared:
        file = self._fetcher.fetch(session_id, segment, cancelled=lambda: self._stopped)
        size = file.stat().st_size
        try:
            prepared = prepare(file, segment, self._decoder)
        except MediaDamaged:
            self._fetcher.reject(session_id, segment)
            raise
        loud = prepared.measured
        self._post(
            SegmentFetched(
                segment.segment_index,
                size,
                loud.integrated,
                loud.true_peak,
                loud.momentary_max,
                loud.short_term_max,
            )
        )
        return prepared

    def _add(self, prepared: Prepared) -> None:
        before = self._last
        seam, prepared = (None, prepared) if before is None else join(before, prepared)
        with self._change:
            self._last = prepared
            if before is None or seam is None:
                self.first, self._has_begun = (prepared if self._goal is None else None), True
            else:
                self._ways[before.segment_index] = Next(prepared, seam)
            self._change.notify_all()

    def _exhaust(self) -> None:
        with self._change:
            self._exhausted = True
            self._change.notify_all()

    def _give_up(self, error: FocusError) -> None:
        self.error = error
        self._exhaust()

    def _pause(self, session: Session) -> float:
        if not self._wants_more() or self._exhausted:
            return self._patience.content_s
        if self.first is not None and session.next_ready_at is not None:
            until_s = (parse_wire_time(session.next_ready_at) - self._clock.now()).total_seconds()
            if until_s > 0:
                return min(until_s, self._patience.content_s)
        return self._pace.for_more_s()
