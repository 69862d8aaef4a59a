"""One HTTP exchange with an engine on this machine, over a plain socket.

Importing http.client costs as much time as all of `focus status` may take, and httpx three times that. So this
speaks the oldest HTTP there is: a 1.0 request, to which the answer ends with the connection and is never chunked.
There are no redirects, proxies or cookies that could carry the key anywhere else.
"""

import socket
import time
from collections.abc import Mapping

from focuscli.client.answer import MAX_BODY_BYTES, Answer

_HEAD_BYTES = 64 << 10


def exchange(
    authority: str,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes = b"",
    *,
    timeout_s: float = 30.0,
) -> Answer:
    """Ask `authority` (127.0.0.1:port) once and read the whole answer.

    Raises OSError when nobody answers (TimeoutError after `timeout_s` in all), ValueError when what answers is
    not HTTP, is cut short, or is larger than any answer of the API.
    """
    host, _, port = authority.rpartition(":")
    deadline = time.monotonic() + timeout_s
    request = _request(authority, method, target, headers, body)
    # not create_connection: the name look-up in it loads the tables of IDNA, for a number
    with socket.socket(socket.AF_INET6 if host.startswith("[") else socket.AF_INET) as connection:
        connection.settimeout(timeout_s)
        connection.connect((host.strip("[]"), int(port)))
        connection.sendall(request)
        return _parsed(_read_all(connection, deadline))


def _request(authority: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{method} {target} HTTP/1.0", f"Host: {authority}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break in a request's header")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _read_all(connection: socket.socket, deadline: float) -> bytes:
    received = bytearray()
    while True:
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the answer took too long")
        connection.settimeout(left_s)
        block = connection.recv(65536)
        if not block:
            return bytes(received)
        received += block
        if len(received) > MAX_BODY_BYTES + _HEAD_BYTES:
            raise ValueError("the answer is too large")


def _parsed(received: bytes) -> Answer:
    head, gap, body = received.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    version, _, status = first.partition(" ")
    if not gap or not version.startswith("HTTP/1."):
        raise ValueError("what answers does not speak HTTP")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    if len(body) != int(headers.get("content-length", len(body))):
        raise ValueError("the answer was cut short")
    return Answer(int(status[:3]), headers, body)
