"""What has reached the ear: the place in the music that belongs to the frames a device has played."""

from collections import deque
from dataclasses import dataclass

from focuscli.events import Event
from focuscli.playback.positions import Position
from focuscli.playback.timeline import Turn


@dataclass(slots=True)
class _Run:
    """A stretch of written frames that is all music or all silence."""

    frames: int
    is_music: bool


class Heard:
    """Counts frames of music as they are heard, which is later than they are written."""

    def __init__(self, start: Position) -> None:
        self._queued: deque[_Run] = deque()
        self._turns: deque[Turn] = deque()
        self._turn = Turn(0, start, ())
        self.music_frames = 0

    def turned(self, turn: Turn) -> None:
        """The music takes a turn at a frame that has not been heard yet."""
        self._turns.append(turn)

    def wrote(self, frames: int, *, is_music: bool) -> None:
        """So many frames were given to the sink."""
        if self._queued and self._queued[-1].is_music == is_music:
            self._queued[-1].frames += frames
        else:
            self._queued.append(_Run(frames, is_music))

    def advance(self, still_queued: int) -> list[Event]:
        """Count all but the frames that the sink still holds; the events of the turns passed on the way."""
        fresh = sum(run.frames for run in self._queued) - still_queued
        while fresh > 0:
            run = self._queued[0]
            step = min(fresh, run.frames)
            self.music_frames += step if run.is_music else 0
            run.frames -= step
            fresh -= step
            if not run.frames:
                self._queued.popleft()
        return self._pass_turns()

    @property
    def position(self) -> Position:
        """The place of the next frame to be heard."""
        at = self._turn.position
        return Position(at.segment_index, at.frame + self.music_frames - self._turn.at)

    def _pass_turns(self) -> list[Event]:
        events: list[Event] = []
        while self._turns and self._turns[0].at <= self.music_frames:
            self._turn = self._turns.popleft()
            events.extend(self._turn.events)
        return events
