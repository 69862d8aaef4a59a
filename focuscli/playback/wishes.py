"""The words by which another shell says what it wants of a player, and what they mean."""

from typing import Any

from focuscli.errors import UsageError
from focuscli.playback.commands import (
    ChangeVolume,
    Command,
    Pause,
    Previous,
    Quit,
    Resume,
    SeekBy,
    SeekTo,
    SetMuted,
    SetVolume,
    Skip,
    SleepAfter,
    StayAwake,
    Toggle,
    ToggleMute,
)

DAY_S = 86_400.0

SIMPLE: dict[str, Command] = {
    "pause": Pause(),
    "resume": Resume(),
    "toggle": Toggle(),
    "next": Skip(),
    "previous": Previous(),
    "mute": ToggleMute(),
    "awake": StayAwake(),
    "quit": Quit(),
}


def meant(wish: dict[str, Any]) -> Command | None:  # noqa: PLR0911  # a table
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
        case {"wish": "seek", "by_s": int(by_s) | float(by_s)} if _is_within_a_day(by_s):
            return SeekBy(float(by_s))
        case {"wish": "seek", "to_s": int(to_s) | float(to_s)} if _is_within_a_day(to_s) and to_s >= 0:
            return SeekTo(float(to_s))
        case {"wish": "sleep", "after_s": int(after_s) | float(after_s), "fade_s": int(fade_s) | float(fade_s)}:
            return SleepAfter(float(after_s), float(fade_s), ends=wish.get("ends") is True)
        case {"wish": str(name), **rest} if name in SIMPLE and not rest:
            return SIMPLE[name]
    raise UsageError(f"a player does not know what {word!r} means")


def _is_within_a_day(time_s: float) -> bool:
    return not isinstance(time_s, bool) and -DAY_S <= time_s <= DAY_S
