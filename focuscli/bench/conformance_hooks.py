"""What Schemathesis is told about this API that a document cannot say; it loads this by itself."""

import re
import uuid
from typing import Any

import schemathesis

from focuscli.engine.resource import IDEMPOTENCY_KEY

_INTEGERS = ("target_minutes", "expires_in_seconds")


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:  # noqa: ARG001
    """What the document and HTTP see differently is not asked.

    A header that nobody knows is ignored (RFC 9110, 5.1), so to send one is no mistake. And to JSON Schema 60.0 is an
    integer, while minutes and seconds are refused where they are written as floats.
    """
    return "x-schemathesis-unknown-property" not in (case.headers or {}) and not _has_float_integer(case.body)


def _has_float_integer(body: object) -> bool:
    return isinstance(body, dict) and any(isinstance(body.get(name), float) for name in _INTEGERS)


@schemathesis.hook
def map_headers(context: Any, headers: dict[str, str] | None) -> dict[str, str] | None:  # noqa: ARG001
    """A good idempotency key is made unique: one that comes again with another request is rightly refused."""
    key = headers and headers.get("Idempotency-Key")
    if headers and key and re.fullmatch(IDEMPOTENCY_KEY, key):
        return {**headers, "Idempotency-Key": uuid.uuid4().hex}
    return headers
