"""Writing a session into a file or pipe, told to people on stderr and to scripts in JSON Lines."""

import sys
from collections.abc import Callable
from contextlib import ExitStack

from focuscli import assemble
from focuscli.client.api import EngineClient
from focuscli.client.feed import Feed
from focuscli.clock import SystemClock
from focuscli.commands.invocation import Invocation
from focuscli.commands.output import NAMED_FIELDS, note
from focuscli.commands.streaming import stoppable, telling
from focuscli.errors import DeviceLost
from focuscli.events import Event, Offline, SegmentSkipped, SegmentStarted, SessionSeen
from focuscli.playback.export import export
from focuscli.view.jsonlines import JsonLines


def write(
    around: assemble.Surroundings, client: EngineClient, session_id: str, to: str, asked: Invocation, stack: ExitStack
) -> None:
    """Write all of it; raises what the export raises, after a script was told."""
    sink = assemble.file_sink(to)
    fetcher = assemble.fetcher(around, client, stack)
    decoder = assemble.decoder(around, stack)
    feed = Feed(client, session_id)
    stack.callback(feed.close)
    if not asked.json:
        with stoppable():
            _quietly(lambda: export(feed, fetcher, sink, _Progress(to).tell, decoder=decoder), to)
        return
    lines = JsonLines(sys.stderr if to == "-" else sys.stdout, SystemClock(), NAMED_FIELDS.get())
    lines.hello(session_id, client.host if around.remote else "local")
    with telling(lines):
        _quietly(lambda: export(feed, fetcher, sink, lines.post, decoder=decoder), to)
    lines.bye()


def _quietly(run: Callable[[], None], to: str) -> None:
    """A reader of our stdout that leaves early is no failure: `focus export --to - | head -c 1000`."""
    try:
        run()
    except DeviceLost as error:
        if to == "-":
            raise BrokenPipeError from error
        raise


class _Progress:
    """Says on stderr how far it is, a line a segment."""

    def __init__(self, to: str) -> None:
        self._to = "stdout" if to == "-" else to
        self._total = 0

    def tell(self, event: Event) -> None:
        """Say it where it is worth a line."""
        if isinstance(event, SessionSeen):
            self._total = event.session.total_segments
        elif isinstance(event, SegmentStarted):
            note(f"segment {event.segment_index + 1} of {self._total} → {self._to}")
        elif isinstance(event, SegmentSkipped):
            note(f"segment {event.segment_index + 1} was left out: {event.reason}")
        elif isinstance(event, Offline):
            note(f"no engine: writing what is kept here, {event.kept_count} of {event.ready_count} segments")
