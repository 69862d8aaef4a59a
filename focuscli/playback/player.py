"""The player: takes commands, emits events, and keeps the sound going."""

from collections.abc import Callable

from focuscli.clock import Clock
from focuscli.events import Event
from focuscli.playback.commands import Command
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.positions import Position
from focuscli.playback.sink import Sink
from focuscli.playback.source import SessionFeed


class Player:
    """Plays one session into one sink."""

    def __init__(
        self,
        feed: SessionFeed,
        fetcher: MediaFetcher,
        sink: Sink,
        emit: Callable[[Event], None],
        *,
        clock: Clock,
        volume: int = 100,
        muted: bool = False,
        start_at: Position | None = None,
        started_monotonic: float | None = None,
    ) -> None:
        raise NotImplementedError

    def send(self, command: Command) -> None:
        """Ask for something; may be called from any thread, never blocks."""
        raise NotImplementedError

    def run(self) -> Position:
        """Play until finished or told to quit; blocks. Returns the place where the sound stopped."""
        raise NotImplementedError
