"""The rules of a session's life: it starts once, its first terminal status wins, and nothing restarts."""

import hashlib
import logging
import secrets

from focuscli.clock import Clock
from focuscli.engine.generators import DEFAULT_KEY
from focuscli.engine.start_request import LARGEST_SEED, Extension, StartRequest
from focuscli.engine.store import (
    EndReason,
    Idempotency,
    NewSession,
    Owner,
    ReadySegment,
    Store,
    StoredSession,
)
from focuscli.model import SessionStatus
from focuscli.music.timeline import Piece, spans
from focuscli.units import seconds

log = logging.getLogger(__name__)

SHORTEST_LIMIT_S = 12 * 3600.0
"""No session times out before that; longer ones at twice their target."""


class Sessions:
    """Starts, shows and ends sessions. Writes block on the disk: call those in a thread."""

    def __init__(self, store: Store, clock: Clock, segment_s: int, retention_s: float) -> None:
        self._store, self._clock = store, clock
        self._segment_s, self._retention_s = segment_s, retention_s
        self._first_seen: dict[str, tuple[float, float]] = {}

    def start(self, owner: Owner, request: StartRequest, extension: Extension, key: str | None) -> StoredSession:
        """Store a new session with its planned segments; with the same idempotency key, the same session.

        Raises KeyReused and StoreUnavailable.
        """
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
        )
        return self._store.create(new, Idempotency(key, digest) if key else None)

    def listing(self, owner: Owner, session_id: str) -> tuple[StoredSession, tuple[ReadySegment, ...]] | None:
        """The session and its ready segments; None where it is not there or not the owner's."""
        return self._store.listing(owner, session_id)

    def page(self, owner: Owner, status: SessionStatus | None, limit: int, offset: int) -> list[StoredSession]:
        """The owner's sessions, newest first."""
        return self._store.sessions(owner, status, limit, offset)

    def end(self, owner: Owner, session_id: str) -> StoredSession | None:
        """End the owner's session if it is active; answers it as it stands then, None where it is not there."""
        session = self._store.session(owner, session_id)
        if session is None or session.status is not SessionStatus.ACTIVE:
            return session
        self._store.end(session_id, SessionStatus.ENDED, EndReason.CLIENT, self._clock.now().timestamp())
        return self._store.session(owner, session_id)

    def sweep(self) -> int:
        """End sessions that are active for too long; returns how many. To be called each minute or so.

        Age is what wall time said when this process first saw the session, and monotonic time since: a jump of
        the wall clock ends nobody's session.
        """
        now, monotonic = self._clock.now().timestamp(), self._clock.monotonic()
        active = self._store.active()
        seen = {s.session_id: self._first_seen.get(s.session_id, (now - s.started_at, monotonic)) for s in active}
        self._first_seen = seen
        swept = 0
        for session in active:
            age_s, since = seen[session.session_id]
            if age_s + monotonic - since > max(SHORTEST_LIMIT_S, 2 * 60.0 * session.target_minutes):
                swept += self._store.end(session.session_id, SessionStatus.ENDED, EndReason.TIMEOUT, now)
        for session_id, index in self._store.fail_expired():
            log.warning("segment %d of %s failed for good: its renderer never answered", index, session_id)
        return swept

    def expire(self) -> list[str]:
        """Give up the audio of sessions that ended too long ago; returns the objects to remove."""
        return self._store.expire(self._clock.now().timestamp() - self._retention_s)

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
