"""What making segments costs an organization, and the caps at which it stops.

A segment that became ready is charged once, in the transaction that makes it ready; one that is claimed counts as
spent meanwhile, so that however many are rendered at once, no cap is passed. Money is counted in millionths of a
franc, as whole numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from focuscli.clock import Clock
from focuscli.engine.database import Database, Row, Transaction
from focuscli.engine.sentences import read_sentences
from focuscli.settings import Settings

SQL = read_sentences("spending")
MICROCHF = 1_000_000


class Window(StrEnum):
    """A stretch of the calendar, in UTC, that spending is counted over."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def start(self, now: datetime) -> datetime:
        """When the one that `now` lies in began; weeks begin on Monday (ISO 8601)."""
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        match self:
            case Window.DAY:
                return midnight
            case Window.WEEK:
                return midnight - timedelta(days=midnight.weekday())
            case Window.MONTH:
                return midnight.replace(day=1)


@dataclass(frozen=True, slots=True)
class Budget:
    """Prices of a segment by engine key (0 where none is named), and what organizations may spend in a window.

    `own_caps_microchf` are all caps of the organizations that have caps of their own.
    """

    prices_microchf: Mapping[str, int] = field(default_factory=dict)
    caps_microchf: Mapping[Window, int] = field(default_factory=dict)
    own_caps_microchf: Mapping[str, Mapping[Window, int]] = field(default_factory=dict)

    def caps(self, organization_id: str) -> Mapping[Window, int]:
        """What the organization may spend; a window that is not named has no cap."""
        return self.own_caps_microchf.get(organization_id, self.caps_microchf)

    @property
    def is_capped(self) -> bool:
        """Whether any organization has a cap."""
        return bool(self.caps_microchf) or any(self.own_caps_microchf.values())

    def price(self, engine_key: str) -> int:
        """Of one segment, in millionths of a franc."""
        return self.prices_microchf.get(engine_key, 0)


def budget_of(settings: Settings) -> Budget:
    """The prices and caps that are set, in francs there."""
    caps: dict[str, float | None] = {f"cap_{window}": settings[f"cap_{window}"] for window in Window}
    return Budget(
        {engine_key: _microchf(price) for engine_key, price in settings["prices"].items()},
        _caps(caps),
        {name: _caps({**caps, **own.caps_chf}) for name, own in settings.organizations.items() if own.caps_chf},
    )


def _caps(chf: Mapping[str, float | None]) -> dict[Window, int]:
    found = {window: chf[f"cap_{window}"] for window in Window}
    return {window: _microchf(cap) for window, cap in found.items() if cap is not None}


def _microchf(chf: float) -> int:
    return round(chf * MICROCHF)


@dataclass(frozen=True, slots=True)
class EngineSpending:
    """What one generator made in a window, and for how much."""

    engine_key: str
    track_count: int
    microchf: int


@dataclass(frozen=True, slots=True)
class Spent:
    """One window of an organization's spending, and its cap (None: there is none)."""

    window: Window
    began: datetime
    cap_microchf: int | None
    by_engine: tuple[EngineSpending, ...]


class Spending:
    """The rules of money, for the transactions of whoever claims and finishes segments."""

    def __init__(self, budget: Budget, clock: Clock) -> None:
        self.budget = budget
        self._clock = clock

    def would_pass(self, db: Transaction, session_id: str, segment_index: int, *, claimed: bool) -> bool:
        """Whether making this segment would pass a cap; one that was charged before is free."""
        row = self._held_price(db, session_id, segment_index)
        if row is None:
            return False
        organization_id = row["organization_id"]
        caps = self.budget.caps(organization_id)
        pending = db.value(SQL["reserved"], {"organization_id": organization_id})
        if not claimed:
            pending += row["segment_microchf"]
        return any(self._spent(db, organization_id, window) + pending > cap for window, cap in caps.items())

    def charge(self, db: Transaction, session_id: str, segment_index: int) -> None:
        """The segment became ready: its price is due, the first time."""
        self._held_price(db, session_id, segment_index)
        made = {"session_id": session_id, "segment_index": segment_index, "made_at": self._clock.now().timestamp()}
        db.execute(SQL["charge"], made)

    def _held_price(self, db: Transaction, session_id: str, segment_index: int) -> Row | None:
        """What is due for the segment where that counts towards a cap; nobody else counts meanwhile."""
        if not self.budget.is_capped:
            return None
        row = db.execute(SQL["price"], {"session_id": session_id, "segment_index": segment_index}).fetchone()
        if row is None or row["segment_microchf"] == 0 or not self.budget.caps(row["organization_id"]):
            return None
        db.hold("money", row["organization_id"])
        return row

    def _spent(self, db: Transaction, organization_id: str, window: Window) -> int:
        since = window.start(self._clock.now()).timestamp()
        return int(db.value(SQL["spent"], {"organization_id": organization_id, "since": since}))


class Usage:
    """What organizations spent, read from the engine's database."""

    def __init__(self, database: Database, budget: Budget, clock: Clock) -> None:
        self._database, self._budget, self._clock = database, budget, clock

    def windows(self, organization_id: str) -> list[Spent]:
        """All three, as of one moment."""
        now = self._clock.now()
        with self._database.read() as db:
            return [self._window(db, organization_id, window, window.start(now)) for window in Window]

    def _window(self, db: Transaction, organization_id: str, window: Window, began: datetime) -> Spent:
        asked = {"organization_id": organization_id, "since": began.timestamp()}
        by_engine = tuple(EngineSpending(*row) for row in db.execute(SQL["by_engine"], asked))
        return Spent(window, began, self._budget.caps(organization_id).get(window), by_engine)
