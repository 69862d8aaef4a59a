"""A wire to an engine that is not there: whoever asks is told why."""

from collections.abc import Mapping
from typing import NoReturn

from focuscli.errors import EngineUnreachable


class AbsentWire:
    """Stands where an engine could not be reached, for what can go on without one."""

    host = "local"
    base_url = "http://127.0.0.1"

    def __init__(self, reason: EngineUnreachable) -> None:
        self._reason = reason

    def exchange(
        self,
        method: str,  # noqa: ARG002
        path: str,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
        body: bytes,  # noqa: ARG002
        timeout_s: float,  # noqa: ARG002
    ) -> NoReturn:
        """Raises the reason."""
        raise self._reason

    def close(self) -> None:
        """Nothing is open."""
