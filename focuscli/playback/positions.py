"""What the player remembers from one run to the next: volume, device, and the place in each session."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from focuscli.paths import write_private

REMEMBERED_SESSIONS = 50


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a session: a frame (at 48 kHz) of one of its segments."""

    segment_index: int
    frame: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """The player's memory, newest session last."""

    volume: int = 100
    muted: bool = False
    device: str = ""
    positions: Mapping[str, Position] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path) -> Self:
        """What was remembered; the defaults where there is nothing that can be read."""
        try:
            return cls._parsed(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    @classmethod
    def _parsed(cls, data: dict[str, Any]) -> Self:
        places = {
            str(key): Position(int(at["segment_index"]), int(at["frame"])) for key, at in data["positions"].items()
        }
        return cls(
            volume=min(100, max(0, int(data["volume"]))),
            muted=bool(data["muted"]),
            device=str(data["device"]),
            positions={key: at for key, at in places.items() if at.segment_index >= 0 and at.frame >= 0},
        )

    def save(self, file: Path) -> None:
        """Write it all at once, readable by its owner alone."""
        write_private(file, json.dumps(asdict(self), indent=1))

    def at(self, session_id: str) -> Position | None:
        """Where that session was left, if it ever was."""
        return self.positions.get(session_id)

    def left(self, session_id: str, position: Position | None) -> Self:
        """The same memory with that session left there; None forgets it. Only the newest sessions are kept."""
        others = {key: at for key, at in self.positions.items() if key != session_id}
        if position is not None:
            others[session_id] = position
        return replace(self, positions=dict(list(others.items())[-REMEMBERED_SESSIONS:]))
