"""The player as desktops know it: media keys, widgets and playerctl steer it by MPRIS.

Source: MPRIS D-Bus Interface Specification 2.2. One session is one track, for its length and the place in it are what
a listener wants to see; Next and Previous go from segment to segment of it, as the keys do.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from focuscli.desktop.exported import Argument, Exported, Interface, Refused, Typed, typed
from focuscli.events import (
    Event,
    FirstSound,
    Paused,
    PlaybackEnded,
    Played,
    Resumed,
    SegmentStarted,
    SessionSeen,
    VolumeChanged,
)
from focuscli.model import Goal, Session
from focuscli.plain_text import printable

ROOT = "org.mpris.MediaPlayer2"
PLAYER = f"{ROOT}.Player"
PATH = "/org/mpris/MediaPlayer2"
NAME = f"{ROOT}.focus"

JUMP_S = 0.5
"""A segment that begins so far from where the sound was, is where somebody went to."""

DAY_S = 86_400.0
"""As far as a player can be asked to go."""

_WISHES: Mapping[str, Mapping[str, object]] = {
    "Play": {"wish": "resume"},
    "Pause": {"wish": "pause"},
    "PlayPause": {"wish": "toggle"},
    "Stop": {"wish": "quit"},
    "Quit": {"wish": "quit"},
    "Next": {"wish": "next"},
    "Previous": {"wish": "previous"},
}
"""In the words that other shells use; who stops the player leaves it, for nothing can start it again but a shell."""

_INTERFACES: Mapping[str, Interface] = {
    ROOT: Interface(
        methods={"Raise": (), "Quit": ()},
        properties={
            "CanQuit": "b",
            "CanRaise": "b",
            "HasTrackList": "b",
            "Identity": "s",
            "SupportedUriSchemes": "as",
            "SupportedMimeTypes": "as",
        },
    ),
    PLAYER: Interface(
        methods={
            **dict.fromkeys(("Next", "Previous", "Pause", "PlayPause", "Stop", "Play"), ()),
            "Seek": (Argument("Offset", "x"),),
            "SetPosition": (Argument("TrackId", "o"), Argument("Position", "x")),
            "OpenUri": (Argument("Uri", "s"),),
        },
        properties={
            "PlaybackStatus": "s",
            "Rate": "d",
            "Metadata": "a{sv}",
            "Volume": "d",
            "Position": "x",
            "MinimumRate": "d",
            "MaximumRate": "d",
            **dict.fromkeys(("CanGoNext", "CanGoPrevious", "CanPlay", "CanPause", "CanSeek", "CanControl"), "b"),
        },
        writable=frozenset({"Rate", "Volume"}),
        signals={"Seeked": (Argument("Position", "x"),)},
    ),
}
_OF_THE_ROOT: Mapping[str, Any] = {
    "CanQuit": True,
    "CanRaise": False,
    "HasTrackList": False,
    "Identity": "focus",
    "SupportedUriSchemes": [],
    "SupportedMimeTypes": [],
}
_ALWAYS: Mapping[str, Any] = {
    **dict.fromkeys(("Rate", "MinimumRate", "MaximumRate"), 1.0),
    **dict.fromkeys(("CanGoNext", "CanGoPrevious", "CanPlay", "CanPause", "CanSeek", "CanControl"), True),
}
_POLLED = frozenset({"Position"})
"""Never told, says the specification: who wants to know asks."""


class Bus(Protocol):
    """What carries it; none of the calls waits or fails, and what cannot be carried is dropped."""

    def serve(self, exported: Exported, name: str) -> None:
        """Connect, and be found under that name, or the name of one instance where it is taken."""

    def changed(self, exported: Exported, interface: str, properties: Mapping[str, Typed]) -> None:
        """Tell that these properties are other ones now."""

    def signal(self, exported: Exported, interface: str, name: str, arguments: Sequence[Typed]) -> None:
        """Tell something else that happened."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the player stands."""

    session: Session | None = None
    segment_index: int = 0
    position_s: float = 0.0
    paused: bool = False
    stopped: bool = False
    volume: int = 100
    muted: bool = False

    def after(self, event: Event) -> "Standing":
        """How it stands when that has happened."""
        match event:
            case SessionSeen(session):
                return replace(self, session=session)
            case SegmentStarted(index, at_s) | Played(position_s=at_s, segment_index=index):
                return replace(self, segment_index=index, position_s=at_s)
            case Paused() | Resumed():
                return replace(self, paused=isinstance(event, Paused))
            case VolumeChanged(volume, muted):
                return replace(self, volume=volume, muted=muted)
            case PlaybackEnded():
                return replace(self, stopped=True)
            case _:
                return self


class Mpris:
    """Serves the player on a bus from its first sound on.

    `wish` is told what is asked for, in the words that other shells use, in the bus's thread; it must not block.
    """

    path = PATH
    interfaces = _INTERFACES

    def __init__(self, bus: Bus, wish: Callable[[Mapping[str, object]], None]) -> None:
        self._bus = bus
        self._wish = wish
        self._standing = Standing()
        self._served = False

    def tell(self, event: Event) -> None:
        """Something happened; to be called in order, from one thread."""
        before, self._standing = self._standing, self._standing.after(event)
        if isinstance(event, FirstSound) and not self._served:
            self._served = True
            self._bus.serve(self, NAME)
        if self._served and self._standing is not before:
            self._tell_changes(before, event)

    def values(self, interface: str) -> Mapping[str, Any]:
        """See `Exported`."""
        return _OF_THE_ROOT if interface == ROOT else values(self._standing)

    def change(self, interface: str, name: str, value: Any) -> None:  # noqa: ARG002  # the player's alone are writable
        """See `Exported`. There is one rate, and zero means a pause; a volume above all is all."""
        if name == "Volume" and not math.isnan(value):
            self._wish({"wish": "volume", "percent": round(100.0 * min(1.0, max(0.0, value)))})
            if self._standing.muted:
                self._wish({"wish": "mute", "muted": False})
        elif name == "Rate" and value == 0.0:
            self._wish(_WISHES["Pause"])

    def call(self, interface: str, method: str, arguments: Sequence[Any]) -> None:  # noqa: ARG002  # names are unique
        """See `Exported`."""
        if method in _WISHES:
            self._wish(_WISHES[method])
        elif method == "Seek":
            self._wish({"wish": "seek", "by_s": min(DAY_S, max(-DAY_S, arguments[0] / 1e6))})
        elif method == "SetPosition":
            self._set_position(*arguments)
        elif method == "OpenUri":
            raise Refused("NotSupported", "this player plays sessions; start one with: focus start")

    def _tell_changes(self, before: Standing, event: Event) -> None:
        was = values(before)
        changed = {name: value for name, value in typed(self, PLAYER).items() if value.value != was[name]}
        if told := {name: value for name, value in changed.items() if name not in _POLLED}:
            self._bus.changed(self, PLAYER, told)
        if isinstance(event, SegmentStarted) and abs(event.starts_s - before.position_s) > JUMP_S:
            self._bus.signal(self, PLAYER, "Seeked", [Typed("x", _microseconds(event.starts_s))])

    def _set_position(self, track: str, position_us: int) -> None:
        """A track that is no longer the current one, or a place beyond it, is to be ignored."""
        session = self._standing.session
        if session is not None and track == track_id(session) and 0 <= position_us <= _length_us(session):
            self._wish({"wish": "seek", "to_s": min(DAY_S, position_us / 1e6)})


def values(standing: Standing) -> dict[str, Any]:
    """The properties of the player's interface, in the order of its table."""
    now = {
        **_ALWAYS,
        "PlaybackStatus": "Stopped" if standing.stopped else "Paused" if standing.paused else "Playing",
        "Metadata": metadata(standing),
        "Volume": 0.0 if standing.muted else standing.volume / 100.0,
        "Position": _microseconds(standing.position_s),
    }
    return {name: now[name] for name in _INTERFACES[PLAYER].properties}


def metadata(standing: Standing) -> dict[str, Typed]:
    """What is known of the session; empty until the engine has told it."""
    session = standing.session
    if session is None:
        return {}
    goal = "custom prompt" if session.goal is Goal.CUSTOM_PROMPT else session.goal.value
    return {
        "mpris:trackid": Typed("o", track_id(session)),
        "mpris:length": Typed("x", _length_us(session)),
        "xesam:title": Typed("s", f"{goal} session"),
        "xesam:artist": Typed("as", [printable(session.engine_key, 80)]),
        "xesam:album": Typed("s", f"segment {standing.segment_index + 1} of {session.total_segments}"),
        "xesam:trackNumber": Typed("i", standing.segment_index + 1),
    }


def track_id(session: Session) -> str:
    """An object path, so of letters, digits and underscores alone."""
    return "/focus_sessions/session_" + re.sub("[^A-Za-z0-9_]", "_", session.session_id[:200])


def _length_us(session: Session) -> int:
    return session.target_minutes * 60_000_000


def _microseconds(time_s: float) -> int:
    return round(1e6 * max(0.0, time_s)) if math.isfinite(time_s) else 0
