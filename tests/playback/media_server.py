"""A small, badly behaved media server on loopback."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = bytes(range(256)) * 400


class MediaServer(ThreadingHTTPServer):
    """Answers by path; remembers the headers of every request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.stop = threading.Event()
        self.cut_once = True

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: MediaServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the base class
        pass

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.seen.append((path, {key.lower(): value for key, value in self.headers.items()}))
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"answer_{path.strip('/').partition('.')[0]}")()

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_whole(self) -> None:
        self._send(200, BODY)

    def answer_empty(self) -> None:
        self._send(200, b"")

    def answer_expired(self) -> None:
        self._send(403, b"no")

    def answer_gone(self) -> None:
        self._send(410, b"no")

    def answer_broken(self) -> None:
        self._send(500, b"no")

    def answer_elsewhere(self) -> None:
        self._send(302, b"", Location=f"{self.server.base}/whole.flac")

    def answer_elsewhere_private(self) -> None:
        self._send(302, b"", Location="https://169.254.169.254/whole.flac")

    def answer_elsewhere_forever(self) -> None:
        self._send(302, b"", Location=self.path)

    def answer_bomb(self) -> None:
        self._send(200, gzip.compress(bytes(100 << 20)), Content_Encoding="gzip")

    def answer_boast(self) -> None:
        self._send(200, b"short", Content_Length=str(1 << 40))

    def answer_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.stop.is_set():
            self.wfile.write(bytes(1 << 16))

    def answer_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.stop.wait(0.05):
            self.wfile.write(b"x")

    def answer_cut(self) -> None:
        """Half of it the first time; from then on what is asked for."""
        if self.server.cut_once:
            self.server.cut_once = False
            self._send(200, BODY[: len(BODY) // 2], Content_Length=str(len(BODY)))
            self.close_connection = True
            return
        start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        self._send(206, BODY[start:], Content_Range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")


@contextmanager
def served() -> Iterator[MediaServer]:
    """The server, for as long as the block lasts."""
    server = MediaServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
