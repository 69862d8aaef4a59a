"""MPRIS as tables and answers: what is asked becomes a wish, what happens becomes properties."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from focuscli.desktop.exported import INTROSPECTABLE, PROPERTIES, Exported, Refused, Typed, answer
from focuscli.desktop.mpris import NAME, PLAYER, ROOT, Mpris
from focuscli.events import (
    FirstSound,
    Paused,
    PlaybackEnded,
    Played,
    Resumed,
    SegmentStarted,
    SessionSeen,
    VolumeChanged,
)
from focuscli.model import Goal, Session, SessionStatus
from focuscli.playback.wishes import meant

SESSION = Session("mfocus_7c-2a", SessionStatus.ACTIVE, Goal.SLEEP, "procedural", 90, 45, 3, (), True, None)


class FakeBus:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.told: list[Mapping[str, Any]] = []
        self.seeked: list[Any] = []

    def serve(self, exported: Exported, name: str) -> None:
        self.names.append(name)

    def changed(self, exported: Exported, interface: str, properties: Mapping[str, Typed]) -> None:
        assert self.names, "nobody is told anything before there is a name"
        assert interface == PLAYER
        self.told.append({name: typed.value for name, typed in properties.items()})

    def signal(self, exported: Exported, interface: str, name: str, arguments: Sequence[Typed]) -> None:
        assert (interface, name) == (PLAYER, "Seeked")
        self.seeked.extend(argument.value for argument in arguments)


class Player:
    """A player that sounds, its bus, and what was wished of it."""

    def __init__(self) -> None:
        self.bus = FakeBus()
        self.wished: list[Mapping[str, object]] = []
        self.mpris = Mpris(self.bus, self._wish)
        for event in (SessionSeen(SESSION), SegmentStarted(0, 0.0, 120.0, 0.0), FirstSound(0.4)):
            self.mpris.tell(event)

    def _wish(self, asked: Mapping[str, object]) -> None:
        meant(dict(asked))  # raises where a player would not understand it
        self.wished.append(asked)

    def asked(self, member: str, signature: str = "", *arguments: Any, interface: str = PLAYER) -> list[Typed]:
        return answer(self.mpris, interface, member, signature, arguments)

    def set(self, name: str, value: Typed) -> None:
        self.asked("Set", "ssv", PLAYER, name, value, interface=PROPERTIES)

    def get(self, name: str, interface: str = PLAYER) -> Any:
        (typed,) = self.asked("Get", "ss", interface, name, interface=PROPERTIES)
        return typed.value.value


@pytest.fixture
def player() -> Player:
    return Player()


@pytest.mark.parametrize(
    ("method", "word"),
    [
        ("Play", "resume"),
        ("Pause", "pause"),
        ("PlayPause", "toggle"),
        ("Next", "next"),
        ("Previous", "previous"),
        ("Stop", "quit"),
    ],
)
def test_a_method_is_a_word_that_other_shells_use(player: Player, method: str, word: str) -> None:
    assert player.asked(method) == []
    assert player.wished == [{"wish": word}]


def test_quitting_leaves_and_raising_does_nothing(player: Player) -> None:
    player.asked("Quit", interface=ROOT)
    player.asked("Raise", interface=ROOT)
    assert player.wished == [{"wish": "quit"}]


def test_a_place_is_gone_to_in_microseconds(player: Player) -> None:
    track = player.get("Metadata")["mpris:trackid"].value
    player.asked("Seek", "x", -30_500_000)
    player.asked("SetPosition", "ox", track, 90_000_000)
    assert player.wished == [{"wish": "seek", "by_s": -30.5}, {"wish": "seek", "to_s": 90.0}]


@pytest.mark.parametrize("extreme", [2**63 - 1, -(2**63)])
def test_a_seek_beyond_all_bounds_is_one_that_a_player_understands(player: Player, extreme: int) -> None:
    player.asked("Seek", "x", extreme)
    assert len(player.wished) == 1


@pytest.mark.parametrize(("track", "to_us"), [("/other", 1), (None, -1), (None, 5_400_000_001)])
def test_a_place_outside_the_track_or_of_another_one_is_ignored(player: Player, track: str | None, to_us: int) -> None:
    player.asked("SetPosition", "ox", track or player.get("Metadata")["mpris:trackid"].value, to_us)
    assert player.wished == []


def test_the_volume_is_set_within_bounds_and_unmutes(player: Player) -> None:
    for value in (0.3, 1.7, -0.2, math.nan):
        player.set("Volume", Typed("d", value))
    assert player.wished == [{"wish": "volume", "percent": percent} for percent in (30, 100, 0)]
    player.mpris.tell(VolumeChanged(60, muted=True))
    assert player.get("Volume") == 0.0
    player.set("Volume", Typed("d", 0.5))
    assert player.wished[-2:] == [{"wish": "volume", "percent": 50}, {"wish": "mute", "muted": False}]


def test_there_is_one_rate_and_zero_is_a_pause(player: Player) -> None:
    player.set("Rate", Typed("d", 2.0))
    assert player.wished == []
    player.set("Rate", Typed("d", 0.0))
    assert player.wished == [{"wish": "pause"}]
    assert [player.get(name) for name in ("Rate", "MinimumRate", "MaximumRate")] == [1.0, 1.0, 1.0]


def test_what_happens_is_told_once_and_the_position_never(player: Player) -> None:
    assert player.bus.names == [NAME]
    for event in (Played(0.4, 0, (-20, -20), 2.0), Paused(), Paused(), Resumed(), VolumeChanged(25, muted=False)):
        player.mpris.tell(event)
    told = [{"PlaybackStatus": "Paused"}, {"PlaybackStatus": "Playing"}, {"Volume": 0.25}]
    assert player.bus.told == told
    assert player.get("Position") == 400_000
    player.mpris.tell(PlaybackEnded("quit"))
    assert player.bus.told[-1] == {"PlaybackStatus": "Stopped"}


def test_another_segment_is_told_and_only_a_jump_is_a_seek(player: Player) -> None:
    player.mpris.tell(Played(119.7, 0, (-20, -20), 2.0))
    player.mpris.tell(SegmentStarted(1, 120.0, 240.0, 0.0))
    assert player.bus.seeked == []
    assert player.bus.told[-1]["Metadata"]["xesam:trackNumber"].value == 2
    player.mpris.tell(SegmentStarted(0, 30.0, 120.0, 0.0))
    assert player.bus.seeked == [30_000_000]


def test_the_metadata_are_what_a_widget_shows(player: Player) -> None:
    told = {name: tuple(typed) for name, typed in player.get("Metadata").items()}
    assert told == {
        "mpris:trackid": ("o", "/focus_sessions/session_mfocus_7c_2a"),
        "mpris:length": ("x", 5_400_000_000),
        "xesam:title": ("s", "sleep session"),
        "xesam:artist": ("as", ["procedural"]),
        "xesam:album": ("s", "segment 1 of 45"),
        "xesam:trackNumber": ("i", 1),
    }


def test_what_a_server_says_cannot_harm_a_widget(player: Player) -> None:
    hostile = replace(SESSION, session_id="../\x00\n💣" * 999, engine_key="\x1b[31m\x00\ud800\u202e" * 99)
    player.mpris.tell(SessionSeen(hostile))
    metadata = player.get("Metadata")
    assert set(metadata["mpris:trackid"].value) <= set("/focus_sessions/session_") | {"_"}
    assert len(metadata["mpris:trackid"].value) < 255
    (artist,) = metadata["xesam:artist"].value
    assert artist.encode()
    assert "\x00" not in artist
    assert "\x1b" not in artist


def test_a_player_of_which_nothing_is_known_yet_has_no_track() -> None:
    mpris = Mpris(FakeBus(), lambda _: None)
    (metadata,) = answer(mpris, PROPERTIES, "Get", "ss", [PLAYER, "Metadata"])
    assert metadata.value.value == {}
    answer(mpris, PLAYER, "SetPosition", "ox", ["/org/mpris/MediaPlayer2/TrackList/NoTrack", 1])


@pytest.mark.parametrize(
    ("interface", "member", "signature", "arguments", "error"),
    [
        (PLAYER, "Dance", "", [], "UnknownMethod"),
        ("", "Play", "", [], "UnknownInterface"),
        ("org.example", "Play", "", [], "UnknownInterface"),
        (PLAYER, "Seek", "s", ["x"], "InvalidArgs"),
        (PLAYER, "OpenUri", "s", ["file:///x"], "NotSupported"),
        (PROPERTIES, "Get", "ss", [PLAYER, "Colour"], "UnknownProperty"),
        (PROPERTIES, "Get", "s", [PLAYER], "UnknownInterface"),
        (PROPERTIES, "GetAll", "s", ["org.example"], "UnknownInterface"),
        (PROPERTIES, "Set", "ssv", [PLAYER, "Position", Typed("x", 1)], "PropertyReadOnly"),
        (PROPERTIES, "Set", "ssv", [PLAYER, "Colour", Typed("s", "red")], "UnknownProperty"),
        (PROPERTIES, "Set", "ssv", [PLAYER, "Volume", Typed("s", "loud")], "InvalidArgs"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(
    player: Player, interface: str, member: str, signature: str, arguments: list[Any], error: str
) -> None:
    with pytest.raises(Refused) as refused:
        answer(player.mpris, interface, member, signature, arguments)
    assert refused.value.name == f"org.freedesktop.DBus.Error.{error}"
    assert player.wished == []


@pytest.mark.parametrize("interface", [ROOT, PLAYER])
def test_every_property_of_the_table_has_a_value(player: Player, interface: str) -> None:
    (everything,) = answer(player.mpris, PROPERTIES, "GetAll", "s", [interface])
    assert set(everything.value) == set(Mpris.interfaces[interface].properties)


def test_it_describes_itself(player: Player) -> None:
    (xml,) = answer(player.mpris, INTROSPECTABLE, "Introspect", "", [])
    for words in ('<method name="PlayPause">', '"Volume" type="d" access="readwrite"', '<signal name="Seeked">'):
        assert words in xml.value
