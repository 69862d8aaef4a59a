"""How a session stands, in a line or two for people.

Light on purpose, and fed with the API's own object: the quickest look uses it too.
"""

from collections.abc import Mapping

_MAX_WORD = 80


def word(session: Mapping[str, object], key: str) -> str:
    """One field, safe for a terminal."""
    text = str(session.get(key, ""))[:_MAX_WORD]
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def headline(session: Mapping[str, object]) -> str:
    """What it is: id, status, goal and length."""
    return (
        f"{word(session, 'session_id')}  {word(session, 'status')}  "
        f"{word(session, 'goal')}, {word(session, 'target_minutes')} min"
    )


def readiness(session: Mapping[str, object]) -> str:
    """How much of it can be heard: segments, minutes, and whether more is coming."""
    segments = session.get("segments")
    listed = segments if isinstance(segments, list) else []
    minutes = sum(segment["measured_duration_seconds"] for segment in listed) / 60
    length = f", {minutes:.1f} min" if minutes else ""
    more = ", more is being made" if session.get("more_pending") else ""
    return f"{word(session, 'ready_count')} of {word(session, 'total_segments')} segments ready{length}{more}"


def standing(session: Mapping[str, object], where: str) -> str:
    """The whole of it: two lines."""
    return f"{headline(session)}\n{readiness(session)} ({where})"
