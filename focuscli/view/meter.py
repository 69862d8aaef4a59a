"""A level meter's ballistics: it rises at once, falls slowly, and holds its peak for a while."""

import math
from dataclasses import dataclass, replace

FLOOR_DB = -60.0
FALL_DB_S = 20.0
"""A little faster than a programme meter returns (IEC 60268-10 type I: 20 dB in 1.7 s)."""

HOLD_S = 1.5
PEAK_FALL_DB_S = 12.0


@dataclass(frozen=True, slots=True)
class Meter:
    """One channel's level as shown, in dBFS; `heard_db` is what the sound had when last heard."""

    heard_db: float = FLOOR_DB
    level_db: float = FLOOR_DB
    peak_db: float = FLOOR_DB
    hold_s: float = 0.0

    def hear(self, level_db: float) -> "Meter":
        """The sound has this level now."""
        heard = max(FLOOR_DB, level_db) if math.isfinite(level_db) else FLOOR_DB
        return _risen(replace(self, heard_db=heard, level_db=max(heard, self.level_db)))

    def fall(self, elapsed_s: float) -> "Meter":
        """So much time has passed."""
        elapsed_s = max(0.0, elapsed_s)
        level = max(self.heard_db, self.level_db - FALL_DB_S * elapsed_s)
        hold = self.hold_s - elapsed_s
        peak = self.peak_db + min(0.0, hold) * PEAK_FALL_DB_S
        return _risen(Meter(self.heard_db, level, max(FLOOR_DB, peak), max(0.0, hold)))

    @property
    def fraction(self) -> float:
        """The level on a scale from 0 (the floor) to 1 (full scale)."""
        return _fraction(self.level_db)

    @property
    def peak_fraction(self) -> float:
        """The held peak on the same scale."""
        return _fraction(self.peak_db)


def _risen(meter: Meter) -> Meter:
    """With a new peak, where the level has reached the old one."""
    if meter.level_db < meter.peak_db:
        return meter
    return replace(meter, peak_db=meter.level_db, hold_s=HOLD_S)


def _fraction(level_db: float) -> float:
    return min(1.0, max(0.0, 1.0 - level_db / FLOOR_DB))
