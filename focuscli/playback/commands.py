"""What a listener can ask of a running player, as frozen facts for its queue."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pause:
    """Fade out and wait."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on from where it was paused."""


@dataclass(frozen=True, slots=True)
class Toggle:
    """Pause or resume, whichever is due."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Cross over into the next segment now, or as soon as there is one."""


@dataclass(frozen=True, slots=True)
class Previous:
    """Cross over to the beginning of this segment, or into the one before where this one has only begun."""


@dataclass(frozen=True, slots=True)
class SeekBy:
    """Cross over to a place so many seconds further on in the session, or back."""

    by_s: float


@dataclass(frozen=True, slots=True)
class SeekTo:
    """Cross over to the place so many seconds after the session's beginning."""

    to_s: float


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Turn the knob to so many percent."""

    volume: int


@dataclass(frozen=True, slots=True)
class ChangeVolume:
    """Turn the knob by so many percent."""

    delta: int


@dataclass(frozen=True, slots=True)
class ToggleMute:
    """Silence the output without turning the knob, or undo that."""


@dataclass(frozen=True, slots=True)
class SetMuted:
    """Silence the output without turning the knob (True), or let it sound (False)."""

    muted: bool


@dataclass(frozen=True, slots=True)
class SleepAfter:
    """Be silent after so many seconds of music, having fallen over the last of them, and return.

    `ends` says that somebody is about to end the session, so that nobody is told that it goes on.
    """

    after_s: float
    fade_s: float
    ends: bool = False


@dataclass(frozen=True, slots=True)
class StayAwake:
    """Call the sleep timer off, and restore what has fallen."""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Fade out, and go on in the output as it is when opened anew: it may have been told to become another one."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Fade out and return."""


Command = (
    Pause
    | Resume
    | Toggle
    | Skip
    | Previous
    | SeekBy
    | SeekTo
    | SetVolume
    | ChangeVolume
    | ToggleMute
    | SetMuted
    | SleepAfter
    | StayAwake
    | Reopen
    | Quit
)
