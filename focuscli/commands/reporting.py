"""Making a report: the ready segments go through the pipeline that is heard, into ears instead of a device."""

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from focuscli import assemble
from focuscli.client.api import EngineClient
from focuscli.client.feed import Feed
from focuscli.engine.generators import DEFAULT_KEY
from focuscli.errors import NotFound
from focuscli.events import CrossfadeStarted, Event, SegmentFetched, SegmentSkipped, SegmentStarted
from focuscli.model import Session, SessionStatus
from focuscli.music.stages import Stage, stages
from focuscli.playback.dropouts import read_dropouts
from focuscli.playback.export import export
from focuscli.playback.sink import Unheld
from focuscli.report.figures import Dropout, Heard, Report, Seam, portrait, step_at
from focuscli.report.hearing import Listener
from focuscli.report.reasons import explained

if TYPE_CHECKING:
    from focuscli.audio.block import Block


def make_report(around: assemble.Surroundings, client: EngineClient, session_id: str, stack: ExitStack) -> Report:
    """Hear all that is ready of the session; raises NotFound where nothing is, and what the export raises."""
    feed = Feed(client, session_id)
    stack.callback(feed.close)
    session = feed.get()
    if not session.segments:
        raise NotFound("no segment of the session is ready yet", hint="wait for one: focus status --follow")
    ears = _Ears(session)
    decoder = assemble.decoder(around, stack)
    export(_AsItIs(feed, session), assemble.fetcher(around, client, stack), ears, ears.tell, decoder=decoder)
    noted = read_dropouts(around.paths.dropouts, session_id)
    return ears.report(tuple(Dropout(one.position_s, one.ms, one.ts) for one in noted))


class _AsItIs:
    """The session with what was ready of it at first, as if that were all: nothing is waited for."""

    def __init__(self, feed: Feed, session: Session) -> None:
        self._feed = feed
        self._count = len(session.segments)
        self.session_id = session.session_id

    def get(self) -> Session:
        """See `SessionFeed`."""
        session = self._feed.get()
        return replace(
            session, status=SessionStatus.ENDED, segments=session.segments[: self._count], more_pending=False
        )


class _Ears(Unheld):
    """A sink that measures, beside the events that say which segment it hears."""

    name = "a report"
    latency_s = 0.0
    queued_frames = 0
    missed_frames = 0

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listener = Listener(session.ready_seconds)
        self._targets = {segment.segment_index: segment.target_lufs for segment in session.segments}
        self._fetched: dict[int, SegmentFetched] = {}
        self._started: list[SegmentStarted] = []
        self._faded: list[CrossfadeStarted] = []
        self._skipped: list[tuple[int, str]] = []

    def open(self) -> None:
        """It listens already."""

    def write(self, block: "Block") -> None:
        """Hear it."""
        self._listener.push(block)

    def drain(self) -> None:
        """All was heard."""

    def abort(self) -> None:
        """What was heard is forgotten with these ears."""

    def close(self) -> None:
        """Nothing is held."""

    def tell(self, event: Event) -> None:
        """Something happened."""
        match event:
            case SegmentFetched():
                self._fetched[event.segment_index] = event
            case SegmentStarted():
                self._started.append(event)
            case CrossfadeStarted():
                self._faded.append(event)
            case SegmentSkipped(segment_index, reason):
                self._skipped.append((segment_index, reason))
            case _:
                pass

    def report(self, dropouts: tuple[Dropout, ...]) -> Report:
        """All of it, when the last block was heard."""
        hearing = self._listener.finish()
        heard = [self._heard(event, hearing.seconds) for event in self._started]
        starts = {one.segment_index: one.starts_s for one in heard}
        seams = [
            Seam(one.from_index, one.to_index, starts[one.to_index], one.duration_s, one.correlation)
            for one in self._faded
            if one.to_index in starts
        ]
        arc = self._stages()
        portraits = [portrait(one, hearing) for one in heard]
        return Report(
            self._session,
            hearing,
            explained(portraits, arc, self._session.goal, 60.0 * self._session.target_minutes),
            tuple(replace(seam, step_lu=step_at(seam, hearing)) for seam in seams),
            arc,
            dropouts,
            tuple(self._skipped),
        )

    def _heard(self, event: SegmentStarted, total_s: float) -> Heard:
        index = event.segment_index
        peak = self._fetched[index].true_peak_db + event.gain_db
        return Heard(index, event.starts_s, min(event.ends_s, total_s), event.gain_db, peak, self._targets[index])

    def _stages(self) -> tuple[Stage, ...]:
        """Only our own generator follows our arc."""
        if self._session.engine_key != DEFAULT_KEY:
            return ()
        return stages(self._session.goal, 60.0 * self._session.target_minutes)
