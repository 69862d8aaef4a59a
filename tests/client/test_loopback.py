"""What answers on a local port is read whole, in time, and within bounds, or not at all."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from focuscli.client.answer import MAX_BODY_BYTES
from focuscli.client.loopback import exchange
from focuscli.client.wire import LoopbackWire
from focuscli.errors import EngineFailed, EngineUnreachable


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A port where one connection is answered by that function."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def saying(data: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(data)


def test_the_whole_answer_is_read() -> None:
    with server(saying(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nX-Request-ID: req_1\r\n\r\n{}")) as authority:
        answer = exchange(authority, "GET", "/", {})
    assert (answer.status, answer.body, answer.headers["x-request-id"]) == (202, b"{}", "req_1")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 abc OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
    ],
)
def test_what_is_no_whole_answer_is_a_failure_of_the_engine(data: bytes) -> None:
    with server(saying(data)) as authority, pytest.raises(EngineFailed):
        LoopbackWire(authority).exchange("GET", "/", {}, b"", 5)


def test_an_endless_answer_is_cut_off() -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            for _ in range(2 * MAX_BODY_BYTES // 65536 + 1):
                connection.sendall(b"x" * 65536)
        except OSError:
            return  # the client has had enough

    with server(flood) as authority, pytest.raises(ValueError, match="too large"):
        exchange(authority, "GET", "/", {})


def test_an_answer_that_drips_is_given_up_on_in_time() -> None:
    enough = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        enough.wait(10)

    with server(drip) as authority:
        with pytest.raises(EngineUnreachable, match=r"did not answer within 0\.1 s"):
            LoopbackWire(authority).exchange("GET", "/", {}, b"", 0.1)
        enough.set()


def test_nobody_listening_is_told_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        authority = f"127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(EngineUnreachable, match=authority) as caught:
        LoopbackWire(authority).exchange("GET", "/", {}, b"", 5)
    assert "focus start" in caught.value.hint


def test_a_line_break_cannot_smuggle_a_header() -> None:
    with server(saying(b"HTTP/1.1 200 OK\r\n\r\n")) as authority:
        with pytest.raises(ValueError, match="line break"):
            exchange(authority, "GET", "/", {"X-API-Key": "a\r\nX-Other: b"})
        exchange(authority, "GET", "/", {})
