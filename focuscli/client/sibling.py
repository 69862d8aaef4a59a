"""Two other session APIs, as far as ending a session goes: AgentHuman's and Emogg's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from focuscli.client.answer import Answer
from focuscli.client.api import DEFAULT_TIMEOUT_S, part_of_path
from focuscli.client.refusal import object_of
from focuscli.client.retry import Retry
from focuscli.client.wire import Connected, Wire
from focuscli.errors import EngineFailed, NotFound, NotSignedIn
from focuscli.plain_text import printable

AGENTHUMAN = "agenthuman"
EMOGG = "emogg"
CALLS = {AGENTHUMAN: "end", EMOGG: "stop"}
"""The last word of each API's path; these are the APIs that are known beside our own."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that is over: the object that the remote sent, and its id."""

    session_id: str
    raw: dict[str, Any]


class SiblingClient(Connected):
    """A remote of either API. Close it, or use it as a context.

    Raises NotSignedIn, NotFound, EngineUnreachable, and EngineFailed for the remote's own failures and for nonsense.
    """

    def __init__(self, wire: Wire, *, api: str, key: str, retry: Retry | None = None) -> None:
        """`api` is one of `CALLS`."""
        super().__init__(wire)
        self._api, self._key = api, key
        self._retry = retry or Retry()

    def end(self, session_id: str) -> Ended:
        """End the session; one that is over already is no error."""
        path = f"/v1/sessions/{part_of_path(session_id)}/{CALLS[self._api]}"
        headers = {"Accept": "application/json", **self._credentials()}
        answer = self._retry.ask(lambda: self._wire.exchange("POST", path, headers, b"", DEFAULT_TIMEOUT_S))
        if self._api == EMOGG and answer.status == 400:  # its word for a session that is not active
            return Ended(session_id, _parsed(answer))
        if not 200 <= answer.status < 300:
            self._refuse(answer)
        return Ended(session_id, object_of(answer, self._wire.host))

    def _credentials(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._api == EMOGG else {"X-API-Key": self._key}

    def _refuse(self, answer: Answer) -> None:
        said = f"{self._wire.host}: {_said(_parsed(answer)) or f'HTTP status {answer.status}'}"
        match answer.status:
            case 401 | 403:
                raise NotSignedIn(said, hint="set FREDDY_API_KEY to the key of that service")
            case 404:
                raise NotFound(said, hint="it names its sessions itself: check the id")
            case _:
                raise EngineFailed(said, hint="try again")


def _parsed(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(refusal: Mapping[str, Any]) -> str:
    """The words of a refusal, of whichever of the shapes: a text, or a message within an error or beside it."""
    error = refusal.get("error")
    if isinstance(error, dict):
        error = error.get("message")
    words = error if isinstance(error, str) else refusal.get("message")
    return printable(words) if isinstance(words, str) else ""
