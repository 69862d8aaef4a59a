"""Finding the engine that runs on this machine, without starting one and without trusting what the file says.

Light on purpose: `focus status` imports this and little else.
"""

import json
import os
from collections.abc import Mapping

from focuscli.client import loopback
from focuscli.hello import HELLO_PATH, PROTOCOLS, common, new_nonce, proves

HELLO_TIMEOUT_S = 3.0


class Nearby:
    """A running engine that has proved to hold the key: where it listens, the key, and what it said of itself."""

    __slots__ = ("active_sessions", "authority", "build", "key", "pid", "protocols", "started_at", "version")

    def __init__(self, authority: str, key: str, published: Mapping[str, str | int], hello: Mapping[str, str | int]):
        self.authority = authority
        self.key = key
        self.pid = int(published.get("pid", 0))
        self.started_at = str(published.get("started_at", ""))
        self.version = str(hello.get("version", published.get("version", "")))
        self.build = str(hello.get("build", self.version))
        self.active_sessions = int(hello.get("active_sessions", 0))
        only = int(hello.get("protocol", 0))
        self.protocols = (int(hello.get("proto_min", only)), int(hello.get("proto_max", only)))

    @property
    def protocol(self) -> int:
        """The protocol to speak with it: the highest that both know; 0 where there is none."""
        return common(PROTOCOLS, self.protocols)

    @property
    def url(self) -> str:
        """The base URL of its API."""
        return f"http://{self.authority}"


def find(address_file: str, key_file: str, timeout_s: float = HELLO_TIMEOUT_S) -> Nearby | None:
    """The engine that the file names, if it is there and answers the challenge; the key itself is not sent."""
    try:
        published = json.loads(_read(address_file))
        key = _read(key_file).strip()
        scheme, _, authority = str(published["url"]).rstrip("/").partition("://")
        if scheme != "http" or not is_loopback(authority) or not key:
            return None
        hello = _greet(authority, key, timeout_s)
        return None if hello is None else Nearby(authority, key, published, hello)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(file: str) -> str:
    """The content of a file of ours; raises PermissionError for one that another user could have put there."""
    # no link is followed, and a pipe that somebody left is not waited for
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, encoding="utf-8") as stream:
        if os.name == "posix":
            found = os.fstat(descriptor)
            if found.st_uid != os.geteuid() or found.st_mode & 0o022:
                raise PermissionError(f"{file} is not ours alone")
        return stream.read()


def is_loopback(authority: str) -> bool:
    """Whether `host:port` can only be this machine."""
    host = authority.rpartition(":")[0] or authority
    return host in {"localhost", "[::1]"} or (host.startswith("127.") and host.replace(".", "").isdigit())


def _greet(authority: str, key: str, timeout_s: float) -> Mapping[str, str | int] | None:
    """What the engine says of itself; None where it cannot prove that it holds the key."""
    nonce, port = new_nonce(), int(authority.rpartition(":")[2])
    answer = loopback.exchange(authority, "GET", f"{HELLO_PATH}?nonce={nonce}", {}, timeout_s=timeout_s)
    if answer.status != 200:
        return None
    hello: dict[str, str | int] = json.loads(answer.body)
    return hello if proves(key, nonce, port, str(hello["proof"])) else None
