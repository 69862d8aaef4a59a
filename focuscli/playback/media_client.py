"""Asks for media over connections that know no secret and lead nowhere but where they were checked to lead.

It is httpcore alone, so that there is nothing to switch off: no keys, cookies, proxies or netrc, no redirect that is
followed unseen, no body that is unpacked.
"""

import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpcore

from focuscli.errors import EngineFailed, EngineUnreachable, MediaRefused, TimedOut
from focuscli.playback.media_url import Destination, checked
from focuscli.version import __version__

MOST_HOPS = 2
CONNECT_S = 5.0
SILENCE_S = 10.0
"""A server that sends nothing for so long has gone."""

_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response whose body is still to be read: `pieces` are the raw bytes as they come, of whatever coding."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterator[bytes]


class MediaClient:
    """GETs of checked URLs. Used by one thread at a time."""

    def __init__(self, api_base: str, certificates: ssl.SSLContext | None = None) -> None:
        """`certificates` say who is trusted to vouch for servers; the system's own, unless they are given."""
        self._api_base = api_base
        self._certificates = certificates
        self._wires = _CheckedWires()
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    @contextmanager
    def ask(self, url: str, headers: Mapping[str, str], deadline: float) -> Iterator[Answer]:
        """The answer to a GET, of whatever status but a redirect: of those it follows two, each checked like the first.

        `deadline` is a moment of `time.monotonic` that ends it in every phase, while the body is read as well. Raises
        MediaRefused (not to be asked), EngineUnreachable (nobody there), EngineFailed (broken off, not HTTP), TimedOut.
        """
        self._wires.deadline = deadline
        with _translated():
            response = self._followed(checked(url, self._api_base), headers)
            try:
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                yield Answer(response.status, found, response.iter_stream())
            finally:
                response.close()

    def _followed(self, destination: Destination, headers: Mapping[str, str]) -> httpcore.Response:
        for _ in range(MOST_HOPS + 1):
            response = self._send(destination, headers)
            if response.status not in _REDIRECTS:
                return response
            location = dict(response.headers).get(b"Location") or dict(response.headers).get(b"location", b"")
            response.close()
            destination = checked(urljoin(destination.url, location.decode("latin-1")), self._api_base)
        raise MediaRefused("the media URL leads from one place to the next")

    def _send(self, destination: Destination, headers: Mapping[str, str]) -> httpcore.Response:
        self._wires.allowed[destination.host, destination.port] = destination.addresses
        asked = {"Accept-Encoding": "identity", "User-Agent": f"focus/{__version__}", **headers}
        timeouts = {"connect": CONNECT_S, "read": SILENCE_S, "write": SILENCE_S}
        where = [("Host", urlsplit(destination.url).netloc)]
        request = httpcore.Request(
            "GET", destination.url, headers=[*where, *asked.items()], extensions={"timeout": timeouts}
        )
        return self._pool(destination.url.partition(":")[0]).handle_request(request)

    def _pool(self, scheme: str) -> httpcore.ConnectionPool:
        """One for each scheme, made when first needed: loading the certificates takes 40 ms, which http can save."""
        if scheme not in self._pools:
            certificates = self._certificates or ssl.create_default_context() if scheme == "https" else None
            self._pools[scheme] = httpcore.ConnectionPool(
                certificates, max_connections=2, keepalive_expiry=30.0, network_backend=self._wires
            )
        return self._pools[scheme]

    def close(self) -> None:
        """Close the connections."""
        for pool in self._pools.values():
            pool.close()


class _CheckedWires(httpcore.NetworkBackend):
    """Connects to addresses that were checked for a host, and to no others, none of it beyond the deadline."""

    def __init__(self) -> None:
        self.allowed: dict[tuple[str, int], tuple[str, ...]] = {}
        self.deadline = 0.0
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """One address after the other until one answers."""
        failed: Exception = httpcore.ConnectError("there is no address")
        for address in self.allowed[host.strip("[]"), port]:
            try:
                wire = self._backend.connect_tcp(address, port, self.at_most(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failed = exc
            else:
                return _TimedWire(wire, self)
        raise failed

    def at_most(self, timeout: float | None) -> float:
        """A time-out that ends with the deadline."""
        left_s = self.deadline - time.monotonic()
        if left_s <= 0.0:
            raise httpcore.ReadTimeout
        return left_s if timeout is None else min(left_s, timeout)


class _TimedWire(httpcore.NetworkStream):
    """A connection on which nothing lasts beyond the deadline of the present request."""

    def __init__(self, wire: httpcore.NetworkStream, wires: _CheckedWires) -> None:
        self._wire = wire
        self._wires = wires

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._wire.read(max_bytes, self._wires.at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wire.write(buffer, self._wires.at_most(timeout))

    def close(self) -> None:
        self._wire.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        safe = self._wire.start_tls(ssl_context, server_hostname, self._wires.at_most(timeout))
        return _TimedWire(safe, self._wires)

    def get_extra_info(self, info: str) -> object:
        return self._wire.get_extra_info(info)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
        raise EngineUnreachable(f"the media server cannot be reached: {exc}", hint="is the network up?") from exc
    except httpcore.TimeoutException as exc:
        raise TimedOut("the media server took too long") from exc
    except (httpcore.NetworkError, httpcore.ProtocolError) as exc:
        raise EngineFailed(f"the segment's download broke off: {exc}") from exc
