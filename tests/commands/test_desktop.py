"""A session that plays, as the desktop steers it: the real program on a real bus, by playerctl and gdbus."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from focuscli.desktop.mpris import NAME, PLAYER
from tests.commands.conftest import Focus
from tests.commands.test_control import Playing, playing
from tests.desktop.buses import MPRIS_PATH, Bus, Monitor, bus, monitoring, needs_a_bus
from tests.desktop.test_session_bus import Shower
from tests.fakes.engine import FakeEngine

__all__ = ["bus"]  # a fixture

pytestmark = needs_a_bus


@contextmanager
def watched(
    focus: Focus, fake: FakeEngine, bus: Bus, monkeypatch: pytest.MonkeyPatch, *words: str
) -> Iterator[Playing]:
    """`focus watch` on that bus."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    with playing(focus, fake, *words) as player:
        yield player


def turning(bus: Bus) -> Callable[[int], object]:
    """Turns the volume to and fro, so that it is told."""
    return lambda count: bus.run("playerctl", "volume", f"0.{5 + count % 2}")


def test_playerctl_steers_a_session_and_hears_what_happens(
    focus: Focus, fake: FakeEngine, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monitoring(bus, NAME) as monitor, watched(focus, fake, bus, monkeypatch) as player:
        monitor.owned(turning(bus))
        _state(bus, monitor, player)
        _places(bus, monitor, player)
        assert bus.refused("playerctl", "open", "file:///x.flac")
        bus.run("playerctl", "stop")
        assert player.until("bye")["reason"] == "quit"
        monitor.until("does not have an owner")
    assert {session["status"] for session in fake.sessions.values()} == {"active"}


def _state(bus: Bus, monitor: Monitor, player: Playing) -> None:
    assert bus.run("playerctl", "-l") == "focus"
    bus.run("playerctl", "play-pause")
    monitor.until("PropertiesChanged", "'PlaybackStatus': <'Paused'>")
    assert bus.run("playerctl", "status") == "Paused"
    player.until("paused")
    bus.run("playerctl", "play")
    monitor.until("PropertiesChanged", "'PlaybackStatus': <'Playing'>")
    bus.run("playerctl", "volume", "0.3")
    player.until("volume", volume=30)
    monitor.until("PropertiesChanged", "'Volume': <0.29")
    assert bus.run("playerctl", "volume") == "0.300000"
    assert focus_metadata(bus, "xesam:title") == "focus session"
    assert focus_metadata(bus, "mpris:length") == "60000000"
    assert focus_metadata(bus, "xesam:trackNumber") == "1"


def _places(bus: Bus, monitor: Monitor, player: Playing) -> None:
    bus.run("playerctl", "next")
    monitor.until("PropertiesChanged", "'xesam:trackNumber': <2>")
    player.until("now", segment_index=1)
    bus.run("playerctl", "position", "15")
    monitor.until("PropertiesChanged", "'xesam:trackNumber': <1>")
    _jumped(monitor, 15.0)
    assert float(bus.run("playerctl", "position")) == pytest.approx(15.0, abs=5.0)
    bus.run("playerctl", "previous")
    _jumped(monitor, 0.0)
    bus.run("playerctl", "position", "10+")
    _jumped(monitor, 12.0, within_s=3.0)
    track = focus_metadata(bus, "mpris:trackid")
    bus.call(NAME, MPRIS_PATH, f"{PLAYER}.SetPosition", track, "5000000")
    _jumped(monitor, 5.0)


def _jumped(monitor: Monitor, to_s: float, within_s: float = 0.05) -> None:
    """Wait for the signal; a jump lands where the music is most alike, at most 25 ms off."""
    seeked_s = -1.0
    while seeked_s != pytest.approx(to_s, abs=within_s):
        signalled = re.search(r"int64 (\d+)", monitor.until(f"{PLAYER}.Seeked"))
        assert signalled
        seeked_s = int(signalled[1]) / 1e6


def focus_metadata(bus: Bus, key: str) -> str:
    """One of the metadata, as playerctl prints it."""
    return bus.run("playerctl", "--player=focus", "metadata", key).strip("'")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_name_goes_with_the_player_however_it_goes(
    focus: Focus, fake: FakeEngine, bus: Bus, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    with monitoring(bus, NAME) as monitor, watched(focus, fake, bus, monkeypatch) as player:
        monitor.until("is owned by")
        player.process.send_signal(number)
        monitor.until("does not have an owner")


def test_the_music_outlives_the_bus(focus: Focus, fake: FakeEngine, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    with monitoring(bus, NAME) as monitor, watched(focus, fake, bus, monkeypatch) as player:
        monitor.until("is owned by")
        bus.die()
        assert focus("volume", "40", "--json").json["volume"] == 40
        player.until("volume", volume=40)
        player.until("position")
        player.process.send_signal(signal.SIGTERM)
        assert player.until("bye")["reason"] == "terminated"
        assert player.process.stderr is not None
        assert player.process.stderr.read() == ""


def test_who_does_not_want_it_is_not_found(
    focus: Focus, fake: FakeEngine, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOCUS_MPRIS", "off")
    with watched(focus, fake, bus, monkeypatch) as player:
        player.until("position")
        assert NAME not in bus.names()


def test_the_end_of_a_session_is_notified(
    focus: Focus, fake: FakeEngine, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOCUS_NOTIFY", "all")
    with Shower(bus.address) as shower, watched(focus, fake, bus, monkeypatch, "--goal", "relax") as player:
        focus("seek", "10m")
        for _ in range(3):
            focus("next")
        assert player.until("bye")["reason"] == "finished"
        assert shower.shown.get(timeout=60)[3] == "The relax session is over"


def test_a_program_that_does_not_play_knows_no_bus(fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.commands.test_start_up import loaded

    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={os.devnull}")
    for words in (["start", "-q"], ["status"], ["list"], ["end"], ["doctor"], ["--help"]):
        assert not {name for name in loaded(*words)[1] if name.split(".")[0] == "dbus_fast"}
