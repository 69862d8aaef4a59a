"""How a session stands: as its engine says, or, while that cannot be reached, as far as it is on this machine."""

from collections.abc import Callable

from focuscli.errors import EngineUnreachable, MediaRefused, NotFound
from focuscli.events import EngineQuiet, Event, Offline, SessionSeen
from focuscli.model import Segment, Session
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.source import SessionFeed


class Asking:
    """Asks, and tells what has changed. Used by the supply's thread, but for `session`, which any thread may read."""

    def __init__(self, feed: SessionFeed, fetcher: MediaFetcher, post: Callable[[Event], None]) -> None:
        self._feed = feed
        self._fetcher = fetcher
        self._post = post
        self._told: tuple[object, ...] = ()
        self._was_answered = False
        self.session: Session | None = None
        """As last seen; of a kept one only where no other was seen."""
        self.is_alone = False
        """Whether the last question found no engine, and was answered with what is kept."""
        self._is_forgotten = False

    def ask(self) -> Session:
        """Raises what the feed raises; EngineUnreachable and NotFound only where nothing is kept."""
        try:
            session = self._feed.get()
        except (EngineUnreachable, NotFound) as exc:
            kept = self._fetcher.kept(self._feed.session_id)
            if kept is None:
                raise
            self._is_forgotten = isinstance(exc, NotFound)
            self._go_on_alone(kept, exc.message)
            return kept
        self.is_alone = self._is_forgotten = False
        self._was_answered = True
        self._fetcher.seen(session)
        self._tell(session)
        return session

    def again_for(self, index: int) -> Segment:
        """The segment with a freshly signed URL; raises MediaRefused where it is not offered any longer.

        Only the engine can tell: while it cannot be reached, that is EngineUnreachable, whatever is kept.
        """
        session = self.ask()
        if self.is_alone:
            raise EngineUnreachable("the engine does not answer")
        for segment in session.segments:
            if segment.segment_index == index:
                return segment
        raise MediaRefused("the engine no longer offers it")

    def is_hole(self, index: int, listed: Session) -> bool:
        """Whether that segment is missing among what is kept, and there is no engine that could ever give it."""
        if not self.is_alone or (self._was_answered and not self._is_forgotten):
            return False
        return any(segment.segment_index > index for segment in listed.segments)

    def is_end(self, index: int, listed: Session) -> bool:
        """Whether there is no segment of that index or a higher one; what is kept need not be all that there is."""
        if any(segment.segment_index == index for segment in listed.segments):
            return False
        if self._is_forgotten:
            return not any(segment.segment_index > index for segment in listed.segments)
        is_all = not self.is_alone or index >= listed.ready_count
        return is_all and (listed.is_over or not listed.more_pending)

    def _go_on_alone(self, kept: Session, reason: str) -> None:
        if self.session is None:
            self._tell(kept)
        if not self.is_alone:
            self._post(EngineQuiet(reason))
            if not self._was_answered:
                self._post(Offline(len(kept.segments), kept.ready_count))
        self.is_alone = True

    def _tell(self, session: Session) -> None:
        self.session = session
        fresh = (session.status, session.ready_count, session.more_pending, session.next_ready_at)
        if fresh != self._told:
            self._told = fresh
            self._post(SessionSeen(session))
