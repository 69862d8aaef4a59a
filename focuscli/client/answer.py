"""What one exchange with an engine gives."""

from collections.abc import Mapping

MAX_BODY_BYTES = 4 << 20
"""No answer of the API is larger; what is, is not an answer of the API."""


class Answer:
    """Status, headers (names in lower case) and the whole body of one response."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body
