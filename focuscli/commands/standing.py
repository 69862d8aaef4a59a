"""How a session stands, in a line or two for people.

Light on purpose, and fed with the API's own object: the quickest look uses it too.
"""

from collections.abc import Mapping

from focuscli.plain_text import printable

_MAX_WORD = 80


def word(session: Mapping[str, object], key: str) -> str:
    """One field, safe for a terminal."""
    return printable(session.get(key, ""), _MAX_WORD)


def headline(session: Mapping[str, object]) -> str:
    """What it is: id, status, goal and length."""
    return (
        f"{word(session, 'session_id')}  {word(session, 'status')}  "
        f"{word(session, 'goal')}, {word(session, 'target_minutes')} min"
    )


def ready_minutes(session: Mapping[str, object]) -> float:
    """How many minutes of it are ready; 0 where the object lists no segments."""
    segments = session.get("segments")
    listed = segments if isinstance(segments, list) else []
    return float(sum(segment["measured_duration_seconds"] for segment in listed) / 60)


def readiness(session: Mapping[str, object]) -> str:
    """How much of it can be heard: segments, minutes, and whether more is coming."""
    minutes = ready_minutes(session)
    length = f", {minutes:.1f} min" if minutes else ""
    more = ", more is being made" if session.get("more_pending") else ""
    return f"{word(session, 'ready_count')} of {word(session, 'total_segments')} segments ready{length}{more}"


FIELDS = "id, status, goal, engine, minutes, ready, total, ready_minutes, more"
"""What a format can name."""


def formatted(form: str, session: Mapping[str, object]) -> str:
    """The line that a format makes of a session; raises UsageError for one that cannot be filled in."""
    fields = {
        "id": word(session, "session_id"),
        "status": word(session, "status"),
        "goal": word(session, "goal"),
        "engine": word(session, "engine"),
        "minutes": word(session, "target_minutes"),
        "ready": word(session, "ready_count"),
        "total": word(session, "total_segments"),
        "ready_minutes": f"{ready_minutes(session):.0f}",
        "more": "+" if session.get("more_pending") else "",
    }
    try:
        return form.format_map(fields)
    except (KeyError, ValueError, AttributeError, IndexError, TypeError) as exc:
        from focuscli.errors import UsageError

        raise UsageError(f"the format {form!r} cannot be filled in", hint=f"it can name: {FIELDS}") from exc


def standing(session: Mapping[str, object], where: str) -> str:
    """The whole of it: two lines."""
    return f"{headline(session)}\n{readiness(session)} ({where})"
