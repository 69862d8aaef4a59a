"""The words by which another shell says what it wants of a player, and what they mean."""

from typing import Any

from focuscli.errors import UsageError
from focuscli.playback.commands import (
    ChangeVolume,
    Command,
    Pause,
    Previous,
    Resume,
    SetMuted,
    SetVolume,
    Skip,
    SleepAfter,
    StayAwake,
    Toggle,
    ToggleMute,
)

SIMPLE: dict[str, Command] = {
    "pause": Pause(),
    "resume": Resume(),
    "toggle": Toggle(),
    "next": Skip(),
    "previous": Previous(),
    "mute": ToggleMute(),
    "awake": StayAwake(),
}


def meant(wish: dict[str, Any]) -> Command | None:
    """The command of a wish; None for one that only asks how things are. Raises UsageError for any other."""
    word = wish.get("wish")
    match wish:
        case {"wish": "state"}:
            return None
        case {"wish": "volume", "percent": int(percent)} if not isinstance(percent, bool) and 0 <= percent <= 100:
            return SetVolume(percent)
        case {"wish": "volume", "by": int(delta)} if not isinstance(delta, bool) and -100 <= delta <= 100:
            return ChangeVolume(delta)
        case {"wish": "mute", "muted": bool(muted)}:
            return SetMuted(muted)
        case {"wish": "sleep", "after_s": int(after_s) | float(after_s), "fade_s": int(fade_s) | float(fade_s)}:
            return SleepAfter(float(after_s), float(fade_s))
        case {"wish": str(name), **rest} if name in SIMPLE and not rest:
            return SIMPLE[name]
    raise UsageError(f"a player does not know what {word!r} means")
