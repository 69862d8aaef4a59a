"""What has reached the ear: the place in the music that belongs to the frames a device has played."""

from collections import deque
from dataclasses import dataclass, replace

from focuscli.events import Event
from focuscli.playback.positions import Position
from focuscli.playback.timeline import Turn
from focuscli.units import seconds

KEPT_TURNS = 64


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
        self._passed: deque[Turn] = deque([Turn(0, start, ())], maxlen=KEPT_TURNS)
        self._origin = Turn(0, start, (), 0.0)
        self.music_frames = 0

    @property
    def queued_frames(self) -> int:
        """Written and not yet heard, music and silence."""
        return sum(run.frames for run in self._queued)

    def begins(self, session_s: float) -> None:
        """The first frame of music lies there in the session."""
        self._origin = replace(self._origin, session_s=session_s)

    def turned(self, turn: Turn) -> None:
        """The music takes a turn at a frame that has not been heard yet."""
        self._turns.append(turn)

    def turns_no_more(self, after: int) -> None:
        """From that frame on the music takes another way: later turns will not be."""
        self._turns = deque(turn for turn in self._turns if turn.at <= after)

    def wrote(self, frames: int, *, is_music: bool) -> None:
        """So many frames were given to the sink."""
        if self._queued and self._queued[-1].is_music == is_music:
            self._queued[-1].frames += frames
        else:
            self._queued.append(_Run(frames, is_music))

    def took_back(self, frames: int) -> int:
        """The newest frames will not be heard; how many of them were music."""
        music = 0
        while frames > 0 and self._queued:
            run = self._queued[-1]
            step = min(frames, run.frames)
            music += step if run.is_music else 0
            run.frames -= step
            frames -= step
            if not run.frames:
                self._queued.pop()
        return music

    def advance(self, still_queued: int) -> list[Event]:
        """Count all but the frames that the sink still holds; the events of the turns passed on the way."""
        fresh = self.queued_frames - still_queued
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
        return self.place(self.music_frames)

    def place(self, frame: int) -> Position:
        """The place of a frame of the music, of this run or of what is ahead as far as it was read."""
        known = [*self._passed, *self._turns]
        turn = next((turn for turn in reversed(known) if turn.at <= frame), known[0])
        return Position(turn.position.segment_index, turn.position.frame + frame - turn.at)

    @property
    def session_s(self) -> float:
        """Seconds of the session before the next frame to be heard."""
        return self._session_s(self._origin, self.music_frames)

    @property
    def landed_s(self) -> float:
        """The same, or where the sound is about to go on, if it was told to go elsewhere just now."""
        jump = next((turn for turn in reversed(self._turns) if turn.session_s is not None), self._origin)
        return self._session_s(jump, max(jump.at, self.music_frames))

    @staticmethod
    def _session_s(origin: Turn, frame: int) -> float:
        assert origin.session_s is not None
        return origin.session_s + seconds(frame - origin.at)

    def _pass_turns(self) -> list[Event]:
        events: list[Event] = []
        while self._turns and self._turns[0].at <= self.music_frames:
            turn = self._turns.popleft()
            self._passed.append(turn)
            self._origin = self._origin if turn.session_s is None else turn
            events.extend(turn.events)
        return events
