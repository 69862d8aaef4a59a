"""A connection to a D-Bus message bus by dbus-fast; the one door to that library, heavy to load."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Sequence
from typing import Any, Self

from dbus_fast import Message, MessageFlag, MessageType, NameFlag, RequestNameReply, Variant
from dbus_fast.aio import MessageBus

from focuscli.desktop.exported import Exported, Refused, Typed, answer

PATIENCE_S = 2.0
"""For a bus that takes a connection and says nothing."""

_NOTIFICATIONS = "org.freedesktop.Notifications"

for _library in ("dbus_fast", "asyncio"):  # what they complain about belongs into a log, not over the picture
    logging.getLogger(_library).addHandler(logging.NullHandler())


class Connection:
    """Made by `open`, to be used in the event loop in which it was made; what fails raises what the library raises."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._exported: dict[str, Exported] = {}
        bus.add_message_handler(self._reply)

    @classmethod
    async def open(cls, address: str) -> Self:
        """Connect and introduce ourselves."""
        return cls(await asyncio.wait_for(MessageBus(bus_address=address).connect(), PATIENCE_S))

    async def closed(self) -> None:
        """Wait until the connection is gone; raises where the bus has gone."""
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Leave the bus, and with it every name; whatever state it is in."""
        self._bus.disconnect()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._bus.wait_for_disconnect(), PATIENCE_S)  # type: ignore[no-untyped-call]

    async def serve(self, exported: Exported, name: str) -> None:
        """Answer for the object under that name, or where it is taken under the name of this instance."""
        self._exported[exported.path] = exported
        reply = await self._bus.request_name(name, NameFlag.DO_NOT_QUEUE)
        if reply is not RequestNameReply.PRIMARY_OWNER:
            await self._bus.request_name(f"{name}.instance{os.getpid()}", NameFlag.DO_NOT_QUEUE)

    async def signal(self, path: str, interface: str, name: str, arguments: Sequence[Typed]) -> None:
        """Tell that something happened to an object."""
        message = Message(
            message_type=MessageType.SIGNAL,
            path=path,
            interface=interface,
            member=name,
            signature=_signature(arguments),
            body=[_carried(one) for one in arguments],
        )
        await self._bus.send(message)

    async def notify(self, sentence: str) -> bool:
        """Have a notification shown; whether somebody does.

        Desktop Notifications Specification, Notify: the summary is plain text; the body may be markup, and stays empty.
        """
        message = Message(
            destination=_NOTIFICATIONS,
            path="/org/freedesktop/Notifications",
            interface=_NOTIFICATIONS,
            member="Notify",
            signature="susssasa{sv}i",
            body=["focus", 0, "", sentence, "", [], {}, -1],
        )
        return (await self._bus.call(message)).message_type is not MessageType.ERROR

    def _reply(self, message: Message) -> Message | bool | None:
        """To a call of one of the objects; None leaves it to the library, which knows Peer."""
        exported = self._exported.get(message.path or "")
        is_call = message.message_type is MessageType.METHOD_CALL
        if not is_call or exported is None or message.interface == "org.freedesktop.DBus.Peer":
            return None
        given = [_given(value) for value in message.body]
        try:
            told = answer(exported, message.interface or "", message.member or "", message.signature, given)
            reply = Message.new_method_return(message, _signature(told), [_carried(one) for one in told])
        except Refused as refused:
            reply = Message.new_error(message, refused.name, str(refused))
        return True if message.flags & MessageFlag.NO_REPLY_EXPECTED else reply


def _signature(arguments: Sequence[Typed]) -> str:
    return "".join(one.signature for one in arguments)


def _carried(one: Typed) -> Any:
    """A value as the library takes it, with a variant wherever the signature has one."""
    if one.signature == "v":
        return Variant(one.value.signature, _carried(one.value))
    if one.signature == "a{sv}":
        return {name: Variant(value.signature, _carried(value)) for name, value in one.value.items()}
    return one.value


def _given(value: Any) -> Any:
    """What the library made of an argument, with no type of its own left in it."""
    return Typed(value.signature, value.value) if isinstance(value, Variant) else value
