"""Whether a media URL may be asked at all, and at which address."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from focuscli.errors import EngineUnreachable, MediaRefused


@dataclass(frozen=True, slots=True)
class Destination:
    """A checked URL: connect to this address, but be sure to talk to this host.

    The address was looked up once and is the one that was checked, so a name cannot come to mean another
    machine between the check and the connection.
    """

    url: str
    host: str
    """As the `Host` header has it, with the port where there is one."""
    name: str
    """As the certificate has it."""


def checked(url: str, api_base: str) -> Destination:
    """Refuse what an untrusted engine must not make us ask; raises MediaRefused, EngineUnreachable.

    http only to this machine, and only when the engine itself is on it; https otherwise. Private addresses only
    where the engine lives, so that a remote engine cannot look into the listener's network.
    """
    parts, base = _split(url), urlsplit(api_base)
    engine = base.hostname or ""
    if parts.username is not None or parts.password is not None:
        raise MediaRefused("the media URL carries a user name")
    name = parts.hostname or ""
    address = _resolve(name, parts.port)
    engine_is_here = _is_loopback(engine)
    if parts.scheme == "http" and not (engine_is_here and address.is_loopback):
        raise MediaRefused("the media URL is not https")
    if parts.scheme not in ("http", "https"):
        raise MediaRefused(f"the media URL is {parts.scheme}, not https")
    if not address.is_global and name != engine and not (engine_is_here and address.is_loopback):
        raise MediaRefused("the media URL leads into a private network")
    return Destination(_at(parts, address), parts.netloc, name)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read to be checked
    except ValueError as exc:
        raise MediaRefused("the media URL is malformed") from exc
    if not parts.hostname:
        raise MediaRefused("the media URL names no host")
    return parts


def _resolve(name: str, port: int | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        found = socket.getaddrinfo(name, port or 443, type=socket.SOCK_STREAM)
    except OSError as exc:
        raise EngineUnreachable(f"the media host {name} cannot be found", hint="is the network up?") from exc
    return ipaddress.ip_address(str(found[0][4][0]).partition("%")[0])


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _at(parts: SplitResult, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    host = f"[{address}]" if address.version == 6 else str(address)
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    return parts._replace(netloc=netloc, fragment="").geturl()
