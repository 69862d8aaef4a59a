"""Steering a player from another shell."""

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from focuscli.errors import Conflict, NothingRunning, UsageError
from focuscli.playback.commands import (
    ChangeVolume,
    Command,
    Pause,
    Previous,
    SetMuted,
    SetVolume,
    Skip,
    SleepAfter,
    StayAwake,
)
from focuscli.playback.doorway import Doorway, wish
from focuscli.playback.wishes import meant

STATE = {"volume": 70, "paused": False}


class Listening:
    """A door, what came through it, and what the player says to each command."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.sent: list[Command] = []
        self.door = Doorway(file, self.obey, STATE)

    def obey(self, command: Command) -> None:
        self.sent.append(command)
        if isinstance(command, SetVolume):
            self.door.told(volume=command.volume)
        if isinstance(command, Pause):
            self.door.told(paused=True)


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[Listening]:
    made = Listening(tmp_path / "run" / "player.json")
    with made.door:
        yield made


def test_a_wish_is_a_command_and_is_answered_with_how_it_stands_then(listening: Listening) -> None:
    assert wish(listening.file, {"wish": "volume", "percent": 35}) == {"volume": 35, "paused": False}
    assert wish(listening.file, {"wish": "pause"}) == {"volume": 35, "paused": True}
    assert wish(listening.file, {"wish": "state"}) == {"volume": 35, "paused": True}
    assert listening.sent == [SetVolume(35), Pause()]


def test_only_its_owner_can_read_where_the_door_is(listening: Listening) -> None:
    assert listening.file.stat().st_mode & 0o077 == 0


def test_another_token_is_refused(listening: Listening) -> None:
    address = json.loads(listening.file.read_text())
    listening.file.write_text(json.dumps({**address, "token": "guessed"}))
    with pytest.raises(Conflict, match="token"):
        wish(listening.file, {"wish": "pause"})
    assert listening.sent == []


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"GET / HTTP/1.1\r\n", b"[]\n", b'{"token": 3}\n', b"\xff\xfe\n", b"x" * 9_000]
)
def test_nonsense_is_answered_and_harms_nothing(listening: Listening, line: bytes) -> None:
    port = json.loads(listening.file.read_text())["port"]
    with socket.create_connection(("127.0.0.1", port), 2.0) as connection, contextlib.suppress(OSError):
        connection.sendall(line)  # who sends too much may be hung up on before the end
        connection.shutdown(socket.SHUT_WR)
    assert wish(listening.file, {"wish": "state"}) == STATE
    assert listening.sent == []


def test_when_the_player_has_left_nothing_is_running(tmp_path: Path) -> None:
    file = tmp_path / "player.json"
    with Listening(file).door:
        left = file.read_text()
    assert not file.exists()
    file.write_text(left)
    for content in (left, "{", "[]", '{"port": "x"}'):
        file.write_text(content)
        with pytest.raises(NothingRunning):
            wish(file, {"wish": "pause"})


def test_the_newest_player_is_found_and_the_older_one_leaves_its_address(tmp_path: Path) -> None:
    older, newer = Listening(tmp_path / "player.json"), Listening(tmp_path / "player.json")
    with newer.door, older.door, newer.door:
        pass
    with older.door:
        with newer.door:
            wish(newer.file, {"wish": "next"})
        assert not newer.file.exists()
    assert newer.sent == [Skip()]
    assert older.sent == []


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        ({"wish": "previous"}, Previous()),
        ({"wish": "volume", "by": -5}, ChangeVolume(-5)),
        ({"wish": "mute", "muted": False}, SetMuted(False)),
        ({"wish": "sleep", "after_s": 1800, "fade_s": 60}, SleepAfter(1800.0, 60.0)),
        ({"wish": "awake"}, StayAwake()),
        ({"wish": "state"}, None),
    ],
)
def test_what_words_mean(asked: dict[str, Any], command: Command | None) -> None:
    assert meant(asked) == command


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers()))
WORDS = st.one_of(VALUES, st.sampled_from(["volume", "mute", "sleep", "next", "state"]))


@given(st.fixed_dictionaries({"wish": WORDS}, optional={"percent": VALUES, "by": VALUES, "muted": VALUES}))
@settings(deadline=None)
def test_whatever_is_asked_is_a_command_or_refused(asked: dict[str, Any]) -> None:
    try:
        command = meant(asked)
    except UsageError:
        return
    if isinstance(command, SetVolume):
        assert 0 <= command.volume <= 100
