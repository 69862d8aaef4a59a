"""The server of one door: a socket of ours, and uvicorn on it until it is told to leave."""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from focuscli.engine.protocol import Protocol
from focuscli.errors import Conflict

GRACE_S = 0.5
"""Requests that are being answered when the end is decided have so long."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises Conflict where the port cannot be had."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would allow two listeners on one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as exc:
        listener.close()
        raise Conflict(f"the engine cannot listen on {host} port {port}: {exc}", hint="choose another port") from exc
    return listener


class Server(uvicorn.Server):
    """uvicorn, which tells when it listens and leaves signals to us."""

    def __init__(self, face: object, listening: Callable[[], None], tls: ssl.SSLContext | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                face,  # type: ignore[arg-type]  # uvicorn's own ASGI types are not starlette's
                loop="asyncio",
                http=Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=75,
                ssl_context_factory=(lambda _config, _default: tls) if tls else None,
            )
        )
        self._listening = listening

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell so."""
        await super().startup(sockets)
        self._listening()

    async def leave(self, serving: "asyncio.Task[None]") -> None:
        """Stop accepting, let running answers finish for a moment, then cut them off."""
        self.should_exit = True
        _, late = await asyncio.wait([serving], timeout=GRACE_S)
        if late:
            self.force_exit = True
            await serving
