"""What a connection writes, and in how many pieces."""

import asyncio
from collections.abc import Callable

from focuscli.engine.protocol import OneWrite

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
