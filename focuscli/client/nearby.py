"""Finding the engine that runs on this machine, without starting one and without trusting what the file says.

Light on purpose: `focus status` imports this and little else.
"""

import json
from collections.abc import Mapping

from focuscli.client import loopback
from focuscli.hello import HELLO_PATH, new_nonce, proves

HELLO_TIMEOUT_S = 3.0


class Nearby:
    """A running engine that has proved to hold the key: where it listens, the key, and what it published."""

    __slots__ = ("authority", "key", "pid", "protocol", "started_at", "version")

    def __init__(self, authority: str, key: str, published: Mapping[str, str | int]) -> None:
        self.authority = authority
        self.key = key
        self.pid = int(published.get("pid", 0))
        self.protocol = int(published.get("protocol", 0))
        self.version = str(published.get("version", ""))
        self.started_at = str(published.get("started_at", ""))

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
        if scheme != "http" or not is_loopback(authority) or not _answers(authority, key, timeout_s):
            return None
        return Nearby(authority, key, published)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(file: str) -> str:
    with open(file, encoding="utf-8") as stream:  # noqa: PTH123  # pathlib is slow to load
        return stream.read()


def is_loopback(authority: str) -> bool:
    """Whether `host:port` can only be this machine."""
    host = authority.rpartition(":")[0] or authority
    return host in {"localhost", "[::1]"} or (host.startswith("127.") and host.replace(".", "").isdigit())


def _answers(authority: str, key: str, timeout_s: float) -> bool:
    nonce = new_nonce()
    answer = loopback.exchange(authority, "GET", f"{HELLO_PATH}?nonce={nonce}", {}, timeout_s=timeout_s)
    return bool(key) and answer.status == 200 and proves(key, nonce, str(json.loads(answer.body)["proof"]))
