"""The rules of a session's life: it starts once, its first terminal status wins, and nothing restarts."""

import hashlib
import logging
import secrets

from focuscli.clock import Clock
from focuscli.engine.generators import DEFAULT_KEY
from focuscli.engine.pace import lead_segments
from focuscli.engine.passed import PassedTime
from focuscli.engine.room import Room
from focuscli.engine.start_request import LARGEST_SEED, Extension, StartRequest
from focuscli.engine.store import (
    EndReason,
    Idempotency,
    NewSession,
    Owner,
    ReadySegment,
    Store,
    StoredSession,
    StoreFull,
    StoreUnavailable,
    Vitals,
    renewal_s,
)
from focuscli.model import SessionStatus
from focuscli.music.timeline import Piece, spans
from focuscli.units import seconds

log = logging.getLogger(__name__)

SHORTEST_LIMIT_S = 12 * 3600.0
"""No session times out before that; longer ones at twice their target."""


class Sessions:
    """Starts, shows and ends sessions. Writes block on the disk: call those in a thread."""

    def __init__(self, store: Store, clock: Clock, room: Room, *, segment_s: int, idle_s: float) -> None:
        """`idle_s`: after so long without anybody asking for a session nothing more of it is made."""
        self._store, self._clock, self._room = store, clock, room
        self._passed = PassedTime(clock)
        self._segment_s, self._idle_s = segment_s, idle_s
        self._first_seen: dict[str, tuple[float, float]] = {}

    def start(self, owner: Owner, request: StartRequest, extension: Extension, key: str | None) -> StoredSession:
        """Store a new session with its planned segments; with the same idempotency key, the same session.

        Raises KeyReused, and StoreUnavailable where it cannot be stored or nothing could be rendered.
        """
        if not self._room.is_left():
            raise StoreUnavailable("there is no room for audio")
        digest = hashlib.sha256(request.canonical(extension)).hexdigest()
        piece = self._piece(request, extension)
        new = NewSession(
            session_id=f"mfocus_{secrets.token_hex(6)}",
            owner=owner,
            goal=request.goal,
            engine_key=request.engine_key,
            target_minutes=request.target_minutes,
            piece=piece.to_json(),
            durations_s=tuple(seconds(span.frames) for span in spans(piece)),
            started_at=self._clock.now().timestamp(),
            wanted_segments=lead_segments(self._segment_s),
            lease_s=extension.lease_s,
        )
        return self._store.create(new, Idempotency(key, digest) if key else None)

    def listing(self, owner: Owner, session_id: str) -> tuple[StoredSession, tuple[ReadySegment, ...]] | None:
        """The session and its ready segments; None where it is not there or not the owner's."""
        return self._store.listing(owner, session_id)

    def is_due(self, session: StoredSession) -> bool:
        """Whether it has to be written down that somebody asked for the session: more is wanted, or a lease renewed."""
        wants_more = session.status is SessionStatus.ACTIVE and _wanted(session) > session.wanted_segments
        return wants_more or session.unattended_s >= renewal_s(session.lease_s)

    def attend(self, session: StoredSession) -> None:
        """Write it down: the lease begins anew, and a lead beyond what is ready now is wanted.

        A store that refuses is asked with the next poll: this one can be answered all the same.
        """
        try:
            self._store.attend(session.session_id, _wanted(session))
        except StoreUnavailable as exc:
            log.warning("the store refuses to be told of a client: %s", exc)

    def page(self, owner: Owner, status: SessionStatus | None, limit: int, offset: int) -> list[StoredSession]:
        """The owner's sessions, newest first."""
        return self._store.sessions(owner, status, limit, offset)

    def end(self, owner: Owner, session_id: str) -> StoredSession | None:
        """End the owner's session if it is active; answers it as it stands then, None where it is not there."""
        return self.stop(owner, session_id)[1]

    def stop(self, owner: Owner, session_id: str) -> tuple[bool, StoredSession | None]:
        """As `end`, and whether it was this call that ended it: of many at once, one is told so."""
        session = self._store.session(owner, session_id)
        if session is None or session.status is not SessionStatus.ACTIVE:
            return False, session
        won = self._end(session_id, EndReason.CLIENT)
        return won, self._store.session(owner, session_id)

    def vitals(self, owner: Owner, session_id: str) -> Vitals | None:
        """Who works on the session; None where it is not there or not the owner's."""
        return self._store.vitals(owner, session_id)

    def _end(self, session_id: str, reason: EndReason) -> bool:
        at = self._clock.now().timestamp()
        try:
            return self._store.end(session_id, SessionStatus.ENDED, reason, at)
        except StoreFull:  # which has set some room free
            return self._store.end(session_id, SessionStatus.ENDED, reason, at)

    def sweep(self) -> int:
        """End sessions that are over: their lease is, or they are active for too long; returns how many.

        Sessions that nobody asks for come to rest. To be called some times a minute: see `SWEEP_S`.

        Age is what wall time said when this process first saw the session, and monotonic time since: a jump of
        the wall clock ends nobody's session.
        """
        now, past, monotonic = self._clock.now().timestamp(), self._passed.now(), self._clock.monotonic()
        active = self._store.active()
        seen = {s.session_id: self._first_seen.get(s.session_id, (past - s.started_at, monotonic)) for s in active}
        self._first_seen = seen
        orphans = self._store.end_orphans(now)
        for session_id in orphans:
            log.info("%s ended as an orphan: nobody renewed its lease", session_id)
        swept = len(orphans)
        for session in active:
            age_s, since = seen[session.session_id]
            if age_s + monotonic - since > life_s(session.target_minutes):
                swept += self._end(session.session_id, EndReason.TIMEOUT)
        self._store.rest(self._idle_s)
        if claims := self._store.take_back():
            log.warning("%d segments of engines that are gone are free again", claims)
        for session_id, index in self._store.fail_expired():
            log.warning("segment %d of %s failed for good: its renderer never answered", index, session_id)
        return swept

    def _piece(self, request: StartRequest, extension: Extension) -> Piece:
        return Piece(
            goal=request.goal,
            intensity=request.intensity,
            divergence=request.divergence,
            seed=secrets.randbelow(LARGEST_SEED + 1) if extension.seed is None else extension.seed,
            duration_s=request.target_minutes * 60,
            prompt=request.prompt,
            segment_s=self._segment_s,
            modulation=extension.modulation,
            generator=None if request.engine_key == DEFAULT_KEY else request.engine_key,
        )


def life_s(target_minutes: int) -> float:
    """How long a session may be active at most, in seconds."""
    return max(SHORTEST_LIMIT_S, 2 * 60.0 * target_minutes)


def _wanted(session: StoredSession) -> int:
    nominal_s = session.target_minutes * 60 / session.total_segments
    return min(session.total_segments, session.ready_count + lead_segments(nominal_s))
