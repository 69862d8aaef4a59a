"""Signing keys that several engines have in common without a word between them: made from one secret and the calendar.

Behind a proxy one engine signs a media URL and another one is asked for it. Every period of thirty days has a key of
its own, by HMAC of its number; an engine signs with the present one and knows its neighbours too, for the URLs that are
out when a period ends, and for clocks that differ.
"""

import hashlib
import hmac
from pathlib import Path

from focuscli.clock import Clock
from focuscli.engine.keys import load_secret
from focuscli.engine.signing_ring import DUE_S


class SharedRing:
    """The keys of one deployment, as long as nobody changes its secret."""

    def __init__(self, file: Path, clock: Clock) -> None:
        """Read the secret, or make it where there is none; raises Conflict where the file is open to others."""
        self._secret, self._clock = load_secret(file).encode("ascii"), clock

    @property
    def deployment(self) -> str:
        """Whom the URLs are for."""
        return f"focus_{self._made('deployment').hex()[:12]}"

    @property
    def secrets(self) -> dict[str, bytes]:
        """Secrets by the numbers of their periods, the one that signs last."""
        present = int(self._clock.now().timestamp() // DUE_S)
        return {str(period): self._made(f"period {period}") for period in (present - 1, present + 1, present)}

    def _made(self, purpose: str) -> bytes:
        return hmac.digest(self._secret, f"focus-signing-v1 {purpose}".encode(), hashlib.sha256)
