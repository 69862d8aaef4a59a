"""Where in the whole session its segments lie, as far as the engine has told."""

from itertools import pairwise

from focuscli.model import Session
from focuscli.playback.positions import Position
from focuscli.units import frames, seconds

NEAR_END_S = 5.0
"""Who wants to go beyond what is ready is brought this close to its end."""


def starts_s(session: Session, segment_index: int) -> float:
    """Seconds of the session before a segment: the measured durations before it, less their overlaps."""
    before = [segment for segment in session.segments if segment.segment_index <= segment_index]
    return sum(
        segment.measured_duration_seconds - min(segment.fade_out_ms, following.fade_in_ms) / 1000.0
        for segment, following in pairwise(before)
    )


def session_s(session: Session, position: Position) -> float:
    """The seconds of the session at a place of it."""
    return starts_s(session, position.segment_index) + seconds(position.frame)


def place_at(session: Session, at_s: float) -> Position | None:
    """The place so many seconds into the session, within what is ready of it; None where nothing is.

    In an overlap it is the segment that comes.
    """
    place, ends_s = None, 0.0
    for segment in session.segments:
        ends_s = starts_s(session, segment.segment_index) + segment.measured_duration_seconds
    wanted_s = max(0.0, min(at_s, ends_s - NEAR_END_S))
    for segment in session.segments:
        begins_s = starts_s(session, segment.segment_index)
        if place is None or begins_s <= wanted_s:
            place = Position(segment.segment_index, frames(max(0.0, wanted_s - begins_s)))
    return place
