"""Where an engine may listen: on loopback for its own user, and for others only behind TLS or a proxy.

There is always a door on loopback, in plain text, for this machine's user alone: it can greet, and be told to stop.
A public door is one more, at which only keys of the store and signed URLs count. An engine that is by mistake open to
a network is the commonest wound of its kind (175,000 Ollamas in January 2026); so there is no option that opens one
without encryption.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from focuscli.errors import UsageError

if TYPE_CHECKING:
    import ssl

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # never bound without what `plan` asks for


@dataclass(frozen=True, slots=True)
class Wish:
    """What `focus engine serve` was asked for."""

    host: str = "127.0.0.1"
    port: int = 0
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    public_url: str = ""
    metrics: str = ""


@dataclass(frozen=True, slots=True)
class PublicDoor:
    """A door for others: where it listens, the origin under which they know it, and its TLS (None: the proxy's)."""

    host: str
    port: int
    scheme: str
    authority: str
    tls: "ssl.SSLContext | None"

    @property
    def names(self) -> frozenset[str]:
        """What a Host header may say here."""
        name, colon, port = self.authority.rpartition(":")
        usual = {"http": "80", "https": "443"}[self.scheme]
        if not colon or "]" in port:
            return frozenset({self.authority, f"{self.authority}:{usual}"})
        return frozenset({self.authority, name} if port == usual else {self.authority})

    @property
    def origin(self) -> str:
        """What media URLs begin with."""
        return f"{self.scheme}://{self.authority}"


def plan(wish: Wish) -> PublicDoor | None:
    """The public door that is asked for, or None: loopback alone. Raises UsageError for what would be unsafe."""
    if bool(wish.tls_cert) != bool(wish.tls_key):
        raise UsageError("TLS needs both a certificate and its key", hint="give --tls-cert FILE and --tls-key FILE")
    encrypted = wish.tls_cert is not None
    if encrypted and wish.behind_proxy:
        raise UsageError("either the engine or the proxy does TLS", hint="leave out --behind-proxy or --tls-cert")
    if not encrypted and not wish.behind_proxy:
        if wish.host not in LOOPBACK:
            raise UsageError(
                f"{wish.host or 'that address'} can be reached from other machines, and nothing there is encrypted",
                hint="give --tls-cert and --tls-key, or --behind-proxy where a proxy does TLS",
            )
        if wish.public_url:
            raise UsageError("--public-url is for a public engine", hint="leave it out")
        return None
    if not wish.port:
        raise UsageError("others must know the port", hint="give --port, such as --port 8443")
    scheme, authority = _public_origin(wish)
    tls = _context(wish.tls_cert, wish.tls_key) if wish.tls_cert and wish.tls_key else None
    return PublicDoor(wish.host, wish.port, scheme, authority, tls)


def watching_door(wish: Wish) -> tuple[str, int] | None:
    """Host and port of the door for those who watch, or None; raises UsageError for what is neither.

    In plain text wherever it is: there is nothing of anybody behind it.
    """
    if not wish.metrics:
        return None
    host, _, port = wish.metrics.rpartition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise UsageError("--metrics needs a port", hint="give one such as --metrics 127.0.0.1:9464")
    return host.strip("[]") or "127.0.0.1", int(port)


def _public_origin(wish: Wish) -> tuple[str, str]:
    from urllib.parse import urlsplit  # not for the many starts that have no such door

    if not wish.public_url and (wish.behind_proxy or wish.host in _EVERYWHERE):
        raise UsageError(
            "media URLs must name the engine as others know it", hint="give --public-url https://focus.example.org"
        )
    url = wish.public_url or f"https://{f'[{wish.host}]' if ':' in wish.host else wish.host}:{wish.port}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise UsageError("--public-url is not a URL", hint="give one such as https://focus.example.org") from exc
    plain = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme != "https" or not parts.hostname or not plain or port == 0:
        raise UsageError(
            "--public-url must be https:// with a name, and a port or none",
            hint="give one such as https://focus.example.org",
        )
    return parts.scheme, parts.netloc.lower()


def _context(certificate: Path, key: Path) -> "ssl.SSLContext":
    """TLS 1.2 and up with that certificate; raises UsageError where it cannot be used, or others can read the key."""
    import ssl

    try:
        if key.stat().st_mode & 0o007:
            raise UsageError(f"everyone can read the TLS key {key}", hint=f"chmod o= {key}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as exc:
        raise UsageError(f"the TLS certificate or its key cannot be used: {exc}", hint="both are files in PEM") from exc
    return context
