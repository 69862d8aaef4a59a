"""How a session stands, in a line or three for people, and in fields for a form.

Light on purpose, and fed with the API's own object: the quickest look uses it too.
"""

import time
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


def ready_seconds(session: Mapping[str, object]) -> float:
    """How many seconds of it are ready; 0 where the object lists no segments."""
    segments = session.get("segments")
    listed = segments if isinstance(segments, list) else []
    return float(sum(segment["measured_duration_seconds"] for segment in listed))


def readiness(session: Mapping[str, object]) -> str:
    """How much of it can be heard: segments, minutes, and whether more is coming."""
    minutes = ready_seconds(session) / 60
    length = f", {minutes:.1f} min" if minutes else ""
    more = ", more is being made" if session.get("more_pending") else ""
    return f"{word(session, 'ready_count')} of {word(session, 'total_segments')} segments ready{length}{more}"


def fields_of(session: Mapping[str, object], player: Mapping[str, object] | None) -> dict[str, object]:
    """What a form can name; of a player that plays something else, nothing."""
    fields: dict[str, object] = {
        "id": word(session, "session_id"),
        "status": word(session, "status"),
        "goal": word(session, "goal"),
        "engine": word(session, "engine"),
        "minutes": word(session, "target_minutes"),
        "ready": word(session, "ready_count"),
        "total": word(session, "total_segments"),
        "ready_minutes": f"{ready_seconds(session) / 60:.0f}",
        "more": "+" if session.get("more_pending") else "",
    }
    if player is None or player.get("session_id") != session.get("session_id"):
        return fields
    return fields | _heard(session, player)


def _heard(session: Mapping[str, object], player: Mapping[str, object]) -> dict[str, object]:
    position_s = float(str(player["position_s"]))
    target_s = 60.0 * float(str(session["target_minutes"]))
    left_s = max(0.0, target_s - position_s)
    state = "paused" if player["paused"] else "muted" if player["muted"] else "playing"
    return {
        "state": state,
        "segment": int(str(player["segment_index"])) + 1,
        "position": round(position_s),
        "left": round(left_s),
        "ends": "" if state == "paused" else time.strftime("%H:%M", time.localtime(time.time() + left_s)),
        "ahead": round(max(0.0, min(left_s, ready_seconds(session) - position_s))),
        "percent": min(100, round(100 * position_s / target_s)) if target_s else 0,
        "volume": word(player, "volume"),
        "device": word(player, "device"),
    }


def standing(session: Mapping[str, object], where: str, player: Mapping[str, object] | None = None) -> str:
    """The whole of it: two lines, and one about the player where one on this machine plays it."""
    lines = [headline(session), f"{readiness(session)} ({where})"]
    fields = fields_of(session, player)
    if "state" in fields:
        from focuscli.commands.formatting import filled

        lines.append(filled(_PLAYED, fields))
    return "\n".join(lines)


_PLAYED = (
    "{state}: segment {segment}, {left|duration} left[, ends at {ends}], {ahead|minutes} min ready ahead, "
    "volume {volume} %"
)
