"""An engine on a port of its own, in a thread, whose segments are ready at once: its web face without the music."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import uvicorn

from focuscli.bench.terms import plain_terms
from focuscli.clock import SystemClock
from focuscli.engine.keys import CAPABILITIES, Caller, FixedCallers
from focuscli.engine.objects import LocalObjects
from focuscli.engine.parts import Parts, put_together
from focuscli.engine.protocol import Protocol
from focuscli.engine.rate_limits import Rates
from focuscli.engine.render_job import RenderSpec
from focuscli.engine.rendering import Rendering
from focuscli.engine.server import listen
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.store import Owner, ReadySegment

KEY = "instant-engine-of-the-bench"
ORGANIZATION = "org_local"
AUDIO = b"fLaC" + bytes(2044)


@dataclass(frozen=True, slots=True)
class InstantEngine:
    """Where it listens, and what it is made of."""

    url: str
    parts: Parts


@contextmanager
def instant_engine(folder: Path) -> Iterator[InstantEngine]:
    """Serve from a thread until the context is left."""
    clock = SystemClock()
    objects = LocalObjects(folder / "objects")
    objects.root.mkdir()
    with (
        listen("127.0.0.1", 0) as listener,
        closing(SqliteFile(folder / "engine.db")) as file,
        ThreadPoolExecutor(1) as executor,
    ):
        port = listener.getsockname()[1]
        parts = put_together(
            replace(
                plain_terms(folder, clock, key=KEY, port=port, owner="bench"),
                session_idle_s=3600.0,
                rates=Rates(1_000_000),
            ),
            store=SqlStore(file, clock),
            database=file,
            objects=objects,
            rendering=Rendering(executor, lambda: 1),
            job=silence,
            callers=FixedCallers({KEY: Caller(Owner(ORGANIZATION, "user_bench"), CAPABILITIES)}),
            clock=clock,
        )
        with _running(parts, listener):
            yield InstantEngine(f"http://127.0.0.1:{port}", parts)


def silence(spec_json: str) -> str:
    """Stands for a render process: the same few bytes for every segment."""
    spec = msgspec.json.decode(spec_json, type=RenderSpec)
    placed = LocalObjects(Path(spec.objects_root)).place(spec.object_key, _write)
    segment = ReadySegment(
        spec.segment_index, spec.object_key, placed.sha256, placed.size_bytes, 120.4, -14.0, 1500, 1500
    )
    return msgspec.json.encode(segment).decode()


def _write(file: Path) -> None:
    file.write_bytes(AUDIO)


@contextmanager
def _running(parts: Parts, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(parts.face, http=Protocol, ws="none", lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)

    async def live() -> None:
        rendering = asyncio.create_task(parts.dispatcher.run())
        await server.serve(sockets=[listener])
        rendering.cancel()
        await parts.dispatcher.close()

    thread = threading.Thread(target=lambda: asyncio.run(live()), name="instant-engine")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
