"""Many keep-alive connections that ask the same over and over, from one thread."""

import selectors
import socket
import time

PATIENCE_S = 10.0
"""Who hears nothing for so long gives up."""


class _Connection:
    """One client: at most one request on its way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self._missing = -1

    def ask(self, request: bytes, due: float) -> None:
        self.due, self._missing = due, -1
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Read what is there; raises OSError where the connection or the answer is no good."""
        block = self.socket.recv(1 << 17)
        if not block:
            raise ConnectionResetError("closed")
        if self._missing < 0:
            if not block.startswith(b"HTTP/1.1 200 "):
                raise OSError(block[:100])
            head, _, rest = block.partition(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self._missing = int(length) - len(rest)
        else:
            self._missing -= len(block)
        return self._missing == 0


class Clients:
    """So many connections to one address, until they are closed. `failures` counts those that were lost."""

    def __init__(self, address: tuple[str, int], request: bytes, count: int) -> None:
        self._request = request
        self._connections = [_Connection(address) for _ in range(count)]
        self._selector = selectors.DefaultSelector()
        for connection in self._connections:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        self.failures = 0

    def closed_loop(self, requests: int) -> None:
        """So many requests in all, each connection asking again as soon as it is answered."""
        free, left, waiting = self._living(), requests, 0
        while waiting or (left and free):
            while free and left:
                waiting += self._ask(free.pop(), 0.0)
                left -= 1
            found = self._answered(PATIENCE_S)
            waiting -= len(found)
            free += [connection for connection in found if connection]

    def paced(self, rate_hz: float, seconds: float) -> list[float]:
        """Requests at a steady rate; returns how long after it was due each was answered, in seconds."""
        began, taken = time.perf_counter(), list[float]()
        free, asked, total = self._living(), 0, int(rate_hz * seconds)
        while len(taken) + self.failures < total:
            now = time.perf_counter()
            while asked < total and free and began + asked / rate_hz <= now:
                self._ask(free.pop(), began + asked / rate_hz)
                asked += 1
            wait_s = max(0.0, began + asked / rate_hz - time.perf_counter()) if asked < total and free else PATIENCE_S
            for connection in self._answered(wait_s):
                if connection is not None:
                    taken.append(time.perf_counter() - connection.due)
                    free.append(connection)
        return taken

    def _living(self) -> list[_Connection]:
        return [key.data for key in self._selector.get_map().values()]

    def _ask(self, connection: _Connection, due: float) -> bool:
        try:
            connection.ask(self._request, due)
        except OSError:
            self._lose(connection)
            return False
        return True

    def _answered(self, wait_s: float) -> list[_Connection | None]:
        """Those whose answer became whole meanwhile; None for each that was lost."""
        found: list[_Connection | None] = []
        ready = self._selector.select(wait_s)
        if not ready and wait_s >= PATIENCE_S:
            raise TimeoutError(f"nothing came for {wait_s:g} s")
        for key, _ in ready:
            connection: _Connection = key.data
            try:
                if connection.is_answered():
                    found.append(connection)
            except OSError:
                self._lose(connection)
                found.append(None)
        return found

    def _lose(self, connection: _Connection) -> None:
        self.failures += 1
        self._selector.unregister(connection.socket)

    def close(self) -> None:
        """Close all connections."""
        self._selector.close()
        for connection in self._connections:
            connection.socket.close()
