"""How an engine is run that is measured or tested in this process: plain terms, of which each changes a few."""

from pathlib import Path

from focuscli.clock import Clock
from focuscli.engine.guard import loopback_names
from focuscli.engine.parts import Terms
from focuscli.engine.rate_limits import Rates
from focuscli.engine.signing_ring import SigningRing
from focuscli.engine.spending import Budget

URL_TTL_S = 300.0


def plain_terms(folder: Path, clock: Clock, *, key: str, port: int, owner: str) -> Terms:
    """An engine on loopback that never leaves by itself, counts nothing, spends nothing; the ring is in `folder`."""
    return Terms(
        key=key,
        signing_ring=SigningRing(folder / "signing.json", clock, URL_TTL_S),
        hosts=loopback_names(port),
        public=None,
        segment_s=120,
        url_ttl_s=URL_TTL_S,
        lease_s=60.0,
        retention_s=86_400.0,
        quota_bytes=1 << 30,
        session_idle_s=900.0,
        floor_bytes=0,
        render_limit_s=300.0,
        idle_exit_s=None,
        owner=owner,
        rates=Rates(),
        budget=Budget(),
    )
