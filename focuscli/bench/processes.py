"""Processes beside this one, as /proc tells of them."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def children(process_id: int) -> list[int]:
    """Direct children of a process; empty where there is no /proc to ask."""
    try:
        words = Path(f"/proc/{process_id}/task/{process_id}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [int(word) for word in words]


def alive(process_id: int) -> bool:
    """Whether it is there, and more than an entry that nobody has waited for."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return status != "Z"


def end(process_ids: Iterable[int]) -> None:
    """SIGKILL: what a planted bug leaves behind would stay for ever."""
    for process_id in process_ids:
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)
