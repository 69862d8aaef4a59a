"""An engine behind a network that does what networks and their servers do: a proxy that spoils media on their way."""

import json
import re
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.fakes.engine import FakeEngine


@dataclass(frozen=True)
class Asked:
    """One media request as it came: which segment, which minting of its URL, and its headers."""

    index: int
    minted: int
    headers: dict[str, str]


class Line(BaseHTTPRequestHandler):
    """One connection; faults write on it what they like."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def handle(self) -> None:
        with suppress(ConnectionError):  # who is answered like this may leave early
            super().handle()

    def do_GET(self) -> None:
        self.server.proxy._serve(self)

    do_POST = do_GET  # noqa: N815  # http.server asks for this name

    def log_message(self, *_: object) -> None:
        pass

    def head(self, status: int, length: int | None = None, **headers: str) -> None:
        """The head of an answer; without a length it ends with the connection."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def whole(self, body: bytes) -> None:
        """The body, or the range of it that was asked for."""
        begins = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if begins is None:
            self.head(200, len(body), ETag='"1"')
            self.wfile.write(body)
            return
        start = int(begins[1])
        if start >= len(body):
            self.head(416, 0)
            return
        self.head(206, len(body) - start, Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}", ETag='"1"')
        self.wfile.write(body[start:])

    def reset(self) -> None:
        """Break the connection off, rudely."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    proxy: "FaultProxy"


Fault = Callable[[Line, bytes], None]


@dataclass
class FaultProxy:
    """Forwards the API to an engine, mints media URLs of its own, and answers those from `bodies`, through faults.

    `faults` are used up one a request of that segment, the last one for ever where `for_ever` says so.
    """

    engine: FakeEngine
    bodies: Sequence[bytes]
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    for_ever: bool = False
    valid_from: int = 0
    """URLs that were minted earlier have expired."""
    asked: list[Asked] = field(default_factory=list)
    keys_seen: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    _minted: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def listening(self) -> Iterator["FaultProxy"]:
        """Answer on a port of its own for as long as the context is open."""
        self._server = _Server(("127.0.0.1", 0), Line)
        self._server.proxy = self
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.stopped.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def _serve(self, line: Line) -> None:
        parts = urlsplit(line.path)
        media = re.fullmatch(r"/media/(\d+)\.flac", parts.path)
        if media is None:
            self._forward(line)
        else:
            self._spoil(line, int(media[1]), int(parts.query.removeprefix("e=")))

    def _spoil(self, line: Line, index: int, minted: int) -> None:
        self.asked.append(Asked(index, minted, {name.lower(): value for name, value in line.headers.items()}))
        if minted < self.valid_from:
            refused(403)(line, b"")
            return
        faults = self.faults.get(index, [])
        fault = whole if not faults else faults[0] if self.for_ever and len(faults) == 1 else faults.pop(0)
        fault(line, self.bodies[index])

    def _forward(self, line: Line) -> None:
        headers = dict(line.headers.items())
        self.keys_seen += "x-api-key" in {name.lower() for name in headers}
        body = line.rfile.read(int(headers.get("Content-Length", 0)))
        connection = HTTPConnection(urlsplit(self.engine.url).netloc, timeout=10)
        connection.request(line.command, line.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status == 200:
            content = self._with_own_urls(content)
        line.head(answer.status, len(content))
        line.wfile.write(content)

    def _with_own_urls(self, content: bytes) -> bytes:
        self._minted += 1
        session = json.loads(content)
        for segment in session.get("segments", []):
            segment["playback_url"] = f"{self.url}/media/{segment['segment_index']}.flac?e={self._minted}"
        return json.dumps(session).encode()


def whole(line: Line, body: bytes) -> None:
    """Nothing is wrong."""
    line.whole(body)


def refused(status: int, **headers: str) -> Fault:
    """Another status."""

    def fault(line: Line, _body: bytes) -> None:
        line.head(status, 0, **headers)

    return fault


def latency(line: Line, body: bytes) -> None:
    """A fifth of a second before anything comes."""
    line.server.proxy.stopped.wait(0.2)
    line.whole(body)


def silent(line: Line, _body: bytes) -> None:
    """Nothing comes at all."""
    line.server.proxy.stopped.wait(30)
    line.close_connection = True


def drip_of_headers(line: Line, _body: bytes) -> None:
    """A header that never ends, a letter at a time."""
    line.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not line.server.proxy.stopped.wait(0.05):
        line.wfile.write(b"x")


def drip(line: Line, body: bytes) -> None:
    """A byte at a time."""
    line.head(200, len(body), ETag='"1"')
    for at in range(len(body)):
        line.wfile.write(body[at : at + 1])
        if line.server.proxy.stopped.wait(0.05):
            return


def reset(line: Line, body: bytes) -> None:
    """Half of it, and the connection breaks."""
    line.head(200, len(body), ETag='"1"')
    line.wfile.write(body[: len(body) // 2])
    line.reset()


def truncation(line: Line, body: bytes) -> None:
    """Half of it, and then a polite end."""
    line.head(200, len(body), ETag='"1"')
    line.wfile.write(body[: len(body) // 2])
    line.close_connection = True


def quiet_truncation(line: Line, body: bytes) -> None:
    """Half of it, and nothing tells that it is."""
    line.head(200)
    line.wfile.write(body[: len(body) // 2])


def length_too_great(line: Line, body: bytes) -> None:
    """More is announced than comes."""
    line.head(200, 2 * len(body))
    line.wfile.write(body)
    line.close_connection = True


def length_too_small(line: Line, body: bytes) -> None:
    """Less is announced than comes."""
    line.head(200, len(body) // 2)
    line.wfile.write(body)
    line.close_connection = True


def gzip_bomb(line: Line, _body: bytes) -> None:
    """Three hundred kilobytes that unpack to three hundred megabytes."""
    line.head(200, len(_BOMB), Content_Encoding="gzip")
    line.wfile.write(_BOMB)


def endless(line: Line, _body: bytes) -> None:
    """It goes on and on."""
    line.head(200)
    while not line.server.proxy.stopped.is_set():
        line.wfile.write(bytes(1 << 16))


def boast(line: Line, _body: bytes) -> None:
    """A terabyte is announced."""
    line.head(200, 1 << 40)
    line.close_connection = True


def other(body: bytes) -> Fault:
    """Something else comes, correctly."""

    def fault(line: Line, _body: bytes) -> None:
        line.head(200, len(body))
        line.wfile.write(body)

    return fault


def _bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(300)), packer.flush()])


_BOMB = _bomb()
