"""The challenge with which an engine proves that it holds the key, before it is sent it, and what it says of itself.

The proof names the port that was asked: an impostor on another port that passes the challenge on to the real engine
gets an answer that is none. Light on purpose: the quickest look at a running engine imports this and little else.
"""

import hmac
import os

HELLO_PATH = "/hello"
LOCAL_ORGANIZATION = "org_local"
PROTOCOLS = (1, 1)
"""The lowest and the highest protocol that this program speaks, as an engine and as its client."""

PROTOCOL = PROTOCOLS[1]

REFUSED = "the engine cannot start: "
"""Where an engine does not start for a reason that it foresaw, its last words in the log begin so."""


def new_nonce() -> str:
    """A fresh challenge, never used again."""
    return os.urandom(18).hex()


def proof(key: str, nonce: str, port: int) -> str:
    """What only a holder of the key who listens on that port answers to the nonce."""
    return hmac.digest(key.encode(), f"focus-hello-v2\n{port}\n{nonce}".encode(), "sha256").hex()


def proves(key: str, nonce: str, port: int, answer: str) -> bool:
    """Whether the answer to the nonce was made with the key, for that port."""
    return hmac.compare_digest(proof(key, nonce, port).encode(), answer.encode())


def common(ours: tuple[int, int], theirs: tuple[int, int]) -> int:
    """The highest protocol that lies in both ranges; 0 where there is none."""
    highest = min(ours[1], theirs[1])
    return highest if highest >= max(ours[0], theirs[0]) else 0
