"""A session's life as the rules have it, in a few lines of Python: what a store and a web face must agree with."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from focuscli.bench.stepped import SteppedClock
from focuscli.bench.worlds import IDLE_S, RENDER_LEASE_S, SEGMENT_S, Sight
from focuscli.engine.pace import lead_segments
from focuscli.engine.sessions import life_s
from focuscli.engine.store import BACK_OFF_S, MAX_FAILURES, MOST_LOSSES, Claim, EndReason, renewal_s
from focuscli.model import SessionStatus

LEAD = lead_segments(SEGMENT_S)


@dataclass(slots=True)
class Row:
    """One segment."""

    state: str = "planned"
    wanted: bool = True
    attempt: int = 0
    failures: int = 0
    not_before: float = 0.0
    lease_ends_at: float = 0.0
    digest: str = ""


@dataclass(slots=True)
class Life:
    """One session; times that end in `_at` count on the monotonic clock, but `started` and `ended` on the wall."""

    started: float
    lease_s: int | None
    attended_at: float
    wanted: int
    rows: list[Row]
    status: SessionStatus = SessionStatus.ACTIVE
    end_reason: EndReason | None = None
    ended: float | None = None
    first_seen: tuple[float, float] | None = None
    promoted: set[int] = field(default_factory=set)
    charged: set[int] = field(default_factory=set)

    @property
    def is_active(self) -> bool:
        """Whether it can still end."""
        return self.status is SessionStatus.ACTIVE

    @property
    def lease_ends_at(self) -> float:
        """When nobody tends it any more."""
        return float("inf") if self.lease_s is None else self.attended_at + self.lease_s + renewal_s(self.lease_s)

    @property
    def ready(self) -> list[Row]:
        """The contiguous prefix."""
        unready = next((index for index, row in enumerate(self.rows) if row.state != "ready"), len(self.rows))
        return self.rows[:unready]

    def drop(self, first: int = 0) -> None:
        """What is not ready from there on never will be."""
        for row in self.rows[first:]:
            if row.state in {"planned", "claimed"}:
                row.state = "dropped"


class Model:
    """All sessions of an engine."""

    def __init__(self, clock: SteppedClock) -> None:
        self._clock = clock
        self._lives: dict[str, Life] = {}

    @property
    def count(self) -> int:
        """How many sessions there are."""
        return len(self._lives)

    @property
    def charged(self) -> int:
        """Segments that ever became ready, each once."""
        return sum(len(life.charged) for life in self._lives.values())

    @property
    def tracks(self) -> int:
        """Segments that were promoted, each once."""
        return sum(len(life.promoted) for life in self._lives.values())

    def ids(self) -> Iterator[str]:
        """All sessions."""
        return iter(self._lives)

    def sight(self, session_id: str) -> Sight:
        """How it looks."""
        life = self._lives[session_id]
        return Sight(life.status, life.end_reason, life.ended, tuple(row.digest for row in life.ready))

    def start(self, session_id: str, segments: int, lease_s: int | None) -> None:
        """A lead of it is wanted."""
        rows = [Row(wanted=index < LEAD) for index in range(segments)]
        now = self._clock.monotonic()
        self._lives[session_id] = Life(self._clock.wall, lease_s, now, min(segments, LEAD), rows)

    def attend(self, session_id: str) -> None:
        """Somebody asked: a lead beyond what was answered is wanted, and the lease begins anew."""
        life = self._lives[session_id]
        wanted = min(len(life.rows), len(life.ready) + LEAD)
        wants_more = life.is_active and wanted > life.wanted
        if not wants_more and self._clock.monotonic() - life.attended_at < renewal_s(life.lease_s):
            return
        life.attended_at = self._clock.monotonic()
        life.wanted = max(life.wanted, wanted)
        for row in life.rows[:wanted] if life.is_active else []:
            row.wanted = row.wanted or row.state == "planned"

    def claim(self) -> tuple[str, int, int] | None:
        """The lowest index of the oldest session that may be rendered."""
        now = self._clock.monotonic()
        free = [
            (index, order, session_id)
            for order, (session_id, life) in enumerate(self._lives.items())
            for index, row in enumerate(life.rows)
            if row.wanted and _is_free(row, now)
        ]
        if not free:
            return None
        index, _, session_id = min(free)
        row = self._lives[session_id].rows[index]
        row.failures += row.state == "claimed" and row.attempt >= MOST_LOSSES
        row.state, row.attempt, row.lease_ends_at = "claimed", row.attempt + 1, now + RENDER_LEASE_S
        return session_id, index, row.attempt

    def finish(self, claim: Claim, digest: str) -> bool:
        """Only who holds the claim makes it ready; and may say so again."""
        row = self._held(claim) or self._made(claim)
        if row is None:
            return False
        row.state, row.digest = "ready", digest
        self._lives[claim.session_id].charged.add(claim.segment_index)
        return True

    def fail(self, claim: Claim) -> bool:
        """The third failure is for good, and nothing comes after it."""
        row = self._held(claim)
        if row is None:
            return False
        self._fail(self._lives[claim.session_id], claim.segment_index)
        return True

    def renew(self, claim: Claim) -> bool:
        """Only who holds the claim prolongs it."""
        row = self._held(claim)
        if row is None:
            return False
        row.lease_ends_at = self._clock.monotonic() + RENDER_LEASE_S
        return True

    def end(self, session_id: str, status: SessionStatus, reason: EndReason) -> bool:
        """The first terminal status wins."""
        life = self._lives[session_id]
        if not life.is_active:
            return False
        life.status, life.end_reason, life.ended = status, reason, self._clock.wall
        life.drop()
        return True

    def promote(self, session_id: str, index: int) -> bool:
        """What is listed can be kept, and what was kept once stays so."""
        life = self._lives[session_id]
        if index < len(life.ready):
            life.promoted.add(index)
        return index in life.promoted

    def rot(self, session_id: str, index: int) -> bool:
        """What is lost is planned again while the session is active."""
        life = self._lives[session_id]
        if index >= len(life.rows) or life.rows[index].state != "ready":
            return False
        row = life.rows[index]
        row.state = "planned" if life.is_active else "dropped"
        row.wanted, row.not_before = True, 0.0
        return True

    def sweep(self) -> None:
        """Orphans end, then who is too old; who is not asked for rests; whose renderer is gone for good fails."""
        now = self._clock.monotonic()
        active = [(session_id, life) for session_id, life in self._lives.items() if life.is_active]
        for session_id, life in active:
            life.first_seen = life.first_seen or (self._clock.wall - life.started, now)
            age_s = life.first_seen[0] + now - life.first_seen[1]
            if life.lease_ends_at <= now:
                self.end(session_id, SessionStatus.ENDED, EndReason.ORPHAN)
            elif age_s > life_s(2 * len(life.rows)):
                self.end(session_id, SessionStatus.ENDED, EndReason.TIMEOUT)
        self._rest(now)
        for _, life in active:
            for index, row in enumerate(life.rows):
                if row.state == "claimed" and row.lease_ends_at <= now and _is_spent(row):
                    self._fail(life, index)

    def crash(self) -> None:
        """Claims are free, back-off is forgotten, leases begin anew."""
        for life in self._lives.values():
            life.first_seen = None
            if life.is_active:
                life.attended_at = self._clock.monotonic()
            for row in life.rows:
                row.not_before = 0.0
                if row.state == "claimed":
                    row.state = "planned"

    def _rest(self, now: float) -> None:
        active = [life for life in self._lives.values() if life.is_active]
        tired = [life for life in active if life.wanted and life.attended_at <= now - IDLE_S]
        for life in tired:
            life.wanted = 0
        for life in active if tired else []:
            for row in life.rows if not life.wanted else []:
                row.wanted = row.wanted and row.state != "planned"

    def _held(self, claim: Claim) -> Row | None:
        row = self._lives[claim.session_id].rows[claim.segment_index]
        return row if row.state == "claimed" and row.attempt == claim.attempt else None

    def _made(self, claim: Claim) -> Row | None:
        row = self._lives[claim.session_id].rows[claim.segment_index]
        return row if row.state == "ready" and row.attempt == claim.attempt else None

    def _fail(self, life: Life, index: int) -> None:
        row = life.rows[index]
        row.failures += 1
        row.state = "planned" if row.failures < MAX_FAILURES else "failed"
        row.not_before = self._clock.monotonic() + BACK_OFF_S * row.failures
        if row.state == "failed":
            life.drop(index)


def _is_free(row: Row, now: float) -> bool:
    if row.state == "planned":
        return row.not_before <= now
    return row.state == "claimed" and row.lease_ends_at <= now and not _is_spent(row)


def _is_spent(row: Row) -> bool:
    """Whether it fails for good if whoever has it is lost."""
    return row.attempt >= MOST_LOSSES and row.failures + 1 >= MAX_FAILURES
