"""The rows of sessions and segments: written from what the store is given, and read as what it answers."""

from msgspec.structs import asdict

from focuscli.engine.database import Row, Transaction
from focuscli.engine.pace import lead_segments
from focuscli.engine.sentences import read_sentences
from focuscli.engine.store import (
    Claim,
    EndReason,
    Idempotency,
    KeyReused,
    NewSession,
    NextSegment,
    Owner,
    StoredSession,
    WorkerState,
    renewal_s,
)
from focuscli.model import Goal, SessionStatus

SQL = read_sentences("sessions")


def fence(claim: Claim) -> dict[str, object]:
    """What only the row has that this claim still holds."""
    return {"session_id": claim.session_id, "segment_index": claim.segment_index, "attempt": claim.attempt}


def repeated(db: Transaction, owner: Owner, idempotency: Idempotency) -> str | None:
    """The session that this key made already; raises KeyReused where that was for another request."""
    db.hold("key", owner.organization_id, owner.user_id, idempotency.key)
    row = db.execute(SQL["find_idempotency"], {**asdict(owner), "key": idempotency.key}).fetchone()
    if row and row["request_sha256"] != idempotency.request_sha256:
        raise KeyReused(idempotency.key)
    return str(row["session_id"]) if row else None


def end_session(db: Transaction, session_id: str, status: SessionStatus, reason: EndReason, at: float) -> bool:
    """Make it terminal and drop what was not ready; False where it already was terminal."""
    change = {"session_id": session_id, "status": status, "end_reason": reason, "ended_at": at}
    if db.execute(SQL["end_session"], change).rowcount == 0:
        return False
    db.execute(SQL["drop_unready"], {"session_id": session_id, "from_index": 0})
    return True


def is_behind(row: Row) -> bool:
    """Whether a segment's audio may go: of an active session only what lies well behind what was last asked for."""
    lead = lead_segments(row["nominal_s"])
    return not row["is_active"] or row["segment_index"] < row["wanted_segments"] - 2 * lead


def worker_state(row: Row) -> WorkerState:
    """What becomes of a session, from the row of its vitals."""
    if row["status"] != SessionStatus.ACTIVE:
        return WorkerState.STOPPED
    if row["failed"]:
        return WorkerState.FAILED
    if row["working"]:
        return WorkerState.WORKING
    return WorkerState.STARTING if row["heartbeat_at"] is None else WorkerState.IDLE


def insert_session(
    db: Transaction, new: NewSession, now: float, segment_microchf: int, idempotency: Idempotency | None
) -> str:
    """Write a session with its planned segments and its key; returns its id. `now` is the store's own time."""
    total = len(new.durations_s)
    wanted = total if new.wanted_segments is None else min(total, new.wanted_segments)
    columns = {
        "session_id": new.session_id,
        **asdict(new.owner),
        "goal": new.goal,
        "engine_key": new.engine_key,
        "target_minutes": new.target_minutes,
        "total_segments": total,
        "piece": new.piece,
        "started_at": new.started_at,
        "wanted_segments": wanted,
        "lease_s": new.lease_s,
        "renewal_s": renewal_s(new.lease_s),
        "now": now,
        "segment_microchf": segment_microchf,
    }
    sequence = db.value(SQL["insert_session"], columns)
    rows = (
        {
            "session": sequence,
            "segment_index": index,
            "planned_duration_s": duration_s,
            "wanted": index < wanted,
            "now": now,
        }
        for index, duration_s in enumerate(new.durations_s)
    )
    db.executemany(SQL["insert_segment"], rows)
    if idempotency:
        made = {**asdict(new.owner), **asdict(idempotency), "session_id": new.session_id}
        db.execute(SQL["insert_idempotency"], made)
    return new.session_id


def stored_session(row: Row) -> StoredSession:
    """A session as it stands, from its row."""
    coming = row["next_index"]
    return StoredSession(
        session_id=row["session_id"],
        status=SessionStatus(row["status"]),
        goal=Goal(row["goal"]),
        engine_key=row["engine_key"],
        target_minutes=row["target_minutes"],
        total_segments=row["total_segments"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        end_reason=EndReason(row["end_reason"]) if row["end_reason"] else None,
        ready_count=row["ready_count"],
        next_segment=None if coming is None else NextSegment(coming, row["next_duration_s"]),
        wanted_segments=row["wanted_segments"],
        lease_s=row["lease_s"],
        unattended_s=row["unattended_s"],
    )
