"""What a connection writes, and in how many pieces."""

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

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


def heard(parts: Iterable[bytes]) -> tuple[list[str], list[bytes | str]]:
    """The paths that were asked for, and what the wire was told, when these parts came one after the other."""
    asked: list[str] = []

    async def answer(scope: Any, _: Any, send: Any) -> None:
        asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def connection() -> list[bytes | str]:
        config = uvicorn.Config(answer, http=Protocol, ws="none", lifespan="off", log_config=None)
        config.load()
        wire, state = Wire(), ServerState()
        protocol = Protocol(config, state, {})
        protocol.connection_made(wire)
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


def test_many_requests_at_once_are_no_long_head() -> None:
    request = b"GET /one HTTP/1.1\r\nHost: a\r\nX-Some: " + b"a" * 2048 + b"\r\n\r\n"
    count = 2 * LONGEST_HEAD_BYTES // len(request)
    asked, told = heard([request * count + b"GET /t", b"wo HTTP/1.1\r\nHost: a\r\n\r\n"])
    assert (asked, "close" in told) == (["/one"] * count + ["/two"], False)


def test_a_body_is_no_part_of_the_head() -> None:
    head = b"POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
    asked, told = heard([head, *[b"a" * 4096] * (LONGEST_HEAD_BYTES // 4096 + 1)])
    assert (asked, "close" in told) == (["/one"], False)
