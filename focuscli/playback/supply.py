"""Keeps the next segments at hand: asks the engine, fetches, prepares and joins, in a thread of its own."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from focuscli.clock import Clock, parse_wire_time
from focuscli.errors import FocusError, MediaDamaged, MediaError, MediaRefused, NotFound, NotSignedIn
from focuscli.events import EngineQuiet, Event, SegmentFetched, SegmentSkipped, SessionSeen
from focuscli.model import Segment, Session
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.prepare import Prepared, prepare
from focuscli.playback.seam import join
from focuscli.playback.source import SessionFeed
from focuscli.playback.timeline import Following, Late, Next, NoMore
from focuscli.units import seconds

AHEAD = 2
"""Segments kept ready beyond the one that sounds."""

START_PATIENCE_S = 30.0
"""Before anything has been heard, an engine that cannot be reached for this long is an error."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait between two questions to the engine, in seconds."""

    first_s: float = 0.02
    growth: float = 1.1
    most_s: float = 1.0
    content_s: float = 3.0
    """When everything wanted is here: only the session's status is still of interest."""


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
    ) -> None:
        self._feed = feed
        self._fetcher = fetcher
        self._post = post
        self._clock = clock
        self._patience = patience or Patience()
        self._wait_s = self._patience.first_s
        self._next_index = start_index
        self._playing = start_index
        self._last: Prepared | None = None
        self._ways: dict[int, Next] = {}
        self._exhausted = False
        self._told: tuple[object, ...] = ()
        self._change = threading.Condition()
        self._stopped = False
        self._woken = False
        self._began = clock.monotonic()
        self._thread = threading.Thread(target=self._run, name="supply", daemon=True)
        self.first: Prepared | None = None
        self.session: Session | None = None
        """As last seen; read from any thread."""
        self.error: FocusError | None = None
        """Why there will be no more, where that is not the session's end."""

    def start(self) -> None:
        """Begin to ask and fetch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop soon; a download that hangs is left to the daemon thread."""
        with self._change:
            self._stopped = True
            self._change.notify_all()
        self._thread.join(timeout=1.0)

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
            self._playing = max(index, self._playing)
            self._ways = {before: way for before, way in self._ways.items() if before >= index}
            self._woken = True
            self._change.notify_all()

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
        try:
            session = self._ask()
            self._gather(session)
        except (NotFound, NotSignedIn) as exc:
            self._give_up(exc)
            return None
        except FocusError as exc:
            self._post(EngineQuiet(exc.message))
            if self.first is None and self._clock.monotonic() - self._began > START_PATIENCE_S:
                self._give_up(exc)
                return None
            return self._longer()
        except Exception as exc:  # noqa: BLE001  # a thread that dies unheard would leave the player holding for ever
            self._give_up(FocusError(f"the next segment could not be got: {exc!r}"))
            return None
        return self._pause(session)

    def _ask(self) -> Session:
        session = self._feed.get()
        self.session = session
        fresh = (session.status, session.ready_count, session.more_pending, session.next_ready_at)
        if fresh != self._told:
            self._told = fresh
            self._post(SessionSeen(session))
        return session

    def _gather(self, session: Session) -> None:
        ready = {segment.segment_index: segment for segment in session.segments}
        while self._wants_more() and self._next_index in ready:
            self._obtain(session.session_id, ready[self._next_index])
            self._next_index += 1
            self._wait_s = self._patience.first_s
        if (session.is_over or not session.more_pending) and self._next_index not in ready:
            self._exhaust()
        self._fetcher.forget(session.session_id, before=self._playing - 1)

    def _wants_more(self) -> bool:
        return not self._stopped and self._next_index <= self._playing + AHEAD

    def _obtain(self, session_id: str, segment: Segment) -> None:
        """Fetch, prepare and join a segment; what fails is asked for anew once, then left out."""
        try:
            prepared = self._prepared(session_id, segment)
        except MediaError:
            try:
                prepared = self._prepared(session_id, self._asked_anew(segment.segment_index))
            except MediaError as exc:
                self._post(SegmentSkipped(segment.segment_index, exc.message))
                return
        self._add(prepared)

    def _asked_anew(self, index: int) -> Segment:
        for segment in self._ask().segments:
            if segment.segment_index == index:
                return segment
        raise MediaRefused("the engine no longer offers the segment")

    def _prepared(self, session_id: str, segment: Segment) -> Prepared:
        file = self._fetcher.fetch(session_id, segment, cancelled=lambda: self._stopped)
        size = file.stat().st_size
        try:
            prepared = prepare(file, segment)
        except MediaDamaged:
            file.unlink(missing_ok=True)
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
                self.first = prepared
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
        return self._longer()

    def _longer(self) -> float:
        wait_s = self._wait_s
        self._wait_s = min(self._patience.most_s, wait_s * self._patience.growth)
        return wait_s
