"""The way through the session: forward through its segments, and where the listener wants, across."""

from focuscli.events import CrossfadeStarted
from focuscli.playback.heard import Heard
from focuscli.playback.jump import FADE_FRAMES, Landing, overlap, weighted
from focuscli.playback.outset import session_s
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
        self._ways: dict[int, Next] = {}
        self._known = {first.segment_index: first}
        self._timeline = self._from(first, at_frame, 0, begins_s)
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
        session = self._supply.session
        begun = here.frame - self._known[here.segment_index].edges.begins_at < BEGUN_FRAMES
        listed = session is not None and any(it.segment_index == here.segment_index - 1 for it in session.segments)
        return here.segment_index - 1 if begun and listed else here.segment_index

    def knows(self, index: int) -> bool:
        """Whether it can go over into that segment at once, and on from there."""
        first = self._supply.first
        if first is None or index < first.segment_index:
            return False
        at = max((known for known in self._known if known <= index), default=index)
        while at < index and isinstance(way := self.following(at), Next):
            at = way.prepared.segment_index
        return index in self._known and self._known[index].file.is_file()

    def learn(self, prepared: Prepared) -> None:
        """Here is a segment to go over into, to which no known way led; what follows is found out anew."""
        self._known[prepared.segment_index] = prepared
        self._ways.clear()

    def jump(self, index: int, frame: int = 0) -> None:
        """Go over into a segment that is known, at one of its frames, from the reel's next frame on."""
        at, prepared = self.reel.at, self._known[index]
        left = self._heard.place(at).segment_index
        outgoing = self.reel.read(FADE_FRAMES)
        self.reel.back_to(at)
        self._heard.turns_no_more(at)
        heard = weighted(outgoing)
        landing = Landing.matched(heard, prepared, frame)
        place = Position(index, landing.enters_at)
        lands_s = self._session_s(place)
        self._timeline = self._from(prepared, landing.enters_at, at, lands_s - seconds(at))
        mixed, fade = overlap(outgoing, heard, self._timeline)
        lag_ms = 1000.0 * seconds(landing.lag)
        crossing = CrossfadeStarted(left, index, seconds(fade.frames), fade.likeness.correlation, lag_ms)
        self._heard.turned(Turn(at, place, (crossing,), lands_s))
        self.reel.go_over_into(Programme(self._timeline, mixed))

    def close(self) -> None:
        """Let go of the files."""
        self.reel.close()

    def _session_s(self, place: Position) -> float:
        session = self._supply.session
        assert session is not None, "nothing plays of a session that nobody has seen"
        return session_s(session, place)

    def _from(self, prepared: Prepared, at_frame: int, begins_at: int, starts_s: float) -> Timeline:
        return Timeline(prepared, at_frame, self.following, self._turned, starts_s=starts_s, begins_at=begins_at)

    def _turned(self, turn: Turn) -> None:
        self._heard.turned(turn)
        index = turn.position.segment_index
        self._supply.playing(index)
        for table in (self._ways, self._known):
            for old in [known for known in table if known < index - KEPT_SEGMENTS]:
                del table[old]
