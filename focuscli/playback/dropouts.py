"""The player's own record of dropouts: a line each, so that they can be looked at afterwards."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from focuscli.paths import write_private

KEPT = 1000


@dataclass(frozen=True, slots=True)
class NotedDropout:
    """The device got no sound for `ms`, at this place of the session; `ts` is RFC 3339."""

    session_id: str
    position_s: float
    ms: float
    ts: str


def note_dropout(file: Path, dropout: NotedDropout) -> None:
    """Add it to the record, which keeps the newest; raises OSError."""
    kept = [*read_dropouts(file), dropout][-KEPT:]
    write_private(file, "".join(json.dumps(asdict(one)) + "\n" for one in kept))


def read_dropouts(file: Path, session_id: str | None = None) -> list[NotedDropout]:
    """Those of a session, or all, oldest first; none where there is no record, and no line that cannot be read."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    return [one for one in _parsed(lines) if session_id is None or one.session_id == session_id]


def _parsed(lines: list[str]) -> Iterator[NotedDropout]:
    for line in lines:
        try:
            data = json.loads(line)
            yield NotedDropout(str(data["session_id"]), float(data["position_s"]), float(data["ms"]), str(data["ts"]))
        except (ValueError, KeyError, TypeError):
            continue
