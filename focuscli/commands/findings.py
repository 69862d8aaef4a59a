"""What a check of `focus doctor` finds."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How one thing is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was looked at, how it is, what was seen, and what to do (empty where nothing is)."""

    id: str
    status: Health
    detail: str
    fix: str = ""
