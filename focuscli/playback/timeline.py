"""The segments of a session under their crossfades, as one unbroken row of frames."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from focuscli.audio.block import Block, silence
from focuscli.events import CrossfadeStarted, Event, Holding, SegmentStarted
from focuscli.playback.positions import Position
from focuscli.playback.prepare import Prepared
from focuscli.playback.seam import Seam, going_back
from focuscli.playback.voice import Voice
from focuscli.units import seconds


@dataclass(frozen=True, slots=True)
class Next:
    """The following segment is here, and this is the way into it."""

    prepared: Prepared
    seam: Seam


@dataclass(frozen=True, slots=True)
class Late:
    """There will be a following segment, but it is not here yet."""


@dataclass(frozen=True, slots=True)
class NoMore:
    """This was the last one."""


Following = Next | Late | NoMore


@dataclass(frozen=True, slots=True)
class Turn:
    """From this frame of the row on, the sound comes from that position; these events belong to the moment.

    `session_s` is where in the session that is, if the sound did not come there by playing on.
    """

    at: int
    position: Position
    events: tuple[Event, ...]
    session_s: float | None = None


@dataclass(slots=True)
class _Solo:
    voice: Voice


@dataclass(slots=True)
class _Crossing:
    outgoing: Voice
    incoming: Voice
    seam: Seam
    done: int = 0


@dataclass(slots=True)
class _Over:
    pass


class Timeline:
    """Reads forward through the segments, asking what follows each of them.

    `following` is asked in the mixing thread, before each stretch, with a segment's index and whether its seam
    could begin here: then it may block (an export waits there). When it answers `Late` nevertheless, the segment
    goes back by some seconds through the same kind of crossfade, as often as needed. `turned` hears of every
    change of place. The first frame has the number `begins_at` in the row, and frame 0 lies `starts_s` seconds into
    the session.
    """

    def __init__(
        self,
        first: Prepared,
        at_frame: int,
        following: Callable[[int, bool], Following],
        turned: Callable[[Turn], None],
        *,
        starts_s: float = 0.0,
        begins_at: int = 0,
    ) -> None:
        self._following = following
        self._turned = turned
        self._starts_s = starts_s
        self._frames = begins_at
        voice = Voice(first, max(first.edges.begins_at, min(at_frame, first.edges.stops_at - 1)))
        self._state: _Solo | _Crossing | _Over = _Solo(voice)
        self._turn(voice, self._started(voice))

    @property
    def frames_left(self) -> int:
        """Frames to the end of the segment that sounds now."""
        match self._state:
            case _Solo(voice):
                return voice.left
            case _Crossing(incoming=voice):
                return voice.left
        return 0

    def read(self, frames: int) -> Block:
        """Up to so many frames, shape (frames, 2), fewer only at the end, where it is empty."""
        pieces: list[Block] = []
        missing = frames
        while missing and not isinstance(self._state, _Over):
            piece = self._advance(missing)
            self._frames += len(piece)
            missing -= len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else np.concatenate([silence(0), *pieces])

    def close(self) -> None:
        """Let go of the files."""
        match self._state:
            case _Solo(voice):
                voice.close()
            case _Crossing(outgoing, incoming):
                outgoing.close()
                incoming.close()
        self._state = _Over()

    def _advance(self, frames: int) -> Block:
        state = self._state
        match state:
            case _Solo(voice):
                return self._alone(voice, frames)
            case _Crossing():
                return self._across(state, frames)
            case _Over():
                return silence(0)
        assert_never(state)

    def _alone(self, voice: Voice, frames: int) -> Block:
        prepared = voice.prepared
        soonest = prepared.soonest_seam
        following = self._following(prepared.segment_index, voice.position >= soonest)
        match following:
            case Next(incoming, seam):
                return self._towards(voice, _from_here(voice, seam), incoming, frames)
            case Late():
                if voice.position < soonest:
                    return voice.read(min(frames, soonest - voice.position))
                return self._prolong(voice, frames)
            case NoMore():
                return self._to_the_end(voice, frames)
        assert_never(following)

    def _prolong(self, voice: Voice, frames: int) -> Block:
        """Nothing to go over into: back by some seconds; a segment too short for that ends, and silence waits."""
        back = going_back(voice.prepared)
        if back is None:
            return voice.read(min(frames, voice.left)) if voice.left else silence(frames)
        return self._towards(voice, _from_here(voice, back), voice.prepared, frames)

    def _to_the_end(self, voice: Voice, frames: int) -> Block:
        if not voice.left:
            self.close()
            return silence(0)
        return voice.read(min(frames, voice.left))

    def _towards(self, voice: Voice, seam: Seam, incoming: Prepared, frames: int) -> Block:
        if voice.position < seam.leaves_at:
            return voice.read(min(frames, seam.leaves_at - voice.position))
        self._cross(voice, Voice(incoming, seam.enters_at), seam)
        return self._advance(frames)

    def _cross(self, outgoing: Voice, incoming: Voice, seam: Seam) -> None:
        left, entered = outgoing.prepared.segment_index, incoming.prepared.segment_index
        begun: Event = Holding(left) if left == entered else self._started(incoming)
        if seam.fade.frames:
            self._state = _Crossing(outgoing, incoming, seam)
            fade_s = seconds(seam.fade.frames)
            lag_ms = 1000.0 * seconds(seam.lag)
            crossing = CrossfadeStarted(left, entered, fade_s, seam.fade.likeness.correlation, lag_ms)
            self._turn(incoming, begun, crossing)
        else:
            outgoing.close()
            self._state = _Solo(incoming)
            self._turn(incoming, begun)

    def _across(self, crossing: _Crossing, frames: int) -> Block:
        fade = crossing.seam.fade
        count = min(frames, fade.frames - crossing.done)
        block = fade.blend(crossing.outgoing.read(count), crossing.incoming.read(count), crossing.done)
        crossing.done += count
        if crossing.done == fade.frames:
            crossing.outgoing.close()
            self._state = _Solo(crossing.incoming)
        return block

    def _started(self, voice: Voice) -> Event:
        starts_s = self._starts_s + seconds(self._frames)
        prepared = voice.prepared
        ends_s = starts_s + seconds(voice.left)
        return SegmentStarted(prepared.segment_index, starts_s, ends_s, prepared.gain.at(prepared.frames))

    def _turn(self, voice: Voice, *events: Event) -> None:
        self._turned(Turn(self._frames, Position(voice.prepared.segment_index, voice.position), events))


def _from_here(voice: Voice, seam: Seam) -> Seam:
    """The seam, or what is left of it."""
    return seam if voice.position <= seam.leaves_at else seam.entered_late(voice.position)
