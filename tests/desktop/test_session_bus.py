"""The session bus as it is: there, not there, dying, or slow; whatever it does, nobody waits for it for long."""

import asyncio
import logging
import os
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest
from dbus_fast import Message
from dbus_fast.aio import MessageBus

from focuscli.desktop.mpris import NAME, PLAYER, Mpris
from focuscli.desktop.session_bus import SessionBus, address_of
from focuscli.events import FirstSound, VolumeChanged
from tests.desktop.buses import MPRIS_PATH, Bus, bus, monitoring, needs_a_bus

__all__ = ["bus"]  # a fixture


def ignored(_: object) -> None:
    """Nobody listens."""


@contextmanager
def served(address: str | None) -> Iterator[tuple[SessionBus, Mpris]]:
    """A player that sounds, on that bus."""
    with SessionBus(address) as line:
        mpris = Mpris(line, ignored)
        mpris.tell(FirstSound(0.1))
        yield line, mpris


def test_the_bus_is_where_the_variable_says_or_a_login_put_it(tmp_path: Path) -> None:
    assert address_of({}) is None
    assert address_of({"XDG_RUNTIME_DIR": str(tmp_path)}) is None
    (tmp_path / "bus").touch()
    assert address_of({"XDG_RUNTIME_DIR": str(tmp_path)}) == f"unix:path={tmp_path}/bus"
    assert address_of({"XDG_RUNTIME_DIR": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": "tcp:x"}) == "tcp:x"


@needs_a_bus
def test_the_name_comes_with_the_first_sound_and_goes_with_the_player(bus: Bus) -> None:
    with monitoring(bus, NAME) as monitor:
        monitor.until("does not have an owner")
        with served(bus.address) as (_, mpris):
            monitor.owned(lambda count: mpris.tell(VolumeChanged(50 + count % 2, muted=False)))
            mpris.tell(VolumeChanged(40, muted=False))
            assert "<0.40000000000000002>" in monitor.until("PropertiesChanged", PLAYER, "Volume", "0.4")
            assert "0.4" in bus.run("playerctl", "--player=focus", "volume")
            assert bus.call(NAME, MPRIS_PATH, "org.freedesktop.DBus.Peer.Ping") == "()"
        monitor.until("does not have an owner")


@needs_a_bus
def test_a_second_player_has_a_name_of_its_own(bus: Bus) -> None:
    with monitoring(bus, f"{NAME}.instance{os.getpid()}") as monitor:
        monitor.until("does not have an owner")
        with served(bus.address):
            with monitoring(bus, NAME) as first:
                first.until("is owned by")
            with served(bus.address):
                monitor.until("is owned by")
        assert NAME not in bus.names()


@needs_a_bus
def test_a_bus_that_dies_in_the_middle_is_no_failure(bus: Bus, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with monitoring(bus, NAME) as monitor, served(bus.address) as (line, mpris):
        monitor.until("is owned by")
        bus.die()
        assert line._thread is not None
        line._thread.join(20)
        assert not line._thread.is_alive()
        mpris.tell(VolumeChanged(40, muted=False))
        line.notify("The session is over")
    assert [record.levelname for record in caplog.records if record.name.startswith("focuscli")] == ["INFO"]


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "disabled:", "nonsense", "unix:path=", "tcp:host=x"])
def test_no_bus_is_a_line_in_the_log(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with served(address) as (line, mpris):
        assert line._thread is not None
        line._thread.join(20)
        mpris.tell(VolumeChanged(40, muted=False))
        line.notify("The session is over")
    (record,) = [record for record in caplog.records if record.name.startswith("focuscli")]
    assert "no session bus" in record.getMessage()


def test_without_the_extra_it_is_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setitem(__import__("sys").modules, "focuscli.desktop.dbus_connection", None)
    with served("unix:path=/nowhere/bus") as (line, _):
        assert line._thread is not None
        line._thread.join(20)
    assert "ModuleNotFoundError" in caplog.text


def test_without_an_address_nothing_is_begun() -> None:
    with served(None) as (line, _):
        line.notify("The session is over")
        assert line._thread is None


def test_a_bus_that_takes_a_connection_and_says_nothing_is_left_at_once(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        listener.listen()
        with served(f"unix:path={tmp_path}/bus") as (line, _):
            listener.accept()[0].close()
        assert line._thread is not None
        assert not line._thread.is_alive()


class Shower:
    """Who shows notifications on a bus: whoever has the name."""

    def __init__(self, address: str) -> None:
        self.shown: queue.Queue[list[object]] = queue.Queue()
        self._ready = threading.Event()
        self._address = address
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    async def _serve(self) -> None:
        connection = await MessageBus(bus_address=self._address).connect()
        asked = asyncio.Event()

        def reply(message: Message) -> Message | None:
            if message.member != "Notify":
                return None
            self.shown.put(message.body)
            asked.set()
            return Message.new_method_return(message, "u", [7])

        connection.add_message_handler(reply)
        await connection.request_name("org.freedesktop.Notifications")
        self._ready.set()
        await asked.wait()
        await asyncio.sleep(0)  # the reply is on its way
        connection.disconnect()
        await connection.wait_for_disconnect()


@needs_a_bus
def test_leaving_waits_until_a_notification_is_shown(bus: Bus) -> None:
    with Shower(bus.address) as shower, SessionBus(bus.address) as line:
        line.notify("The <b>focus</b> session is over")
    program, _, _, summary, body, actions, hints, timeout_ms = shower.shown.get_nowait()
    assert (program, summary, body) == ("focus", "The <b>focus</b> session is over", "")
    assert (actions, hints, timeout_ms) == ([], {}, -1)


@needs_a_bus
def test_where_nobody_shows_notifications_nobody_is_waited_for(bus: Bus) -> None:
    with SessionBus(bus.address) as line:
        line.notify("The focus session is over")
    assert line._thread is not None
    assert not line._thread.is_alive()
    assert all(shown.is_set() for shown in line._shown)
