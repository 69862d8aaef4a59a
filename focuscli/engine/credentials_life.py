"""How much longer credentials of the environment are good for, so that no URL outlives those it was signed with.

A URL that S3 has presigned ends with its credentials, whatever it says of itself. Google's service accounts and
Azure's account keys sign what stays valid by itself.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from focuscli.engine.objects import ObjectsAway

RENEWED_S = 300.0
"""Credentials that obstore renews by itself (the machine's, the container's, a web identity's) are renewed when so
little of them is left; tests/engine/test_bucket.py shows it."""

_EXPIRATION = "AWS_CREDENTIAL_EXPIRATION"


def credentials_end_in_s(scheme: str, environment: Mapping[str, str], now: datetime) -> float:
    """Seconds for which URLs of the scheme signed now are good at least; infinite where nothing says otherwise.

    `AWS_CREDENTIAL_EXPIRATION` beside a session token is what `aws configure export-credentials` writes. Raises
    ObjectsAway where that is no time.
    """
    if scheme != "s3":
        return math.inf
    if not environment.get("AWS_ACCESS_KEY_ID"):
        return RENEWED_S
    if environment.get("AWS_SESSION_TOKEN") and (text := environment.get(_EXPIRATION)):
        return (_moment(text) - now).total_seconds()
    return math.inf


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise ObjectsAway(f"{_EXPIRATION} is no time") from exc
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
