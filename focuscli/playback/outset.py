"""Where in the whole session a segment begins, as far as the engine has told."""

from itertools import pairwise

from focuscli.model import Session


def starts_s(session: Session, segment_index: int) -> float:
    """Seconds of the session before a segment: the measured durations before it, less their overlaps."""
    before = [segment for segment in session.segments if segment.segment_index <= segment_index]
    return sum(
        segment.measured_duration_seconds - min(segment.fade_out_ms, following.fade_in_ms) / 1000.0
        for segment, following in pairwise(before)
    )
