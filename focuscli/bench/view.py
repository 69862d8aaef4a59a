"""What the live view costs alone: CPU time of its frames at four a second, as a share of a core.

python -m focuscli.bench view [--quick]
"""

import io
import math
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from focuscli.events import DeviceOpened, Event, Played, SegmentStarted, SessionSeen
from focuscli.model import Goal, Segment, Session, SessionStatus
from focuscli.view.live import LiveFace, console_on
from focuscli.view.snapshot import Snapshot

FRAMES_PER_S = 4
MOST_OF_A_CORE = 0.01
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def listening_face(columns: int) -> LiveFace:
    """The live view of a session that plays, drawing into nothing."""
    console = console_on(io.StringIO(), color=True)
    console.width = columns
    face = LiveFace(console, Snapshot(now=BEGAN, engine="local"))
    segments = tuple(Segment(index, "http://127.0.0.1/", 120.0, -20.0, 1500, 1500) for index in range(4))
    session = Session(
        "mfocus_1", SessionStatus.ACTIVE, Goal.FOCUS, "procedural", 60, 30, 4, segments, more_pending=True,
        next_ready_at=None,
    )  # fmt: skip
    begin: list[Event] = [SessionSeen(session), DeviceOpened("Speakers", 0.1), SegmentStarted(0, 0.0, 120.0, 0.0)]
    face.show(begin, BEGAN, visible=True)
    return face


def cost(minutes: float, columns: int) -> tuple[float, int]:
    """The share of a core for so many minutes of listening, and how many frames were drawn."""
    face = listening_face(columns)
    began = time.process_time()
    for number in range(round(60 * minutes * FRAMES_PER_S)):
        at_s = number / FRAMES_PER_S
        level = -20.0 + 8.0 * math.sin(1.7 * at_s)
        face.show([Played(at_s, 0, (level, level - 1.0), 8.0)], BEGAN + timedelta(seconds=at_s), visible=True)
    spent_s = time.process_time() - began
    face.closed(hung_up=False)
    return spent_s / (60 * minutes), face.frames


def measure(quick: bool) -> list[dict[str, Any]]:
    """A row a width; no more than a hundredth of a core."""
    rows = []
    for columns in (40, 80, 120):
        share, frames = cost(0.5 if quick else 3.0, columns)
        rows.append({"columns": columns, "frames": frames, "core": f"{share:.2%}", "ok": share <= MOST_OF_A_CORE})
    return rows
