"""What a connection writes, and in how many pieces."""

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from focuscli.bench.stepped import SteppedClock
from focuscli.bench.virtual_time import run_virtually
from focuscli.engine.protocol import LONGEST_HEAD_BYTES, OneWrite, Protocol

LARGE = bytes(1 << 16)


class Wire(asyncio.Transport):
    """A transport that remembers what it was told to do."""

    def __init__(self) -> None:
        super().__init__({"peername": "client"})
        self.told: list[bytes | str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.told.append(bytes(data))

    def close(self) -> None:
        self.told.append("close")

    def is_closing(self) -> bool:
        return "close" in self.told

    def pause_reading(self) -> None:
        """Whoever writes here says all there is."""

    resume_reading = pause_reading


def told(act: Callable[[OneWrite], None]) -> list[bytes | str]:
    async def one_turn() -> list[bytes | str]:
        wire = Wire()
        act(OneWrite(wire, asyncio.get_running_loop()))
        await asyncio.sleep(0)
        return wire.told

    return asyncio.run(one_turn())


def test_head_and_body_of_one_turn_are_one_write() -> None:
    def answer(transport: OneWrite) -> None:
        transport.write(b"head")
        transport.write(b"body")

    assert told(answer) == [b"headbody"]


def test_what_is_large_is_not_held_back_and_keeps_its_place() -> None:
    def answer(transport: OneWrite) -> None:
        transport.write(b"head")
        transport.write(LARGE)
        transport.write(b"next")

    assert told(answer) == [b"head", LARGE, b"next"]


def test_a_close_comes_after_what_was_written() -> None:
    def answer(transport: OneWrite) -> None:
        transport.write(b"refusal")
        transport.close()

    assert told(answer) == [b"refusal", "close"]


def test_turns_are_not_joined() -> None:
    async def two_turns() -> list[bytes | str]:
        wire = Wire()
        transport = OneWrite(wire, asyncio.get_running_loop())
        for data in (b"one", b"two"):
            transport.write(data)
            await asyncio.sleep(0)
        return wire.told

    assert asyncio.run(two_turns()) == [b"one", b"two"]


def test_everything_else_is_the_transports_own() -> None:
    async def ask() -> object:
        return OneWrite(Wire(), asyncio.get_running_loop()).get_extra_info("peername")

    assert asyncio.run(ask()) == "client"


def opened(wire: Wire, asked: list[str], state: ServerState, keep_alive_s: int = 5) -> Protocol:
    """A connection to an application that answers everything with nothing, and notes the path."""

    async def answer(scope: Any, _: Any, send: Any) -> None:
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = uvicorn.Config(
        answer, http=Protocol, ws="none", lifespan="off", log_config=None, timeout_keep_alive=keep_alive_s
    )
    config.load()
    protocol = Protocol(config, state, {})
    protocol.connection_made(wire)
    return protocol


def heard(parts: Iterable[bytes]) -> tuple[list[str], list[bytes | str]]:
    """The paths that were asked for, and what the wire was told, when these parts came one after the other."""
    asked: list[str] = []

    async def connection() -> list[bytes | str]:
        wire, state = Wire(), ServerState()
        protocol = opened(wire, asked, state)
        for part in parts:
            if not wire.is_closing():
                protocol.data_received(part)
        while state.tasks:
            await asyncio.gather(*state.tasks)
        told = list(wire.told)
        protocol.connection_lost(None)
        return told

    return asked, asyncio.run(connection())


@pytest.mark.parametrize("begun", [b"GET /", b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: ", b"GET / HTTP/1.1\r\nX-"])
def test_a_head_without_an_end_is_refused_in_the_envelope_before_it_fills_the_memory(begun: bytes) -> None:
    asked, told = heard([begun, *[b"a" * 4096] * (LONGEST_HEAD_BYTES // 4096 + 1)])
    assert (asked, told[1:]) == ([], ["close"])
    head, _, body = told[0].partition(b"\r\n\r\n")  # type: ignore[union-attr, arg-type]
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["error"]["code"] == "BAD_REQUEST"


def slowly(parts: Iterable[tuple[float, bytes]], until: float) -> tuple[list[str], list[bytes | str]]:
    """As `heard`, each part at its time, on a clock of its own."""
    clock = SteppedClock()
    asked: list[str] = []

    async def connection() -> list[bytes | str]:
        wire = Wire()
        protocol = opened(wire, asked, ServerState(), keep_alive_s=3600)
        now = 0.0
        for moment, part in parts:
            await asyncio.sleep(moment - now)
            now = moment
            if not wire.is_closing():
                protocol.data_received(part)
        await asyncio.sleep(until - now)
        told = list(wire.told)
        protocol.connection_lost(None)
        return told

    return asked, run_virtually(connection, clock)


def test_a_head_that_comes_drop_by_drop_is_not_waited_for_for_ever() -> None:
    drops = [(float(second), b"GET / HTTP/1.1\r\nX-A: a"[second : second + 1] or b"a") for second in range(60)]
    asked, told = slowly(drops, 60.0)
    assert (asked, told[1:]) == ([], ["close"])
    assert told[0].startswith(b"HTTP/1.1 400 ")  # type: ignore[arg-type, union-attr]
    assert b"did not end within 30 seconds" in told[0]  # type: ignore[operator]


def test_who_connects_and_says_nothing_is_let_go() -> None:
    assert slowly([], 29.0) == ([], [])
    assert slowly([], 31.0) == ([], ["close"])


def test_who_asks_now_and_then_is_not_let_go() -> None:
    request = b"GET /one HTTP/1.1\r\nHost: a\r\n\r\n"
    asked, told = slowly([(20.0, request), (1000.0, request[:9]), (1020.0, request[9:])], 1100.0)
    assert (asked, "close" in told) == (["/one", "/one"], False)
    asked, told = slowly([(20.0, request), (1000.0, request[:9]), (1031.0, request[9:])], 1100.0)
    assert (asked, told[-1]) == (["/one"], "close")


def test_many_requests_at_once_are_no_long_head() -> None:
    request = b"GET /one HTTP/1.1\r\nHost: a\r\nX-Some: " + b"a" * 2048 + b"\r\n\r\n"
    count = 2 * LONGEST_HEAD_BYTES // len(request)
    asked, told = heard([request * count + b"GET /t", b"wo HTTP/1.1\r\nHost: a\r\n\r\n"])
    assert (asked, "close" in told) == (["/one"] * count + ["/two"], False)


def test_a_body_is_no_part_of_the_head() -> None:
    head = b"POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
    asked, told = heard([head, *[b"a" * 4096] * (LONGEST_HEAD_BYTES // 4096 + 1)])
    assert (asked, "close" in told) == (["/one"], False)
