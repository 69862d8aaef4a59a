"""Whether a media URL may be asked at all, and at which addresses."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from focuscli.errors import EngineUnreachable, MediaRefused

LONGEST_URL = 4096

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
"""RFC 6052 and 8215: the last four bytes are an IPv4 address that a gateway would ask for us."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A checked URL: connect to one of these addresses, but be sure to talk to this host.

    The name was looked up once and its addresses are the ones that were checked, so it cannot come to mean another
    machine between the check and the connection.
    """

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]


def checked(url: str, api_base: str) -> Destination:
    """Refuse what an untrusted engine must not make us ask; raises MediaRefused, EngineUnreachable.

    http only to this machine, and only when the engine itself is on it; https otherwise, at its usual port or at the
    engine's. Private addresses only under the engine's own name (where a certificate has to prove that name, or else
    it is this machine), so that a remote engine cannot look into the listener's network.
    """
    parts, base = _split(url), urlsplit(api_base)
    host, engine = parts.hostname or "", base.hostname or ""
    engine_is_here = _is_loopback(engine)
    if parts.scheme != "https" and not (parts.scheme == "http" and engine_is_here):
        raise MediaRefused(f"the media URL is {parts.scheme}, not https")
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    if port not in {_DEFAULT_PORTS["https"], base.port or _DEFAULT_PORTS.get(base.scheme)}:
        raise MediaRefused(f"the media URL leads to port {port}, which is neither that of https nor the engine's")
    found = _resolved(host, port)
    for address in found:
        is_here = engine_is_here and address.is_loopback
        if not is_here and (parts.scheme == "http" or (host != engine and not _is_public(address))):
            raise MediaRefused("the media URL leads into a private network")
    return Destination(parts._replace(fragment="").geturl(), host, port, tuple(map(str, found)))


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable():
        raise MediaRefused("the media URL is malformed")
    try:
        parts = urlsplit(url)
        _ = parts.port  # read to be checked
    except ValueError as exc:
        raise MediaRefused("the media URL is malformed") from exc
    if not parts.hostname:
        raise MediaRefused("the media URL names no host")
    if parts.username is not None or parts.password is not None:
        raise MediaRefused("the media URL carries a user name")
    return parts


def _resolved(host: str, port: int) -> list[_Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise EngineUnreachable(f"the media host {host} cannot be found", hint="is the network up?") from exc
    return [ipaddress.ip_address(str(where[0]).partition("%")[0]) for *_, where in found]


def _is_public(address: _Address) -> bool:
    """Whether it belongs to the open internet, whatever other address it may carry inside."""
    carried = _carried(address)
    return address.is_global and not address.is_multicast and (carried is None or _is_public(carried))


def _carried(address: _Address) -> _Address | None:
    """The IPv4 address within an IPv6 one that is translated or tunnelled; None where there is none."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
