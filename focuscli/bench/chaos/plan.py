"""What a run is to be: handed as JSON to the process that does it."""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

SEGMENT_S = 5
MINUTES = 1
"""Length of a session."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Of one run. `render_s` is the longest that a segment takes, `gap_s` the mean between two faults.

    `mutant` names a planted bug of the engines, `keep` is a folder for logs and all that was seen; both may be empty.
    """

    seed: int
    quick: bool
    lease_s: float = 3.0
    gap_s: float = 4.6
    listeners: int = 6
    render_s: float = 2.0
    mutant: str = ""
    keep: str = ""

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """As the command's options have it."""
        sizes: dict[str, Any] = {"lease_s": 1.5, "gap_s": 0.8, "listeners": 3, "render_s": 1.2} if options.quick else {}
        asked = {"lease_s": options.lease, "gap_s": options.gap}
        sizes |= {name: value for name, value in asked.items() if value is not None}
        mutant = "without-fence" if options.without_fence else ""
        keep = str(Path(options.keep).resolve()) if options.keep else ""
        return cls(options.seed, options.quick, mutant=mutant, keep=keep, **sizes)

    def to_json(self) -> str:
        """As text, to cross a process boundary."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote."""
        return cls(**json.loads(text))
