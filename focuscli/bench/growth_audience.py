"""Who listens to the growth model's engine, and how: each of its assumptions that is not measured stands here."""

from dataclasses import dataclass

from focuscli.model import NOMINAL_SEGMENT_S, total_segments
from focuscli.music.timeline import LEAD_IN_S
from focuscli.playback.patience import Patience

LENGTHS_MIN = ((25, 0.2), (30, 0.2), (60, 0.3), (90, 0.2), (180, 0.1))
"""How long sessions are meant to last, in minutes, and how many of them."""

PLAYER = Patience()


@dataclass(frozen=True, slots=True)
class Render:
    """Seconds of one core: the short first segment of a piece, and two minutes of what follows."""

    first_s: float
    other_s: float


@dataclass(frozen=True, slots=True)
class Audience:
    """Who comes, when, and for how long; each assumption of the model that is not measured stands here."""

    steady: int
    """Listeners that are there on average, coming and going at random (Poisson)."""
    burst: int = 0
    """And so many more who begin at nine o'clock, later by `burst_mean_s` on average (exponential)."""
    burst_mean_s: float = 60.0
    spread_s: float = 0.0
    """Instead of at random, those of the burst come evenly within so many seconds."""
    leave_early: float = 0.3
    """This share leaves at any moment of its session."""
    minutes: float = 30.0
    """So long is simulated; the burst begins after `burst_at_s`."""
    burst_at_s: float = 300.0
    lengths_min: tuple[tuple[float, float], ...] = LENGTHS_MIN
    asking: Patience = PLAYER
    """How often they ask: as our player does, if nothing else is said."""
    hungry_s: float = 240.0
    """With less than so much in hand they ask as often as before the second segment (`playback.supply.AHEAD`)."""
    failing: float = 0.001
    """This share of attempts fails and is tried again after its back-off."""
    lost: float = 0.001
    """And this share is lost with whoever renders it."""

    @property
    def listeners(self) -> int:
        """How many are there when everybody has come."""
        return self.steady + self.burst

    @property
    def mean_length_s(self) -> float:
        """How long they listen on average, in seconds."""
        planned = sum(60.0 * minutes * share for minutes, share in self.lengths_min)
        return planned * (1.0 - self.leave_early / 2.0)


@dataclass(frozen=True, slots=True)
class Cut:
    """How sessions are cut into segments (`music.timeline.spans`, without the overlaps)."""

    segment_s: int = NOMINAL_SEGMENT_S
    first_s: float = LEAD_IN_S
    """The short first one; as long as the others where the engine makes no such one."""

    def count(self, length_s: float) -> int:
        """How many a session has."""
        return total_segments(max(1, int(length_s // 60)), self.segment_s)

    def other_s(self, length_s: float) -> float:
        """How long each is that follows the first one."""
        return (length_s - self.first_s) / max(1, self.count(length_s) - 1)
