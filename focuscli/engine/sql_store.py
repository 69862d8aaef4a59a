"""Sessions and their segments in the engine's database."""

from collections.abc import Mapping, Sequence
from itertools import starmap

from msgspec.structs import asdict

from focuscli.clock import Clock
from focuscli.engine.database import Database, Transaction
from focuscli.engine.session_rows import (
    SQL,
    end_session,
    fence,
    insert_session,
    is_behind,
    repeated,
    stored_session,
    worker_state,
)
from focuscli.engine.spending import Budget, Spending
from focuscli.engine.store import (
    BACK_OFF_S,
    MAX_FAILURES,
    MOST_LOSSES,
    RENEWAL_S,
    Claim,
    EndReason,
    Idempotency,
    NewSession,
    Owner,
    ReadySegment,
    Recovered,
    Standing,
    StoredSession,
    Vitals,
    renewal_s,
)
from focuscli.model import SessionStatus

SWEEP = "sweep"
"""Held by whoever goes over many sessions at once."""

_LIMITS = {"max_failures": MAX_FAILURES, "most_losses": MOST_LOSSES}
_NEVER_ANSWERED = "the renderer did not answer within its lease"


class SqlStore:
    """The `Store` contract; leases count on the given clock's monotonic time, or the clock of a shared database."""

    def __init__(self, database: Database, clock: Clock, budget: Budget | None = None) -> None:
        """Keep sessions in the database; whoever opened it closes it. Without a budget everything is free."""
        self._database, self._clock = database, clock
        self._spending = Spending(budget or Budget(), clock)

    def create(self, session: NewSession, idempotency: Idempotency | None) -> StoredSession:
        """Store a session with its planned segments, or answer the one its idempotency key already made."""
        with self._database.write() as db:
            session_id = repeated(db, session.owner, idempotency) if idempotency else None
            if session_id is None:
                price = self._spending.budget.price(session.engine_key)
                session_id = insert_session(db, session, self._clock.monotonic(), price, idempotency)
                if self._spending.would_pass(db, session_id, 0, claimed=False):
                    end_session(db, session_id, *self._at_cap())
            stored = self._session(db, session.owner, session_id)
        assert stored is not None
        return stored

    def session(self, owner: Owner, session_id: str) -> StoredSession | None:
        """The session as it stands."""
        with self._database.read() as db:
            return self._session(db, owner, session_id)

    def listing(self, owner: Owner, session_id: str) -> tuple[StoredSession, tuple[ReadySegment, ...]] | None:
        """The session and its contiguous ready prefix."""
        with self._database.read() as db:
            session = self._session(db, owner, session_id)
            if session is None:
                return None
            prefix = {"session_id": session_id, "ready_count": session.ready_count}
            return session, tuple(starmap(ReadySegment, db.tuples(SQL["ready_prefix"], prefix)))

    def sessions(self, owner: Owner, status: SessionStatus | None, limit: int, offset: int) -> list[StoredSession]:
        """The owner's sessions, newest first."""
        wanted = {**asdict(owner), "status": status, "limit": limit, "offset": offset, **self._now()}
        with self._database.read() as db:
            return [stored_session(row) for row in db.execute(SQL["sessions"], wanted)]

    def end(self, session_id: str, status: SessionStatus, reason: EndReason, at: float) -> bool:
        """Make an active session terminal and drop what was not ready."""
        with self._database.write() as db:
            return end_session(db, session_id, status, reason, at)

    def end_orphans(self, at: float) -> list[str]:
        """End every active session whose lease is over."""
        with self._database.write() as db:
            db.hold(SWEEP)
            rows = db.execute(SQL["end_orphans"], {"at": at, **self._now()}).fetchall()
            for row in rows:
                db.execute(SQL["drop_unready"], {"session_id": row["session_id"], "from_index": 0})
        return [row["session_id"] for row in rows]

    def attend(self, session_id: str, wanted_segments: int) -> None:
        """Somebody asked for the session: renew its lease, and want more of it."""
        terms = {"session_id": session_id, "wanted_segments": wanted_segments, **self._now()}
        with self._database.write() as db:
            row = db.execute(SQL["lease_of"], terms).fetchone()
            if row is not None:
                moments = {"wall": self._clock.now().timestamp(), "renewal_s": renewal_s(row["lease_s"])}
                db.execute(SQL["attend"], {**terms, **moments})
                db.execute(SQL["want"], terms)

    def rest(self, unattended_s: float) -> int:
        """Want nothing more of active sessions that nobody asked for in so long."""
        with self._database.write() as db:
            db.hold(SWEEP)
            resting = db.execute(SQL["rest_sessions"], {"unattended_s": unattended_s, **self._now()}).rowcount
            if resting:
                db.execute(SQL["rest_segments"])
        return resting

    def vitals(self, owner: Owner, session_id: str) -> Vitals | None:
        """The state of the session's work."""
        with self._database.read() as db:
            row = db.execute(SQL["vitals"], {**asdict(owner), "session_id": session_id}).fetchone()
        return Vitals(worker_state(row), row["heartbeat_at"]) if row else None

    def active(self) -> list[StoredSession]:
        """Every active session of everyone."""
        with self._database.read() as db:
            return [stored_session(row) for row in db.execute(SQL["active"], self._now())]

    def _session(self, db: Transaction, owner: Owner, session_id: str) -> StoredSession | None:
        row = db.execute(SQL["session"], {**asdict(owner), "session_id": session_id, **self._now()}).fetchone()
        return stored_session(row) if row else None

    def _now(self) -> dict[str, object]:
        return {"now": self._clock.monotonic()}

    def claim(self, owner: str, lease_s: float) -> Claim | None:
        """Take the most urgent segment that may be rendered now."""
        terms = {"owner": owner, "lease_s": lease_s, **_LIMITS}
        while True:
            with self._database.write() as db:
                row = db.execute(SQL["claim"], {**terms, **self._now()}).fetchone()
                if row is None:
                    return None
                claim = Claim(*row)
                if not self._spending.would_pass(db, claim.session_id, claim.segment_index, claimed=True):
                    self._beat(db, claim)
                    return claim
                db.execute(SQL["release"], fence(claim))
            self.end(claim.session_id, *self._at_cap())

    def _at_cap(self) -> tuple[SessionStatus, EndReason, float]:
        return SessionStatus.STOPPED_CAP, EndReason.CAP, self._clock.now().timestamp()

    def renew(self, claim: Claim, lease_s: float) -> bool:
        """Prolong the lease from now."""
        terms = {**fence(claim), "lease_s": lease_s, **self._now()}
        with self._database.write() as db:
            return self._sign_of_life(db, claim, db.execute(SQL["renew"], terms).rowcount)

    def finish(self, claim: Claim, segment: ReadySegment) -> bool:
        """Make the claimed segment ready, unless the claim is no longer held."""
        with self._database.write() as db:
            finished = db.execute(SQL["finish"], {**asdict(segment), **fence(claim)}).rowcount
            if finished:
                self._spending.charge(db, claim.session_id, claim.segment_index)
            return self._sign_of_life(db, claim, finished)

    def _sign_of_life(self, db: Transaction, claim: Claim, changed: int) -> bool:
        if changed:
            self._beat(db, claim)
        return changed == 1

    def _beat(self, db: Transaction, claim: Claim) -> None:
        db.execute(SQL["beat"], {**fence(claim), "wall": self._clock.now().timestamp()})

    def release(self, claim: Claim, failure: str | None = None) -> bool:
        """Give the segment back, with or without a failure counted."""
        with self._database.write() as db:
            if failure is None:
                return db.execute(SQL["release"], fence(claim)).rowcount == 1
            return self._fail(db, fence(claim), failure)

    def fail_expired(self) -> list[tuple[str, int]]:
        """Fail segments whose lease ended on their last attempt."""
        terms = {**_LIMITS, **self._now()}
        with self._database.write() as db:
            db.hold(SWEEP)
            expired = [Claim(*row) for row in db.execute(SQL["expired_for_good"], terms).fetchall()]
            failed = [claim for claim in expired if self._fail(db, fence(claim), _NEVER_ANSWERED)]
        return [(claim.session_id, claim.segment_index) for claim in failed]

    def _fail(self, db: Transaction, fence: dict[str, object], failure: str) -> bool:
        terms = {"failure": failure[:500], "back_off_s": BACK_OFF_S, **self._now()}
        db.execute(SQL["hold_session"], fence)
        row = db.execute(SQL["release_failed"], {**fence, **terms, "max_failures": MAX_FAILURES}).fetchone()
        if row and row["state"] == "failed":
            db.execute(SQL["drop_unready"], {"session_id": fence["session_id"], "from_index": fence["segment_index"]})
        return row is not None

    def has_work(self) -> bool:
        """Whether any segment is wanted and not made yet."""
        with self._database.read() as db:
            return bool(db.value(SQL["has_work"]))

    def standing(self) -> Standing:
        """Counted, without reading a session."""
        with self._database.read() as db:
            return Standing(*next(iter(db.tuples(SQL["standing"], self._now()))))

    def segment(self, organization_id: str, session_id: str, segment_index: int) -> ReadySegment | None:
        """One ready segment."""
        wanted = {"organization_id": organization_id, "session_id": session_id, "segment_index": segment_index}
        with self._database.read() as db:
            row = db.execute(SQL["segment"], wanted).fetchone()
        return ReadySegment(*row) if row else None

    def lose(self, segment: ReadySegment) -> None:
        """Plan a segment again whose audio is damaged or gone."""
        with self._database.write() as db:
            lost = {"object_key": segment.object_key, **self._now()}
            db.execute(SQL["hold_session_of"], lost)
            db.execute(SQL["lose"], lost)

    def take_back(self) -> int:
        """Set free what is claimed by engines that are gone."""
        if not self._database.shared:
            return 0
        with self._database.write() as db:
            db.hold(SWEEP)
            return db.execute(SQL["release_dead"]).rowcount

    def recover(self, sizes: Mapping[str, int]) -> Recovered:
        """Take back every claim, and every ready segment whose object is not there with its size."""
        with self._database.write() as db:
            db.hold(SWEEP)
            claims = db.execute(SQL["release_all"]).rowcount
            db.execute(SQL["forget_back_off"], self._now())
            db.execute(SQL["renew_leases"], {"renewal_s": RENEWAL_S, **self._now()})
            lost = [key for key, size in db.execute(SQL["ready_objects"]).fetchall() if sizes.get(key) != size]
            db.executemany(SQL["lose"], [{"object_key": key, **self._now()} for key in lost])
        return Recovered(claims, len(lost), tuple(key for key in lost if key in sizes))

    def expire(self, ended_before: float) -> list[str]:
        """Drop the audio of sessions that ended before."""
        terms = {"ended_before": ended_before}
        with self._database.write() as db:
            db.hold(SWEEP)
            keys = [row["object_key"] for row in db.execute(SQL["expired_objects"], terms)]
            if keys:
                db.execute(SQL["drop_expired"], terms)
        return keys

    def evict(self, quota_bytes: int) -> list[str]:
        """Give up the least recently used audio until the rest fits the quota."""
        with self._database.write() as db:
            db.hold(SWEEP)
            kept_bytes = db.value(SQL["bytes_kept"])
            if kept_bytes <= quota_bytes:
                return []
            given_up = []
            for row in db.execute(SQL["least_recently_used"]).fetchall():
                if kept_bytes <= quota_bytes:
                    break
                if is_behind(row):
                    sentence = "rest_object" if row["is_active"] else "drop_object"
                    db.execute(SQL[sentence], {"object_key": row["object_key"]})
                    given_up.append(row["object_key"])
                    kept_bytes -= row["size_bytes"]
        return given_up

    def object_keys(self) -> Sequence[str]:
        """The keys of all ready segments whose audio is kept."""
        with self._database.read() as db:
            return [key for key, _ in db.execute(SQL["ready_objects"])]
