"""What is to be done about an engine of another version: used, replaced, or left in peace.

An engine is replaced only while it has no session to attend to, and never by an older program: that one could not
open what the newer one has written.
"""

from enum import Enum

from focuscli.client.nearby import Nearby
from focuscli.errors import Conflict
from focuscli.hello import PROTOCOLS
from focuscli.version import __version__


class Verdict(Enum):
    """What a program does with the engine that it finds."""

    USE = "the two fit"
    REPLACE = "it is older and has nothing to do"
    KEEP = "it is older and busy, and can be spoken with"
    REFUSE = "there is no protocol that both speak, and it may not be replaced"


def judge(engine: Nearby, protocols: tuple[int, int] = PROTOCOLS, version: str = __version__) -> Verdict:
    """What a program with these protocols, of this version, does with the engine."""
    overlap = min(protocols[1], engine.protocols[1]) >= max(protocols[0], engine.protocols[0])
    older = engine.protocols[1] < protocols[0] or (overlap and order(engine.version) < order(version))
    if older and not engine.active_sessions:
        return Verdict.REPLACE
    if not overlap:
        return Verdict.REFUSE
    return Verdict.KEEP if older else Verdict.USE


def kept_line(engine: Nearby) -> str:
    """What people are told of an engine that is kept."""
    return (
        f"the running engine is of version {engine.version} and has sessions to attend to; "
        f"{__version__} takes over when it has none"
    )


def refusal(engine: Nearby, protocols: tuple[int, int] = PROTOCOLS) -> Conflict:
    """Why the engine cannot be used, and what to do about it."""
    newer = engine.protocols[0] > protocols[1]
    return Conflict(
        f"the running engine ({engine.version}) speaks {_spoken(engine.protocols)}, "
        f"and this program ({__version__}) speaks {_spoken(protocols)}",
        hint="use the newer program that started it, or stop it: focus engine stop"
        if newer
        else "stop it, and the next command starts the right one:\n  focus engine stop",
    )


def _spoken(protocols: tuple[int, int]) -> str:
    lowest, highest = protocols
    return f"protocol {highest}" if lowest == highest else f"protocols {lowest} to {highest}"


def order(version: str) -> tuple[int, ...]:
    """The numbers of a version, for comparing; what is no number ends them (1.2rc1 counts as 1)."""
    numbers = []
    for part in version.split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)
