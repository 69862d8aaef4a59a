"""What the engine remembers, and the contract that every store of it keeps.

A session has one row for each of its segments, and that row is the queue: planned, then claimed by a renderer
under a lease, then ready (or failed, or dropped because the session ended first).

    planned ──claim──► claimed ──finish──► ready
       ▲                  │  └─third failure──► failed
       └──release, lease over          planned, claimed ──session ends──► dropped

Only what is wanted is claimed: so many segments ahead of what somebody has asked for. A session that nobody asks
for any more comes to rest by itself, and one that holds a lease ends as an orphan when nobody renews it.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from focuscli.model import Goal, SessionStatus

MAX_FAILURES = 3
"""So many failed attempts make a segment failed for good."""

MOST_LOSSES = 10
"""From this attempt on it is a segment's own failure if whoever has it is lost: a renderer, or an engine and its lease.
Before, nothing says that the segment had a part in it: machines die, hang and are cut off in quick succession."""

BACK_OFF_S = 0.25
"""A failed segment waits so long for each failure it has had."""

RENEWAL_S = 30.0
"""That somebody asked for a session is written down no more often than this."""


class StoreUnavailable(Exception):
    """The store cannot be written or read just now: locked, disk full, input/output error."""


class StoreFull(StoreUnavailable):
    """The disk is full. Some room was set free by it, so that a small write may succeed the second time."""


class KeyReused(Exception):
    """An idempotency key came again, with another request."""


class EndReason(StrEnum):
    """Why a session is over."""

    CLIENT = "client"
    CAP = "cap"
    TIMEOUT = "timeout"
    ORPHAN = "orphan"
    SHUTDOWN = "shutdown"


class WorkerState(StrEnum):
    """What becomes of a session just now."""

    STARTING = "starting"
    WORKING = "working"
    IDLE = "idle"
    STOPPED = "stopped"
    FAILED = "failed"


def renewal_s(lease_s: float | None) -> float:
    """How often at most somebody's asking for a session is written down, in seconds.

    A stored lease lasts so much longer than the client's own, and so no client loses its session too early.
    """
    return RENEWAL_S if lease_s is None else min(lease_s / 4, RENEWAL_S)


class Owner(msgspec.Struct, frozen=True):
    """Rows belong to an organization and to one user in it; nobody else can see them."""

    organization_id: str
    user_id: str


class ReadySegment(msgspec.Struct, frozen=True):
    """A segment whose audio is in the objects, whole, under `object_key`."""

    segment_index: int
    object_key: str
    sha256: str
    size_bytes: int
    measured_duration_s: float
    target_lufs: float
    fade_in_ms: int
    fade_out_ms: int


class NewSession(msgspec.Struct, frozen=True):
    """A session about to be stored; `durations_s` plans one segment each. Times are Unix seconds.

    `wanted_segments` are made without anybody asking for them (None: all). With `lease_s` it ends when nobody
    has asked for it for so long.
    """

    session_id: str
    owner: Owner
    goal: Goal
    engine_key: str
    target_minutes: int
    piece: str
    durations_s: tuple[float, ...]
    started_at: float
    wanted_segments: int | None = None
    lease_s: float | None = None


class Idempotency(msgspec.Struct, frozen=True):
    """A client's key for one start, with the digest of what it asked for."""

    key: str
    request_sha256: str


class NextSegment(msgspec.Struct, frozen=True):
    """The first segment of a session that is still to come."""

    segment_index: int
    duration_s: float


class StoredSession(msgspec.Struct, frozen=True):
    """A session as it stands: `ready_count` counts the contiguous prefix, `next_segment` is None at its end.

    `unattended_s` is how long ago somebody last asked for it, on the store's own clock.
    """

    session_id: str
    status: SessionStatus
    goal: Goal
    engine_key: str
    target_minutes: int
    total_segments: int
    started_at: float
    ended_at: float | None
    end_reason: EndReason | None
    ready_count: int
    next_segment: NextSegment | None
    wanted_segments: int = 0
    lease_s: float | None = None
    unattended_s: float = 0.0


class Vitals(msgspec.Struct, frozen=True):
    """Who works on a session, and when its renderer last gave a sign of life (Unix seconds; None: never)."""

    worker_state: WorkerState
    heartbeat_at: float | None


class Standing(msgspec.Struct, frozen=True):
    """How much there is to do: active sessions of everyone, and segments that could be rendered now, and are not.

    `waiting_s` is for how long the one has been wanted that waits longest (0: none waits).
    """

    active_sessions: int
    waiting_segments: int
    waiting_s: float


class Claim(msgspec.Struct, frozen=True):
    """The right to render one segment until its lease ends; `attempt` fences off whoever held it before."""

    session_id: str
    segment_index: int
    attempt: int
    piece: str


class Recovered(msgspec.Struct, frozen=True):
    """What recovery put back: claims of a dead engine, and ready segments whose audio was not whole.

    `damaged` names the objects that are there, and are not what they should be.
    """

    claims: int
    segments: int
    damaged: tuple[str, ...] = ()


class Store(Protocol):
    """Safe to call from any thread; every call is one transaction and durable when it returns.

    Leases and back-off are measured by the store's own clock, so that a jump of wall time ends no lease.
    Any call raises StoreUnavailable, having changed nothing, when the medium refuses.
    """

    def create(self, session: NewSession, idempotency: Idempotency | None) -> StoredSession:
        """Store a session with its planned segments; the same idempotency key answers the first session again.

        Raises KeyReused where the key came with another request.
        """

    def session(self, owner: Owner, session_id: str) -> StoredSession | None:
        """The session as it stands; None where it does not exist or is someone else's."""

    def listing(self, owner: Owner, session_id: str) -> tuple[StoredSession, tuple[ReadySegment, ...]] | None:
        """The session and its contiguous ready prefix, as of one moment."""

    def sessions(self, owner: Owner, status: SessionStatus | None, limit: int, offset: int) -> list[StoredSession]:
        """The owner's sessions, newest first."""

    def end(self, session_id: str, status: SessionStatus, reason: EndReason, at: float) -> bool:
        """Make an active session terminal and drop what was not ready; False where it already was terminal."""

    def end_orphans(self, at: float) -> list[str]:
        """End every active session whose lease is over; returns their ids."""

    def attend(self, session_id: str, wanted_segments: int) -> None:
        """Somebody asked for the session: its lease begins anew, and at least so many of its segments are wanted."""

    def rest(self, unattended_s: float) -> int:
        """Want nothing more of active sessions that nobody asked for in so long; returns how many these are."""

    def vitals(self, owner: Owner, session_id: str) -> Vitals | None:
        """The state of the session's work; None where it does not exist or is someone else's."""

    def active(self) -> list[StoredSession]:
        """Every active session of everyone, for the sweep."""

    def claim(self, owner: str, lease_s: float) -> Claim | None:
        """Take the most urgent wanted segment that is free or whose lease is over; None where there is nothing to do.

        Lower segment indices first, then older sessions: a new session's beginning goes before an old one's rest.
        """

    def renew(self, claim: Claim, lease_s: float) -> bool:
        """Prolong the lease from now; False where the claim is no longer held."""

    def finish(self, claim: Claim, segment: ReadySegment) -> bool:
        """Make the claimed segment ready; False, changing nothing, where the claim is no longer held.

        Who does not know whether it was heard may say it again: it is ready, and was charged, once.
        """

    def release(self, claim: Claim, failure: str | None = None) -> bool:
        """Give the segment back; False where the claim is no longer held.

        With a failure the next attempt waits a little, and the third failure is for good: the segment is
        failed and all that follow it are dropped, for only a contiguous prefix can ever be listed.
        """

    def fail_expired(self) -> list[tuple[str, int]]:
        """Fail segments whose lease ended on their last attempt; returns (session_id, segment_index) of each."""

    def take_back(self) -> int:
        """Set free what is claimed by other engines that are gone, which is no failure; returns how many claims."""

    def has_work(self) -> bool:
        """Whether any segment is wanted and not made yet."""

    def standing(self) -> Standing:
        """How much there is to do: counted by the database, so that no session has to be read for it."""

    def segment(self, organization_id: str, session_id: str, segment_index: int) -> ReadySegment | None:
        """One ready segment, for media; the caller has already proved the right to it."""

    def lose(self, segment: ReadySegment) -> None:
        """The ready segment's audio turned out damaged or gone: plan it again (drop it in a session that is over)."""

    def recover(self, sizes: Mapping[str, int]) -> Recovered:
        """After a start: no claim is held by anyone, and ready is only what has its object, whole, in `sizes`.

        Leases of sessions begin anew: their clients could not renew them while there was no engine.
        """

    def expire(self, ended_before: float) -> list[str]:
        """Drop the audio of sessions that ended before (wall time); returns the objects that nobody needs now."""

    def evict(self, quota_bytes: int) -> list[str]:
        """Give up audio until what remains fits the quota; returns the objects that nobody needs now.

        First that of sessions that are over, the longest unused first; then what active sessions have long
        behind them, which stays listed and is rendered again when somebody does ask for it.
        """

    def object_keys(self) -> Sequence[str]:
        """The keys of all ready segments whose audio is kept."""
