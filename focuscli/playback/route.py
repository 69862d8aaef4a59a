"""The way through the session: forward through its segments, and where the listener wants, across."""

from focuscli.events import CrossfadeStarted
from focuscli.playback.heard import Heard
from focuscli.playback.jump import FADE_FRAMES, Landing, overlap, weighted
from focuscli.playback.positions import Position
from focuscli.playback.prepare import Prepared
from focuscli.playback.programme import Programme
from focuscli.playback.reel import Reel
from focuscli.playback.supply import Supply
from focuscli.playback.timeline import Following, Next, Timeline, Turn
from focuscli.units import frames, seconds

BEGUN_FRAMES = frames(5.0)
"""A segment that has played for less is left for the one before, else for its own beginning."""

KEPT_SEGMENTS = 8


class Route:
    """The reel of what is played, and the ways that were taken so far. Used from the mixing thread only."""

    def __init__(self, supply: Supply, heard: Heard, first: Prepared, at_frame: int, begins_s: float) -> None:
        self._supply = supply
        self._heard = heard
        self._begins_s = begins_s
        self._ways: dict[int, Next] = {}
        self._known = {first.segment_index: first}
        self._timeline = self._from(first, at_frame, 0)
        self.reel = Reel(Programme(self._timeline))

    @property
    def frames_left(self) -> int:
        """Frames to the end of the segment that is read now."""
        return self._timeline.frames_left

    def following(self, index: int, _at_seam: bool = False) -> Following:
        """What comes after that segment, as far as is known now."""
        way = self._ways.get(index) or self._supply.following(index)
        if isinstance(way, Next):
            self._ways[index] = way
            self._known[way.prepared.segment_index] = way.prepared
        return way

    def before(self, here: Position) -> int:
        """The segment that is meant by going back from that place."""
        known, before = self._known[here.segment_index], self._known.get(here.segment_index - 1)
        begun = here.frame - known.edges.begins_at < BEGUN_FRAMES
        return here.segment_index - 1 if begun and before is not None and before.file.is_file() else here.segment_index

    def jump(self, index: int) -> None:
        """Go over into the beginning of a segment that is known, from the reel's next frame on."""
        at, prepared = self.reel.at, self._known[index]
        left = self._heard.place(at).segment_index
        outgoing = self.reel.read(FADE_FRAMES)
        self.reel.back_to(at)
        self._heard.turns_no_more(at)
        heard = weighted(outgoing)
        landing = Landing.matched(heard, prepared)
        self._timeline = self._from(prepared, landing.enters_at, at)
        mixed, fade = overlap(outgoing, heard, self._timeline)
        lag_ms = 1000.0 * seconds(landing.lag)
        crossing = CrossfadeStarted(left, index, seconds(fade.frames), fade.likeness.correlation, lag_ms)
        self._heard.turned(Turn(at, Position(index, landing.enters_at), (crossing,)))
        self.reel.go_over_into(Programme(self._timeline, mixed))

    def close(self) -> None:
        """Let go of the files."""
        self.reel.close()

    def _from(self, prepared: Prepared, at_frame: int, begins_at: int) -> Timeline:
        return Timeline(prepared, at_frame, self.following, self._turned, starts_s=self._begins_s, begins_at=begins_at)

    def _turned(self, turn: Turn) -> None:
        self._heard.turned(turn)
        index = turn.position.segment_index
        self._supply.playing(index)
        for table in (self._ways, self._known):
            for old in [known for known in table if known < index - KEPT_SEGMENTS]:
                del table[old]
