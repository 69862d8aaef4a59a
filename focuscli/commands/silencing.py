"""The player of a session falls silent before the session ends, so that nobody is woken by the end of the music."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from focuscli.errors import Conflict, NothingRunning
from focuscli.model import Goal
from focuscli.playback.doorway import wish
from focuscli.playback.knocking import state_of

SLEEP_FADE_S = 20
FADE_S = 2
LEAVES_WITHIN_S = 3.0
"""A player that has fallen silent leaves at once; one that has not by then is not waited for any longer."""

LOOK_S = 0.1


def usual_fade_s(goal: str) -> int:
    """How long the end of such a session takes: whoever sleeps shall not notice it."""
    return SLEEP_FADE_S if goal == Goal.SLEEP else FADE_S


def let_it_fall_silent(
    address_file: Path, session_id: str, fade_s: int, *, sleep: Callable[[float], None] = time.sleep
) -> bool:
    """Whether a player played that session, and has left, its sound having fallen over so many seconds.

    A paused player makes no sound, and is left alone. Where the player is told otherwise meanwhile, by a key or
    another shell, it is not waited for any longer than it would have taken.
    """
    if not _sounds(address_file, session_id):
        return False
    try:
        wish(address_file, {"wish": "sleep", "after_s": fade_s, "fade_s": fade_s, "ends": True})
    except (NothingRunning, Conflict):
        return False
    waited_s = 0.0
    with suppress(KeyboardInterrupt):  # who does not want to wait for it ends the session now
        while _sounds(address_file, session_id) and waited_s < fade_s + LEAVES_WITHIN_S:
            sleep(LOOK_S)
            waited_s += LOOK_S
    return True


def _sounds(address_file: Path, session_id: str) -> bool:
    state = state_of(str(address_file))
    return state is not None and state.get("session_id") == session_id and not state.get("paused")
