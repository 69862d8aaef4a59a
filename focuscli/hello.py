"""The challenge with which an engine proves that it holds the key, before it is sent it.

Light on purpose: the quickest look at a running engine imports this and little else.
"""

import hmac
import os

HELLO_PATH = "/hello"
LOCAL_ORGANIZATION = "org_local"
PROTOCOL = 1


def new_nonce() -> str:
    """A fresh challenge, never used again."""
    return os.urandom(18).hex()


def proof(key: str, nonce: str) -> str:
    """What only a holder of the key can answer to the nonce."""
    return hmac.digest(key.encode(), b"focus-hello-v1\n" + nonce.encode(), "sha256").hex()


def proves(key: str, nonce: str, answer: str) -> bool:
    """Whether the answer to the nonce was made with the key."""
    return hmac.compare_digest(proof(key, nonce).encode(), answer.encode())
