"""A whole session into a file or pipe, through the same pipeline that is heard."""

from collections.abc import Callable

from focuscli.clock import Clock
from focuscli.events import Event
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.sink import Sink
from focuscli.playback.source import SessionFeed


def export(
    feed: SessionFeed, fetcher: MediaFetcher, sink: Sink, emit: Callable[[Event], None], *, clock: Clock | None = None
) -> None:
    """Write all segments of a session, waiting for those that are not ready; blocks until the last is written.

    An ended session gives what was ready. `emit` is called from the calling thread.
    """
    raise NotImplementedError
