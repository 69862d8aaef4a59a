"""What Schemathesis is told about this API that a document cannot say; it loads this by itself."""

import re
import uuid
from typing import Any

import schemathesis

from focuscli.engine.resource import IDEMPOTENCY_KEY


@schemathesis.hook
def filter_headers(context: Any, headers: dict[str, str] | None) -> bool:  # noqa: ARG001
    """A header that nobody knows is ignored, as HTTP wants it (RFC 9110, 5.1): to send one is no mistake."""
    return not headers or "x-schemathesis-unknown-property" not in headers


@schemathesis.hook
def map_headers(context: Any, headers: dict[str, str] | None) -> dict[str, str] | None:  # noqa: ARG001
    """A good idempotency key is made unique: one that comes again with another request is rightly refused."""
    key = headers and headers.get("Idempotency-Key")
    if headers and key and re.fullmatch(IDEMPOTENCY_KEY, key):
        return {**headers, "Idempotency-Key": uuid.uuid4().hex}
    return headers
