"""Any event, with any numbers and any text in it."""

from hypothesis import strategies as st

from focuscli import events
from focuscli.model import Segment, Session

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
FLOATS = st.floats()
COUNTS = st.integers(0, 800)
SEGMENTS = st.builds(
    Segment,
    segment_index=COUNTS,
    playback_url=ANYTHING,
    measured_duration_seconds=st.floats(0, 86_400),
    target_lufs=st.floats(-70, 0),
    fade_in_ms=st.integers(0, 10_000),
    fade_out_ms=st.integers(0, 10_000),
)
SESSIONS = st.builds(
    Session,
    session_id=ANYTHING,
    engine_key=ANYTHING,
    target_minutes=st.integers(1, 10_000_000),
    total_segments=COUNTS,
    ready_count=COUNTS,
    segments=st.lists(SEGMENTS, max_size=4).map(tuple),
    next_ready_at=st.one_of(st.none(), ANYTHING, st.just("2026-11-22T22:29:00Z"), st.just("0001-01-01T00:00:00Z")),
)
_FIELDS = {
    "segment_index": COUNTS,
    "from_index": COUNTS,
    "to_index": COUNTS,
    "volume": st.integers(-10, 200),
    "reason": ANYTHING,
    "detail": ANYTHING,
    "name": ANYTHING,
    "session": SESSIONS,
    "level_db": st.tuples(FLOATS, FLOATS),
}


def _built(kind: type) -> st.SearchStrategy[events.Event]:
    return st.builds(kind, **{name: _FIELDS[name] for name in kind.__slots__ if name in _FIELDS})


KINDS = events.Event.__args__
EVENTS = st.one_of([_built(kind) for kind in KINDS])
