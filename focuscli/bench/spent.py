"""Processor time of the processes that this one started."""

import resource


def children_cpu_s() -> float:
    """Seconds of user and system time that ended children have had so far, theirs included; a run is a difference."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
