"""The wire to an engine anywhere, over httpx: TLS, keep-alive, the system's proxies, and no redirects."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from focuscli.client.answer import MAX_BODY_BYTES, Answer
from focuscli.client.nearby import is_loopback
from focuscli.errors import EngineFailed, EngineUnreachable, UsageError
from focuscli.plain_text import printable
from focuscli.version import __version__

if TYPE_CHECKING:
    import ssl

    import httpx

CONNECT_S = 5.0
"""Who does not take a connection within this time is not there; the answer itself may take longer."""


class RemoteWire:
    """Exchanges with the origin of one base URL, whose path prefix is kept."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: "httpx.BaseTransport | None" = None,
        certificates: "ssl.SSLContext | None" = None,
    ) -> None:
        """Raises UsageError where the URL is none, or would send the key over the network in plain text.

        `certificates` say who is trusted to vouch for it; those that httpx trusts, unless they are given.
        """
        import httpx

        self._base, self._authority = checked(base_url)
        self._client = httpx.Client(
            transport=transport,
            verify=certificates or True,
            trust_env=not is_loopback(self._authority),
            follow_redirects=False,
            headers={"User-Agent": f"focus/{__version__}", "Accept-Encoding": "identity"},
        )

    @property
    def host(self) -> str:
        """The remote's `host` or `host:port`."""
        return self._authority

    @property
    def base_url(self) -> str:
        """The URL as it was given, without its last slash."""
        return self._base

    def exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Answer:
        """One exchange; connections are kept for the next one."""
        import httpx

        deadline = time.monotonic() + timeout_s
        try:
            with self._client.stream(
                method,
                self._base + path,
                headers=dict(headers),
                content=body or None,
                timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_S)),
            ) as response:
                received = self._read(response, deadline)
        except httpx.TimeoutException as exc:
            raise EngineUnreachable(f"{self.host} did not answer within {timeout_s:g} s") from exc
        except httpx.HTTPError as exc:
            raise EngineUnreachable(
                f"{self.host} cannot be reached: {printable(exc)}",
                hint="check the URL and the network: focus doctor",
            ) from exc
        return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()}, received)

    def _read(self, response: "httpx.Response", deadline: float) -> bytes:
        if response.is_redirect:
            raise EngineFailed(f"{self.host} redirects elsewhere, and the key is not taken there")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise EngineFailed(f"{self.host} answered in an encoding that was not asked for")
        received = bytearray()
        for block in response.iter_raw():
            received += block
            if len(received) > MAX_BODY_BYTES:
                raise EngineFailed(f"{self.host} answered with more than {MAX_BODY_BYTES >> 20} MiB")
            if time.monotonic() > deadline:
                raise EngineUnreachable(f"{self.host} took too long to answer")
        return bytes(received)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def checked(base_url: str) -> tuple[str, str]:
    """The base URL without its last slash, and its authority; raises UsageError for what is no engine's URL."""
    shown = printable(base_url)
    try:
        parts = urlsplit(base_url)
        parts.port  # noqa: B018  # reading it is what checks it
    except ValueError as exc:
        raise UsageError(f"{shown} is not a URL: {exc}", hint="give one such as https://api.aitronos.com") from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"{shown} is not the URL of an engine", hint="give one such as https://api.aitronos.com")
    if parts.username is not None or parts.password is not None:
        raise UsageError("the URL of an engine holds no name or password", hint="keep the key with: focus auth login")
    if parts.scheme == "http" and not is_loopback(parts.netloc):
        raise UsageError(
            f"{shown} would send the key over the network in plain text", hint="use https:// (http is for this machine)"
        )
    return base_url.rstrip("/"), parts.netloc
