"""Processor time of the processes that this one started."""

import resource
from pathlib import Path


def children_cpu_s() -> float:
    """Seconds of user and system time that ended children have had so far, theirs included; a run is a difference."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def processor_s(process_id: int) -> float:
    """Seconds that a process' threads ran, to the nanosecond (proc(5), schedstat)."""
    threads = Path(f"/proc/{process_id}/task").glob("*/schedstat")
    return sum(int(file.read_text(encoding="ascii").split()[0]) for file in threads) / 1e9
