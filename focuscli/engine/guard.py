"""Who may speak to a loopback engine at all: no web page, and no name but its own.

A page can make a browser send requests to 127.0.0.1, or point its own name there (DNS rebinding, as in
CVE-2024-28224); the first is seen by Origin and Sec-Fetch-Site, the second by Host. Checked before routing.
"""

from collections.abc import Sequence

from focuscli.engine.envelope import forbidden, misdirected

Headers = Sequence[tuple[bytes, bytes]]


def loopback_names(port: int) -> frozenset[str]:
    """What a Host header may say of an engine on this port."""
    names = {f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"}
    return frozenset(names | {"127.0.0.1", "localhost", "[::1]"} if port == 80 else names)


def check_host(headers: Headers, allowed: frozenset[str]) -> str:
    """The one Host header, if it is allowed; raises ApiError 421 (also for none, an empty one or several)."""
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    if len(hosts) != 1 or hosts[0].lower() not in allowed:
        raise misdirected(", ".join(hosts))
    return hosts[0]


def check_origin(headers: Headers) -> None:
    """Raises ApiError 403 where a web page is behind the request."""
    for name, value in headers:
        if name == b"origin":
            raise forbidden("Requests from web pages are refused", {"header": "Origin"})
        if name == b"sec-fetch-site" and value not in {b"none", b"same-origin"}:
            raise forbidden("Requests from web pages are refused", {"header": "Sec-Fetch-Site"})
