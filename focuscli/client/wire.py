"""What carries one exchange to the engine's origin, and to nowhere else."""

from collections.abc import Mapping
from typing import Protocol, Self

from focuscli.client import loopback
from focuscli.client.answer import Answer
from focuscli.errors import EngineFailed, EngineUnreachable


class Wire(Protocol):
    """Exchanges with one origin. Every call may block for up to its time-out; no redirect is ever followed."""

    @property
    def host(self) -> str:
        """Whom this asks, for people."""

    @property
    def base_url(self) -> str:
        """What every path is put behind; no slash at its end."""

    def exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Answer:
        """One request and its whole answer, of whatever status.

        Raises EngineUnreachable when nobody answers in time, and EngineFailed when the answer is none.
        """

    def close(self) -> None:
        """Give back the connections; a second call does nothing."""


class Connected:
    """Whoever asks over one wire, and closes it; a context manager."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class LoopbackWire:
    """The wire to the engine of this machine: quick to load, and unable to leave the machine."""

    def __init__(self, authority: str) -> None:
        self._authority = authority

    @property
    def host(self) -> str:
        """The engine's `host:port`."""
        return self._authority

    @property
    def base_url(self) -> str:
        """Plain http: nothing leaves the machine."""
        return f"http://{self._authority}"

    def exchange(self, method: str, path: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Answer:
        """One exchange on a connection of its own."""
        try:
            return loopback.exchange(self._authority, method, path, headers, body, timeout_s=timeout_s)
        except TimeoutError as exc:
            raise EngineUnreachable(f"the engine at {self.host} did not answer within {timeout_s:g} s") from exc
        except OSError as exc:
            raise EngineUnreachable(
                f"no engine is listening at {self.host}", hint="start one with: focus start\ncheck with: focus doctor"
            ) from exc
        except ValueError as exc:
            raise EngineFailed(f"the engine at {self.host}: {exc}") from exc

    def close(self) -> None:
        """Nothing stays open between exchanges."""
