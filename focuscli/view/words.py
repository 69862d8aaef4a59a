"""The words and figures that every kind of view says alike."""

from focuscli.model import Goal, SessionStatus
from focuscli.view.meter import FLOOR_DB
from focuscli.view.snapshot import Phase, Snapshot


def clock(seconds: float) -> str:
    """A duration as a clock shows it: 0:12, 17:50, 1:30:00."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def amount(seconds: float) -> str:
    """A duration as one says it: 40 s, 12 min, 2 h 05 min."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return f"{int(seconds)} s"
    hours, minute = divmod(minutes, 60)
    return f"{hours} h {minute:02} min" if hours > 1 else f"{minutes} min"


def goal(snapshot: Snapshot) -> str:
    """What the music is for."""
    if snapshot.goal is None:
        return ""
    return "custom prompt" if snapshot.goal is Goal.CUSTOM_PROMPT else snapshot.goal.value


def session(snapshot: Snapshot) -> str:
    """What follows the goal in the session's name, with how much of it there is."""
    return f" session, {snapshot.intensity.value}" if snapshot.intensity else " session"


def phase(snapshot: Snapshot) -> str:
    """What the sound is doing; a muted sound plays on."""
    if snapshot.phase is Phase.PLAYING and snapshot.muted:
        return "playing, muted"
    return str(snapshot.phase.value)


def left(snapshot: Snapshot) -> str:
    """How long the session goes on."""
    return "" if snapshot.left_s is None else f"{clock(snapshot.left_s)} left"


def ends(snapshot: Snapshot) -> str:
    """When it ends or falls asleep before, by the listener's clock; said only while the sound moves towards it."""
    if snapshot.ends_at is None or snapshot.phase not in {Phase.PLAYING, Phase.HOLDING}:
        return ""
    if snapshot.sleeps_at is not None and snapshot.sleeps_at < snapshot.ends_at:
        return f"silent at {snapshot.sleeps_at:%H:%M}"
    return f"ends at {snapshot.ends_at:%H:%M}"


def segment(snapshot: Snapshot) -> str:
    """Which segment plays, counted from one."""
    if snapshot.playing is None:
        return "none yet"
    number = snapshot.playing.segment_index + 1
    return f"{number} of {snapshot.total_segments}" if snapshot.total_segments else str(number)


def ready_count(snapshot: Snapshot) -> str:
    """How many of the session's segments are ready."""
    ready, total = snapshot.ready_count, snapshot.total_segments
    if not total:
        return ""
    return f"all {total} segments ready" if ready >= total else f"{ready} of {total} segments ready"


def ready_ahead(snapshot: Snapshot) -> str:
    """How much music is ready after the position."""
    return f"{amount(snapshot.ready_ahead_s)} ready ahead" if snapshot.ready_count else ""


def pending(snapshot: Snapshot) -> str:
    """When more is coming, or why no more is."""
    if snapshot.status is SessionStatus.STOPPED_CAP:
        return "spend cap reached"
    if snapshot.status is SessionStatus.ENDED:
        return "session ended"
    seconds = snapshot.next_ready_s
    if seconds is None:
        return ""
    which = "next" if snapshot.ready_count else "first"
    return f"{which} one in {clock(seconds)}" if seconds >= 1 else f"{which} one is due"


def correlation(value: float) -> str:
    """How alike two segments are where they overlap, in a word."""
    if value >= 0.98:
        return "same"
    if value >= 0.6:
        return "alike"
    if value >= 0.2:
        return "related"
    return "unrelated" if value > -0.2 else "opposed"


def level(level_db: float, minus: str = "-") -> str:
    """A meter's level."""
    return "silent" if level_db <= FLOOR_DB else f"{minus if level_db <= -0.5 else ''}{abs(round(level_db))} dB"


def technical(snapshot: Snapshot, minus: str = "-") -> list[str]:
    """What only some want to know: of the output, of the segment that plays, of the last seam, of the engine."""
    now, seam = snapshot.playing, snapshot.seam
    said = [
        "" if snapshot.latency_s is None else f"latency {snapshot.latency_s:.2f} s",
        "" if snapshot.buffered_s is None else f"buffer {amount(snapshot.buffered_s)}",
        "" if now is None else f"gain {_signed(now.gain_db, minus)} dB",
        "" if seam is None else f"seam r {_signed(seam.correlation, minus, 2)}, lag {_signed(seam.lag_ms, minus)} ms",
        "engine answers" if snapshot.session_id and not snapshot.quiet_since else "",
        f"engine: {snapshot.quiet_reason or 'no answer'}" if snapshot.quiet_since else "",
    ]
    return [text for text in said if text]


def _signed(value: float, minus: str, digits: int = 1) -> str:
    shown = f"{abs(value):.{digits}f}"
    return shown if value >= 0.0 or not float(shown) else minus + shown


def dropouts(snapshot: Snapshot) -> str:
    """How often the device got nothing; empty when it always got its sound."""
    if not snapshot.dropouts:
        return ""
    return "1 dropout" if snapshot.dropouts == 1 else f"{snapshot.dropouts} dropouts"


def engine(snapshot: Snapshot) -> str:
    """Which engine makes the music, and since when it has not answered."""
    if snapshot.quiet_since is None:
        return snapshot.engine
    return f"{snapshot.engine}, {quiet(snapshot)}"


def quiet(snapshot: Snapshot) -> str:
    """Since when the engine has not answered; empty while it does."""
    return "" if snapshot.quiet_since is None else f"quiet since {snapshot.quiet_since:%H:%M}"


def closing(snapshot: Snapshot) -> str:
    """The one line that stays when the view is gone; empty where no session was seen."""
    if not snapshot.session_id:
        return ""
    over = snapshot.status not in {None, SessionStatus.ACTIVE}
    if over or (snapshot.ending is not None and snapshot.ending.reason in {"finished", "ended"}):
        return "session over"
    return "session goes on; end it with: focus end"
